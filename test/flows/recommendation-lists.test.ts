import { beforeEach, describe, expect, test } from 'vitest';
import { keepLists, resumeLists } from '../../src/flows/keep-lists.js';
import { changeActivation } from '../../src/flows/change-activation.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { makeLists } from '../../src/flows/make-lists.js';
import { pullLists } from '../../src/flows/pull-lists.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { testContext, type TestContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { promoteForTests } from '../support/promote.js';
import { bought, hiking, learnPicks, openTwoTastes, personOf, picks, tea } from './two-tastes.js';

let ctx: TestContext;
const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  await openTwoTastes(ctx);
});

const pull = async (recipient: string, name = 'picks') => (await pullLists(ctx, name, [recipient]))[0]!;
const itemsOf = async (recipient: string) => {
  const list = await pull(recipient);
  return 'items' in list ? list.items.map(({ item }) => item) : [];
};
const codeOf = async (recipient: string, name = 'picks') => {
  const list = await pull(recipient, name);
  return 'error' in list ? list.error.code : undefined;
};
const rows = async () => ctx.db('recommendation_lists').orderBy('name').orderBy('recipient_key');

describe('lists', () => {
  test('are made for everybody with a history, of their taste, and pulled with model and age', async () => {
    const hash = await learnPicks(ctx);
    await recordProfiles(ctx, [{ recipient: 'new@shop.example', traits: { country: 'AT' } }]);
    expect(await makeLists(ctx, 'picks')).toEqual({
      ...{ name: 'picks', model: 'picks/1', clock: '2026-03-01T09:00:00.000Z' },
      ...{ recipients: 21, lists: 20, removed: 0, resumed: false },
    });
    ctx.setTime('2026-03-01T10:00:00Z');
    expect(await pull(personOf(0))).toMatchObject({
      recipient: personOf(0),
      items: [
        {
          item: 'tin',
          score: expect.any(Number) as number,
          reason: expect.stringContaining('liked by') as string,
        },
        {},
      ],
      ...{ reason: 'user_knn from 4 items of theirs', model: 'picks/1', modelHash: hash, ageSeconds: 3_600 },
      ...{ clock: '2026-03-01T09:00:00.000Z', madeAt: '2026-03-01T09:00:00.000Z' },
    });
    for (let i = 0; i < 20; i++) {
      const [first] = await itemsOf(personOf(i));
      expect(i % 2 === 0 ? tea : hiking).toContain(first);
    }
    expect(await codeOf('new@shop.example')).toBe('no_list');
    expect(await codeOf('nobody@shop.example')).toBe('no_list');
  });

  test('answer many in their order, odd ids one by one, and not too many', async () => {
    await learnPicks(ctx);
    await makeLists(ctx, 'picks');
    const asked = [personOf(1), '', 'x'.repeat(300), 'a\0b', personOf(1), 'nobody'];
    const answers = await pullLists(ctx, 'picks', asked);
    expect(answers.map((one) => ('error' in one ? one.error.code : one.model))).toEqual([
      ...['picks/1', 'invalid_id', 'invalid_id', 'invalid_id', 'picks/1', 'no_list'],
    ]);
    expect(answers.map(({ recipient }) => recipient)).toEqual(asked);
    await expect(
      pullLists(
        ctx,
        'picks',
        Array.from({ length: 1_001 }, (_, i) => `${i}`),
      ),
    ).rejects.toMatchObject({ code: 'too_many_recipients' });
    expect(await pullLists(ctx, 'picks', [])).toEqual([]);
  });

  test('leave out what was bought since or is sold out by now, and serve what stands by', async () => {
    await learnPicks(ctx);
    await makeLists(ctx, 'picks');
    const before = await itemsOf(personOf(0));
    expect(before).toHaveLength(2);
    ctx.setTime('2026-03-01T12:00:00Z');
    await recordEvents(ctx, [bought(ctx, personOf(0), before[0]!, 0.05)]);
    const after = await itemsOf(personOf(0));
    expect(after).toHaveLength(2);
    expect(after).not.toContain(before[0]);
    await recordItems(ctx, [{ item: after[0]!, stock: 0 }]);
    const last = await itemsOf(personOf(0));
    expect(last).not.toContain(after[0]);
    await recordItems(
      ctx,
      [...tea, ...hiking].map((item) => ({ item, stock: 0 })),
    );
    expect(await codeOf(personOf(0))).toBe('nothing_left');
  });

  test('are stale beyond the declared age, by a model not in use, and not before', async () => {
    await learnPicks(ctx, 'picks', { listsMaxAge: '12h' });
    await makeLists(ctx, 'picks');
    ctx.setTime('2026-03-01T21:00:00Z');
    expect(await codeOf(personOf(0))).toBeUndefined();
    ctx.setTime('2026-03-01T21:00:01Z');
    expect(await pull(personOf(0))).toEqual({
      recipient: personOf(0),
      error: {
        code: 'stale',
        message:
          'The list is as of 2026-03-01T09:00:00.000Z, which is more than 12 hours ago: make the lists again.',
      },
    });
    await makeLists(ctx, 'picks');
    expect(await codeOf(personOf(0))).toBeUndefined();
    const { hash, strategy } = await learnStrategy(ctx, 'picks', { seed: 'another' });
    await promoteForTests(ctx, 'picks', strategy, hash);
    const stale = await pull(personOf(0));
    expect('error' in stale && stale.error.message).toContain('a model that is not in use any more');
    await makeLists(ctx, 'picks');
    expect(await pull(personOf(0))).toMatchObject({ model: 'picks/2', modelHash: hash });
  });

  test('are stale once another version is the active one', async () => {
    await learnPicks(ctx);
    await makeLists(ctx, 'picks');
    await registerStrategy(ctx, { name: 'picks', definition: { ...picks, items: 1 } });
    await changeActivation(ctx, 'activate', 'picks', { version: 2 }, 'a test');
    const stale = await pull(personOf(0));
    expect('error' in stale && [stale.error.code, stale.error.message]).toEqual([
      'stale',
      'No model of this strategy is in use any more.',
    ]);
    expect(await codeOf(personOf(0), 'picks@1')).toBeUndefined();
  });

  test('that are not of this run any more go', async () => {
    await learnPicks(ctx, 'picks', { exclude: { bought: false, engaged: false }, window: '90d' });
    expect(await makeLists(ctx, 'picks')).toMatchObject({ lists: 20 });
    ctx.setTime('2026-09-01T09:00:00Z');
    await recordEvents(ctx, [bought(ctx, personOf(3), 'boots', 1)]);
    expect(await makeLists(ctx, 'picks')).toMatchObject({ lists: 1, removed: 19, resumed: false });
    expect(await rows()).toHaveLength(1);
  });

  test('need a model in use, a collaborative strategy and a snapshot', async () => {
    await registerStrategy(ctx, { name: 'picks', definition: picks });
    await registerStrategy(ctx, { name: 'plain', definition: { kind: 'static', slots: { headline: 'Hi' } } });
    await expect(makeLists(ctx, 'picks')).rejects.toMatchObject({ code: 'no_model' });
    await expect(makeLists(ctx, 'plain')).rejects.toMatchObject({ code: 'recommends_nothing' });
    await expect(makeLists(ctx, 'none')).rejects.toMatchObject({ kind: 'not_found' });
    await expect(pullLists(ctx, 'plain', ['a'])).rejects.toMatchObject({ code: 'recommends_nothing' });
    expect(await codeOf(personOf(0))).toBe('no_list');
    expect(await rows()).toEqual([]);
  });
});

