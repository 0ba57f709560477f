import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidatesAsText } from '../../src/cli/candidates-text.js';
import type { Database } from '../../src/database/open.js';
import { compareCandidates } from '../../src/flows/compare-candidates.js';
import { findModel } from '../../src/flows/find-models.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { shopLog } from '../strategies/ml/shop-world.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
const model = { estimator: 'boosting', settings: { trees: 20 }, features: ['recency_days', 'frequency'] };
const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
const offers = ['shoes', 'books'].map((category) => ({
  ...{ key: category, outcome: { event: 'purchase', category }, slots: { subject: category } },
}));
const definitions = {
  again: { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', cutOffs: 2, model, levels },
  stays: { kind: 'churn', horizon: '14d', active: '60d', model, levels },
  offers: { kind: 'next_best_offer', horizon: '14d', model, offers },
  rare: { kind: 'propensity', outcome: { event: 'purchase', item: 'hats-1' }, horizon: '14d', model, levels },
  plain: { kind: 'static', slots: { subject: 'Hello' } },
  sellers: { kind: 'popular', items: 2, slots: { subject: 'Hello' } },
};

beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
  const { histories } = shopLog(150, 'shop', ctx.clock());
  await recordEvents(
    ctx,
    [...histories].flatMap(([recipient, history]) =>
      history
        .filter(({ type }) => type === 'purchase')
        .map(({ id, type, at, item, category }) => ({
          ...{ id, type, recipient, item, category, at: new Date(at).toISOString() },
          ...{ value: '19.90', currency: 'EUR' },
        })),
    ),
  );
  for (const [name, definition] of Object.entries(definitions))
    await registerStrategy(ctx, { name, definition });
});
afterAll(() => database.close());

const tables = ['learned_states', 'model_promotions', 'learning_runs', 'profiles', 'catalogue_snapshots'];
const counted = () =>
  Promise.all(tables.map(async (table) => Number((await database.knex(table).count())[0]?.['count'])));

describe('comparing what a strategy could learn by', () => {
  it('says what there is to learn from, then one table, and writes nothing', async () => {
    const before = await counted();
    const answer = await compareCandidates(ctx, { reference: 'again', seed: 's' });
    expect(await counted()).toEqual(before);
    const [outcome] = answer.outcomes;
    expect(outcome?.labels.cutOffs).toHaveLength(2);
    expect(outcome?.labels.rows).toBe(300);
    const { rows, folds, foldsHash } = outcome!.comparison!;
    expect(rows.map(({ name }) => name).sort()).toEqual(
      ['base rate', 'boosting', 'forest', 'frequency', 'logistic', 'network', 'recency'].sort(),
    );
    expect(rows.map(({ score }) => score)).toEqual(rows.map(({ score }) => score).sort((a, b) => b - a));
    expect(rows.find(({ name }) => name === 'base rate')).toMatchObject({ score: 0.5, settings: null });
    // The keen buy again: whoever ranks by it does better than chance.
    expect(rows[0]!.score).toBeGreaterThan(0.7);
    expect(rows.find(({ name }) => name === 'boosting')!.settings).toMatchObject({ trees: 20 });
    const text = candidatesAsText(answer);
    expect(text).toMatch(/^again@1 \(propensity\) as of /);
    expect(text).toMatch(/purchase within 14 days +300 +\d+ +\d+\.\d %/);
    expect(text).toContain(`in ${folds} folds of the rows learned from (folds ${foldsHash.slice(0, 15)}…)`);
    expect(text).toMatch(/base rate +0\.50000 +0\.00000 +needs no learning/);
  });

  it('is the same for the same seed, on rows that its model learns from', async () => {
    const one = await compareCandidates(ctx, { reference: 'stays', seed: 's', folds: 3 });
    expect(await compareCandidates(ctx, { reference: 'stays', seed: 's', folds: 3 })).toEqual(one);
    const other = await compareCandidates(ctx, { reference: 'stays', seed: 't', folds: 3 });
    expect(other.outcomes[0]?.comparison?.foldsHash).not.toBe(one.outcomes[0]?.comparison?.foldsHash);
    const { labels, comparison } = one.outcomes[0]!;
    expect(comparison?.folds).toBe(3);
    expect(labels.gaps[0]).toMatchObject({ reason: 'not active within 60 days before the cut-off' });
    expect(candidatesAsText(one)).toMatch(/Left out: \d+ rows: not active within 60 days/);
    const { name, number } = await learnStrategy(ctx, 'stays', { by: 'test' });
    expect((await findModel(ctx, name, number)).report?.labels).toEqual(labels);
  });

  it('has every outcome of several in the one table', async () => {
    const text = candidatesAsText(await compareCandidates(ctx, { reference: 'offers' }));
    expect(text.match(/^predicted +candidate/gm)).toHaveLength(1);
    for (const key of ['shoes', 'books']) expect(text).toMatch(new RegExp(`^${key} +logistic +0\\.`, 'm'));
  });

  it('says why there is nothing to compare by', async () => {
    const answer = await compareCandidates(ctx, { reference: 'rare' });
    expect(answer.outcomes).toMatchObject([
      { labels: { rows: 150, positives: 0 }, why: expect.stringContaining('takes 30 rows') as string },
    ]);
    expect(candidatesAsText(answer)).toMatch(/^outcome is not compared: There is too little/m);
  });

  it.each([
    ['plain', {}, 'learns_nothing'],
    ['nobody', {}, 'strategy_not_found'],
    ['again', { folds: 1 }, 'invalid_folds'],
    ['again', { folds: 2.5 }, 'invalid_folds'],
    ['again', { clock: '2999-01-01T00:00:00.000Z' }, 'invalid_clock'],
    ['again', { catalogue: 'sha256:none' }, 'snapshot_not_found'],
    ['sellers', {}, 'compares_nothing'],
  ])('refuses %s with %j', async (reference, more, code) => {
    await expect(compareCandidates(ctx, { reference, ...more })).rejects.toMatchObject({ code });
  });
});
