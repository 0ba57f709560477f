import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tasteOf } from '../../seeds/demo-browsing.js';
import { demoItems, otherItems } from '../../seeds/demo-items.js';
import { customers, demoExperiments } from '../../seeds/demo-world.js';
import type { Database } from '../../src/database/open.js';
import { loggedDecisions } from '../../src/database/questions/logged-decisions.js';
import { checkMatrix } from '../../src/flows/check-matrix.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { findModel } from '../../src/flows/find-models.js';
import { findNeighbours } from '../../src/flows/find-neighbours.js';
import { replay } from '../../src/flows/replay.js';
import { seedDemo } from '../../src/flows/seed-demo.js';
import { openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';

/** A measure that could be had. */
interface Found {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly [number, number];
}

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
    expect(lists.length).toBeGreaterThan(50);
    const inStock = [...demoItems, ...otherItems]
      .map(({ item }): string => item)
      .filter((item) => !soldOut.includes(item as never));
    for (const items of lists) {
      expect(items).toHaveLength(3);
      for (const [item] of items) expect(inStock).toContain(item);
    }
  });

  it('learns a taste that is there: better than best sellers, beyond chance', async () => {
    const { report } = await findModel(ctx, 'your-taste', 1);
    const own = report?.measures[0] as Found;
    const simple = report?.baselines?.find(({ name }) => name === 'best sellers')?.measures[0] as Found;
    expect(own.name).toBe('nDCG@10');
    expect(own.interval[0]).toBeGreaterThan(simple.value);
    const lists = (await decided('tea-picks')).filter(({ reason }) => reason.includes('user_knn'));
    expect(lists.length).toBeGreaterThan(10);
    const { neighbours } = await findNeighbours(ctx, 'customer-01507@shop.example', { name: 'your-taste' });
    const tastes = neighbours.map(({ recipient }) => tasteOf({ id: recipient ?? '', traits: {} }));
    expect(tastes).toContain(tasteOf({ id: 'customer-01507@shop.example', traits: {} }));
  });

  it('learns who visits, as well as can be told and no better, with probabilities that are right', async () => {
    const { report, record } = await findModel(ctx, 'likely-visitors', 1);
    const figure = (name: string) => report?.measures.find((one) => one.name === name) as Found;
    expect(figure('AUC').interval[0]).toBeGreaterThan(0.6);
    expect(figure('AUC').value).toBeLessThan(0.75);
    expect(figure('calibration slope').interval[0]).toBeLessThan(1);
    expect(figure('calibration slope').interval[1]).toBeGreaterThan(1);
    expect(report?.notes.join(' ')).toContain('beats recency');
    expect(record).toHaveLength(1);
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
