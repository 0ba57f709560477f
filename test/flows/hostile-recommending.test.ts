import { beforeEach, describe, expect, test } from 'vitest';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { makeLists } from '../../src/flows/make-lists.js';
import { pullLists } from '../../src/flows/pull-lists.js';
import { recommend } from '../../src/flows/recommend.js';
import { findProfile } from '../../src/flows/find-profile.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { promoteForTests } from '../support/promote.js';
import { bought, hiking, learnPicks, openTwoTastes, personOf, picks, tea } from './two-tastes.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(() => {
  ctx = testContext(database.knex);
});

const pull = async (recipient: string) => (await pullLists(ctx, 'picks', [recipient]))[0]!;
const hybrid = { method: 'hybrid' };

async function recommended(recipient: string) {
  const { recipientKey } = await findProfile(ctx, recipient);
  return recommend(ctx, 'picks', recipientKey);
}

describe('somebody', () => {
  test('who bought everything has nothing left, in lists and when looked up', async () => {
    await openTwoTastes(ctx);
    const all = [...tea, ...hiking].map((item, n) => bought(ctx, personOf(0), item, 30 + n));
    await recordEvents(ctx, all);
    await learnPicks(ctx, 'picks', hybrid);
    await makeLists(ctx, 'picks');
    expect(await pull(personOf(0))).toMatchObject({ error: { code: 'no_list' } });
    expect(await recommended(personOf(0))).toMatchObject({ items: [] });
    expect(await pull(personOf(1))).toMatchObject({ model: 'picks/1' });
  });

  test('whose ids are odd, who does the same thing many times at one moment, and whose items look like numbers', async () => {
    const items = ['1', '01', '1e0', '-1', '__proto__', 'ünïcode', "o'clock"];
    await recordItems(ctx, items.map((item) => ({ item, stock: 1 }))); // prettier-ignore
    const people = ['1', '01', 'ß@shop.example', 'constructor'];
    const events = people.flatMap((person, p) =>
      items.slice(0, 5 - p).flatMap((item) => [0, 1, 2].map((n) => ({ ...bought(ctx, person, item, 20), id: `${person} ${item} ${n}` }))),
    ); // prettier-ignore
    await recordEvents(ctx, events);
    await takeSnapshot(ctx);
    await learnPicks(ctx, 'picks', { ...hybrid, items: 5, exclude: { bought: true, engaged: true } });
    await makeLists(ctx, 'picks');
    for (const [p, person] of people.entries()) {
      const list = await pull(person);
      const found = 'items' in list ? list.items.map(({ item }) => item) : [];
      const left = items.slice(0, 5).filter((item) => !items.slice(0, 5 - p).includes(item));
      expect([person, [...found].sort()]).toEqual([person, [...left].sort()]);
    }
  });
});

test('where nothing is in stock nothing is listed, and it is no failure', async () => {
  await openTwoTastes(ctx);
  await learnPicks(ctx, 'picks', hybrid);
  ctx.setTime('2026-03-01T12:00:00Z');
  await recordItems(ctx, [...tea, ...hiking].map((item) => ({ item, stock: 0 }))); // prettier-ignore
  await takeSnapshot(ctx);
  expect(await makeLists(ctx, 'picks')).toMatchObject({ recipients: 20, lists: 0 });
  expect(await pull(personOf(0))).toMatchObject({ error: { code: 'no_list' } });
});

test('nothing in the log is no model, and the way out is said', async () => {
  await recordItems(ctx, [{ item: 'cup', stock: 1 }]);
  await takeSnapshot(ctx);
  await registerStrategy(ctx, { name: 'picks', definition: { ...picks, ...hybrid } });
  await expect(learnStrategy(ctx, 'picks')).rejects.toThrow(/nobody did anything.*record events/s);
});

test('one recipient with one item is a model that has nothing for them, and the item for others', async () => {
  await recordItems(ctx, ['cup', 'pot'].map((item) => ({ item, stock: 1 }))); // prettier-ignore
  await recordEvents(ctx, [bought(ctx, 'ada', 'cup', 20), bought(ctx, 'bob', 'pot', 1, 'view')]);
  await takeSnapshot(ctx);
  await learnPicks(ctx, 'picks', hybrid);
  await makeLists(ctx, 'picks');
  expect(await pull('ada')).toMatchObject({ error: { code: 'no_list' } });
  // The pot was looked at in the hold-out: nothing was learned of it, and best sellers are shown.
  expect(await pull('bob')).toMatchObject({ items: [{ item: 'cup', reason: 'among the best sellers' }] });
});

test('a model that was cut off, or is of another version, is refused with a sentence, and changes no list', async () => {
  await openTwoTastes(ctx);
  await learnPicks(ctx, 'picks', hybrid);
  await makeLists(ctx, 'picks');
  const before = await ctx.db('recommendation_lists').orderBy('recipient_key');
  ctx.setTime('2026-03-02T09:00:00Z');
  const { strategy, hash } = await learnStrategy(ctx, 'picks');
  await promoteForTests(ctx, 'picks', strategy, hash);
  const row = await ctx
    .db<{ hash: string; state: { recommender: object } }>('learned_states')
    .where({ hash })
    .first();
  const damaged = { ...row!.state, recommender: { ...row!.state.recommender, version: 7 } };
  await ctx
    .db('learned_states')
    .where({ hash })
    .update({ state: JSON.stringify(damaged) });
  await expect(makeLists(ctx, 'picks')).rejects.toThrow(/version 7.*Learn it again/);
  expect(await ctx.db('recommendation_lists').orderBy('recipient_key')).toEqual(before);
});
