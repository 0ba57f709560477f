import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { checkModels } from '../../src/flows/check-models.js';
import { keepAllScores, keepScores } from '../../src/flows/keep-scores.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { scoreRecipients } from '../../src/flows/score-recipients.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterAll(() => database.close());
beforeEach(() => emptyTables(database.knex));

const day = 86_400_000;
const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
const logistic = (...features: string[]) => ({ estimator: 'logistic', features });

async function register(more: object = {}): Promise<void> {
  const outcome = { event: 'purchase' };
  const model = logistic('recency_days', 'count(purchase, 30d)', 'trait.plan');
  await registerStrategy(ctx, {
    name: 'again',
    definition: { kind: 'propensity', outcome, horizon: '14d', model, levels, ...more },
  });
}

/** Purchases so many days ago, by recipient. */
async function bought(ages: readonly (readonly number[])[]): Promise<void> {
  const now = ctx.clock().getTime();
  const events = ages.flatMap((own, r) =>
    own.map((age, i) => ({
      ...{ id: `${r}-${i}`, type: 'purchase', recipient: `r_${r}`, item: 'shoes-1' },
      at: new Date(now - age * day).toISOString(),
    })),
  );
  if (events.length > 0) await recordEvents(ctx, events);
}

/** The keen buy every week; the others bought long ago. */
const mixed = (size: number): number[][] =>
  Array.from({ length: size }, (_, r) => (r % 2 === 0 ? [3, 10, 17, 24, 31, 38, 45] : [60 + (r % 9), 90]));
const everybody = (size: number, ages: number[]): number[][] => Array.from({ length: size }, () => ages);

const models = async (): Promise<number> =>
  Number((await database.knex('learned_states').count())[0]?.['count']);

describe('learning from what there is too little of', () => {
  it.each<[string, number[][], object, string, RegExp]>([
    ['an empty history', [], {}, 'too_few', /there are 0 rows, 0 of them with it, and it takes 30/],
    ['one recipient', [[3, 20, 50]], {}, 'too_few', /there are 1 rows/],
    ['nobody with the outcome', everybody(90, [60]), {}, 'too_few', /90 rows, 0 of them with it/],
    ['everybody with the outcome', everybody(90, [3, 20, 50]), {}, 'too_few', /90 rows, 90 of them with it/],
    [
      'a column that nobody has a value of',
      mixed(100),
      { model: logistic('last_click_days') },
      'no_columns',
      /./,
    ],
  ])('refuses %s, says why, and keeps nothing', async (_, ages, more, code, reason) => {
    await bought(ages);
    await register(more);
    const refusal = await learnStrategy(ctx, 'again').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'conflict', code });
    expect((refusal as Error).message).toMatch(/^"again@1" learned nothing: /);
    expect((refusal as Error).message).toMatch(reason);
    expect(await models()).toBe(0);
    await expect(scoreRecipients(ctx, 'again', ['r_0'])).rejects.toMatchObject({ code: 'no_model' });
    expect(await keepAllScores(ctx)).toBeUndefined();
  });

  it('leaves a column without values aside where there are others', async () => {
    await bought(mixed(100));
    await register({ model: logistic('last_click_days', 'recency_days') });
    await learnStrategy(ctx, 'again');
    const { recipients } = await scoreRecipients(ctx, 'again', ['r_0', 'r_1']);
    const [keen, gone] = recipients.map((row) => ('scores' in row ? row.scores['outcome']! : NaN));
    expect(keen).toBeGreaterThan(gone!);
  });
});

/** @param seed makes another model of it, which nothing remembers from before. */
async function taught(seed: string): Promise<void> {
  await bought(mixed(100));
  await recordProfiles(
    ctx,
    Array.from({ length: 100 }, (_, r) => ({
      ...{ recipient: `r_${r}`, at: new Date(ctx.clock().getTime() - 99 * day).toISOString() },
      traits: { plan: r % 3 === 0 ? 'gold' : 'basic' },
    })),
  );
  await register();
  await learnStrategy(ctx, 'again', { seed });
}

describe('what a model meets later', () => {
  it('takes a category that it never saw for none at all', async () => {
    await taught('a category');
    const at = new Date(ctx.clock().getTime() - 1).toISOString();
    await recordProfiles(ctx, [
      { recipient: 'r_0', traits: { plan: 'platinum' }, at },
      { recipient: 'r_2', traits: { plan: null }, at },
    ]);
    const { recipients } = await scoreRecipients(ctx, 'again', ['r_0', 'r_2']);
    const [strange, none] = recipients.map((row) => ('scores' in row ? row.scores['outcome']! : NaN));
    expect(strange).toBeGreaterThan(0);
    expect(strange).toBe(none);
  });

  it.each<[string, (state: Record<string, unknown>) => unknown]>([
    ['was cut short', ({ version }) => ({ version })],
    ['is of another version', (state) => ({ ...state, version: 2 })],
    ['names other features than its model saw', (state) => ({ ...state, features: ['frequency'] })],
    ['names a feature that there is not', (state) => ({ ...state, features: ['horoscope'] })],
    ['is null', () => null],
  ])('scores nobody by a state that %s, and says to learn again', async (name, spoil) => {
    await taught(name);
    const row = (await database.knex('learned_states').first()) as { hash: string; state: unknown };
    const state = typeof row.state === 'string' ? (JSON.parse(row.state) as object) : row.state;
    const spoilt = JSON.stringify(spoil(state as Record<string, unknown>));
    await database.knex('learned_states').where({ hash: row.hash }).update({ state: spoilt });
    const before = await database.knex('profiles').orderBy('recipient_key');
    for (const scoring of [() => scoreRecipients(ctx, 'again', ['r_0']), () => keepScores(ctx, 'again')])
      await expect(scoring()).rejects.toMatchObject({
        ...{ kind: 'conflict', code: 'model_unusable' },
        message: expect.stringMatching(/^again\/1 cannot be used: .*Learn again\.$/) as string,
      });
    expect(await database.knex('profiles').orderBy('recipient_key')).toEqual(before);
    expect(await checkModels(ctx)).toMatchObject({ failed: 1 });
    // That mends it: the new one takes its place, though they cannot be compared.
    const { judgement } = await learnStrategy(ctx, 'again', { by: 'Ana' });
    expect(judgement).toMatchObject({
      status: 'promoted',
      why: expect.stringContaining('that of again/1 could not be had') as string,
    });
    expect((await scoreRecipients(ctx, 'again', ['r_0'])).model).toBe('again/2');
  });
});
