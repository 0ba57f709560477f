import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoItems, otherItems } from '../../seeds/demo-items.js';
import { customers, demoExperiments } from '../../seeds/demo-world.js';
import type { Database } from '../../src/database/open.js';
import { loggedDecisions } from '../../src/database/questions/logged-decisions.js';
import { checkMatrix } from '../../src/flows/check-matrix.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { replay } from '../../src/flows/replay.js';
import { seedDemo } from '../../src/flows/seed-demo.js';
import { openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';

let database: Database;
let ctx: TestContext;

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  await seedDemo(ctx);
});
afterAll(() => database.close());

const decided = (key: string) => loggedDecisions(database.knex, key, '', 5_000);

describe('the demo world', () => {
  it('has messages that may all go out, and goes out with them', async () => {
    for (const key of ['spring-offer', 'tea-picks']) {
      const matrix = await checkMatrix(ctx, await findExperiment(ctx, key));
      expect(matrix).toMatchObject({ ok: true, errors: 0, warnings: 0 });
    }
  });

  it('decides by events: carts that were left, bought ones not', async () => {
    const reasons = (await decided('spring-offer')).map(({ reason }) => reason);
    for (const rule of ['rule loyal', 'rule left-a-cart', 'rule new-in-the-north', 'default'])
      expect(reasons.filter((one) => one === rule).length, rule).toBeGreaterThan(10);
    expect(new Set((await decided('win-back')).map(({ reason }) => reason))).not.toContain(
      'rule left-a-cart',
    );
  });

  it('recommends what is in stock', async () => {
    const soldOut = otherItems.filter(({ stock }) => stock === 0).map(({ item }) => item);
    expect(soldOut).toHaveLength(1);
    const lists = (await decided('tea-picks')).flatMap(({ items }) => (items ? [items] : []));
    expect(lists.length).toBeGreaterThan(30);
    const known = new Set<string>(demoItems.map(({ item }) => item));
    for (const items of lists) {
      expect(items).toHaveLength(3);
      expect(items.every(([item]) => known.has(item) && !soldOut.includes(item as never))).toBe(true);
    }
  });

  it('can be decided again without a difference', async () => {
    for (const key of ['win-back', 'tea-picks', 'spring-offer']) {
      const { recipients } = demoExperiments(ctx.clock()).find(({ draft }) => draft.key === key)!;
      expect(await replay(ctx, key)).toMatchObject({ decisions: recipients, differenceCount: 0 });
    }
  });

  it('is the same world each time', () => {
    expect(customers(2, 7)).toEqual(customers(9).slice(7));
  });
});
