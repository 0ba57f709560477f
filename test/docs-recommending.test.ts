import { resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignRecipients } from '../src/flows/assign-recipients.js';
import { changeStatus } from '../src/flows/change-status.js';
import { createExperiment } from '../src/flows/create-experiment.js';
import { learnStrategy } from '../src/flows/learn-strategy.js';
import { makeLists } from '../src/flows/make-lists.js';
import { pullLists } from '../src/flows/pull-lists.js';
import { registerStrategy } from '../src/flows/register-strategy.js';
import { collaborativeKind } from '../src/strategies/cf/collaborative.js';
import { recommenders } from '../src/strategies/cf/recommenders.js';
import { openTwoTastes, personOf } from './flows/two-tastes.js';
import { testContext, type TestContext } from './support/context.js';
import { databaseForTests } from './support/database-for-tests.js';
import { docBlocks } from './support/doc-blocks.js';
import { promoteForTests } from './support/promote.js';

/** docs/recommending.md: the path of five minutes is walked with its own examples. */

const path = resolve(import.meta.dirname, '../docs/recommending.md');
const text = readFileSync(path, 'utf8');
const [definition, draft] = docBlocks(path)
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code) as Record<string, unknown>);

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

describe('the five minutes', () => {
  it('lead to a report, an experiment and lists', async () => {
    await openTwoTastes(ctx);
    const popular = { kind: 'popular', slots: { headline: 'Best sellers' } };
    await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
    await learnStrategy(ctx, 'best-sellers');
    await registerStrategy(ctx, { name: 'picks', definition });
    const model = await learnStrategy(ctx, 'picks');
    expect(`${model.name}/${model.number}`).toBe('picks/1');
    await promoteForTests(ctx, 'picks', model.strategy, model.hash);
    await createExperiment(ctx, draft);
    await changeStatus(ctx, 'picks-or-best-sellers', 'start');
    const people = Array.from({ length: 20 }, (_, i) => ({ id: personOf(i) }));
    const answers = await assignRecipients(ctx, 'picks-or-best-sellers', people);
    const picked = answers.flatMap((one) => ('arm' in one && one.arm === 'picks' ? [one] : []));
    expect(picked.length).toBeGreaterThan(3);
    for (const { delivered, items } of picked) {
      expect(delivered).toBe('strategy');
      expect(items?.[0]?.reason).toMatch(/^liked by people who like /);
    }
    await makeLists(ctx, 'picks');
    expect(await pullLists(ctx, 'picks', [personOf(0)])).toMatchObject([{ model: 'picks/1' }]);
  });
});

describe('the page', () => {
  it('names every method, every field and every code', () => {
    for (const { name } of recommenders) expect(text).toContain(`\`${name}\``);
    const parsed = collaborativeKind.parse({ ...definition, sparse: { method: 'als' }, halfLife: '9d' });
    for (const field of Object.keys(parsed.ok ? parsed.value : {}))
      if (field !== 'kind' && field !== 'slots') expect(text).toContain(`| \`${field}\` |`);
    for (const code of ['stale', 'no_list', 'nothing_left', 'invalid_id'])
      expect(text).toContain(`| \`${code}\` |`);
  });

  it('says the defaults as they are', () => {
    const parsed = collaborativeKind.parse({ kind: 'collaborative', slots: { a: 'x' }, method: 'als' });
    expect(parsed.ok && parsed.value).toMatchObject({
      ...{ items: 3, window: '365d', holdOut: '14d', listsMaxAge: '2d' },
      weights: { purchase: 5, cart: 3, click: 1, clicked: 1, view: 1 },
      exclude: { bought: true, engaged: true },
    });
  });
});