describe('making them', () => {
  /** More recipients than one batch holds. */
  const fillUp = async (): Promise<void> => {
    await recordEvents(
      ctx,
      Array.from({ length: 600 }, (_, i) => bought(ctx, `more-${i}`, tea[i % 5]!, 30)),
    );
  };
  const interrupted = async (afterBatches: number): Promise<void> => {
    let batches = 0;
    const onProgress = (): void => {
      if (batches++ === afterBatches) throw new Error('interrupted');
    };
    await expect(makeLists(ctx, 'picks', { onProgress })).rejects.toThrow('interrupted');
  };

  test('goes on where it was interrupted, as of the same moment, and comes to the same', async () => {
    await fillUp();
    await learnPicks(ctx);
    await makeLists(ctx, 'picks');
    const whole = await rows();
    ctx.setTime('2026-03-01T09:00:00Z');
    await ctx.db('recommendation_lists').delete();
    await interrupted(2);
    expect(await rows()).toHaveLength(500);
    expect(await makeLists(ctx, 'picks')).toMatchObject({ recipients: 620, lists: 620, resumed: true });
    expect(await rows()).toEqual(whole);
  });

  test('begins anew where it is told to, or the model, the catalogue or the day is another one', async () => {
    await fillUp();
    await learnPicks(ctx);
    await interrupted(1);
    expect(await makeLists(ctx, 'picks', { again: true })).toMatchObject({ resumed: false });
    await interrupted(1);
    ctx.setTime('2026-03-01T09:10:00Z');
    await recordItems(ctx, [{ item: 'torch', title: 'Torch', stock: 1 }]);
    await takeSnapshot(ctx);
    expect(await makeLists(ctx, 'picks')).toMatchObject({ resumed: false });
    await interrupted(1);
    ctx.setTime('2026-03-02T10:00:00Z');
    expect(await makeLists(ctx, 'picks')).toMatchObject({
      resumed: false,
      clock: '2026-03-02T10:00:00.000Z',
    });
  });

  test('is shared by two that run at once', async () => {
    await fillUp();
    await learnPicks(ctx);
    const [one, other] = await Promise.all([makeLists(ctx, 'picks'), makeLists(ctx, 'picks')]);
    expect([one.lists, other.lists]).toEqual([620, 620]);
    expect(await rows()).toHaveLength(620);
  });

  test('ends where somebody begins anew meanwhile', async () => {
    await fillUp();
    await learnPicks(ctx);
    let isFirst = true;
    const onProgress = (): void => {
      if (!isFirst) return;
      isFirst = false;
      ctx.setTime('2026-03-01T09:30:00Z');
    };
    const first = makeLists(ctx, 'picks', { onProgress });
    const second = makeLists(ctx, 'picks', { again: true });
    const results = await Promise.allSettled([first, second]);
    const failed = results.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as { code: string }] : [],
    );
    expect(failed.map(({ code }) => code).filter((code) => code !== 'lists_taken_over')).toEqual([]);
    expect(await rows()).toHaveLength(620);
    expect(new Set((await rows()).map(({ clock }: { clock: Date }) => clock.toISOString())).size).toBe(1);
  });

  test('every night is for what is active or was asked for once, and one failure is no other’s', async () => {
    await learnPicks(ctx);
    expect(await keepLists(ctx)).toBeUndefined();
    await changeActivation(ctx, 'activate', 'picks', { version: 1 }, 'a test');
    await registerStrategy(ctx, { name: 'broken', definition: { ...picks, items: 1 } });
    await changeActivation(ctx, 'activate', 'broken', { version: 1 }, 'a test');
    expect(await keepLists(ctx)).toEqual({
      lists: 20,
      made: ['picks'],
      failed: [{ name: 'broken', why: expect.stringContaining('No model') as string }],
    });
    await changeActivation(ctx, 'retire', 'picks', {}, 'a test');
    expect(await keepLists(ctx)).toMatchObject({ made: ['picks'] });
  });

  test('is taken up after a while of silence', async () => {
    await fillUp();
    await learnPicks(ctx);
    await interrupted(1);
    expect(await resumeLists(ctx)).toBeUndefined();
    ctx.setTime('2026-03-01T09:06:00Z');
    expect(await resumeLists(ctx)).toMatchObject({ made: ['picks'], lists: 620 });
    expect(await resumeLists(ctx)).toBeUndefined();
  });
});
