import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { eventTypes } from '../../src/experiments/experiment.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { loadHistories, mostBehaviours } from '../../src/flows/load-histories.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { neededOf, orderlyHistory } from '../../src/profiles/orderly-history.js';
import { anyReports, day, start } from '../profiles/any-reports.js';
import { type TestContext, testContext } from '../support/context.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { startExample } from './campaign.js';

const database = await openTestDatabase();
const db = database.knex;
let ctx: TestContext;
beforeEach(async () => {
  await emptyTables(db);
  ctx = testContext(db);
});
afterAll(() => database.close());

const keyOf = (recipient: string): string => ctx.pseudonyms.recipientKey(recipient);
const load = (
  recipients: readonly string[],
  types: readonly string[],
  lookbackMs?: number,
  clock = ctx.clock(),
) =>
  loadHistories(db, recipients.map(keyOf), { types, ...(lookbackMs !== undefined && { lookbackMs }) }, clock);

/** Writes reports as they stand, past the flows: whose they are is all that matters here. */
async function store(recipient: string, reports: readonly object[]): Promise<void> {
  const rows = reports.map((report) => {
    const { at, order, message, ...rest } = report as { at: number; order?: string; message?: string };
    return {
      ...rest,
      at: new Date(at),
      ...(order !== undefined && { order_id: order }),
      recipient_key: keyOf(recipient),
    };
  });
  const more = { source: 'test', received_at: ctx.clock() };
  await db.batchInsert(
    'events',
    rows.map((row) => ({ ...row, ...more })),
    500,
  );
}

describe('loading histories', () => {
  it('gives everybody one, with what they did alone and what happened to all of their messages', async () => {
    const key = await startExample(ctx);
    const [first] = await assignRecipients(ctx, key, [{ id: 'ann' }]);
    const [second] = await assignRecipients(ctx, key, [{ id: 'ann' }], { wave: 'second' });
    const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    const ofMessage = (answer: unknown) => ({ messageId: (answer as { messageId: string }).messageId });
    const answers = await recordEvents(ctx, [
      { id: 'a', type: 'sent', at: at(1), ...ofMessage(first) },
      { id: 'b', type: 'opened', at: at(2), class: 'human', ...ofMessage(first) },
      {
        id: 'c',
        type: 'clicked',
        at: at(3),
        class: 'human',
        url: 'https://example.org/',
        ...ofMessage(second),
      },
      {
        id: 'd',
        type: 'view',
        at: at(4),
        recipient: 'ann',
        item: 'shoe',
        category: 'shoes',
        properties: { size: 42 },
      },
      {
        id: 'e',
        type: 'purchase',
        at: at(5),
        recipient: 'ann',
        value: '12.30',
        currency: 'EUR',
        order: 'o1',
      },
      { id: 'f', type: 'purchase', at: at(6), recipient: 'bob', value: '1', currency: 'JPY' },
      { id: 'g', type: 'view', at: at(10), recipient: 'ann' },
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(7).fill('recorded'));
    const { histories, tooLong } = await load(['ann', 'bob', 'nobody'], eventTypes);
    expect(tooLong.size).toBe(0);
    expect(histories.get(keyOf('nobody'))).toEqual([]);
    expect(histories.get(keyOf('bob'))).toMatchObject([{ id: 'f', value: 1, currency: 'JPY' }]);
    const mine = histories.get(keyOf('ann')) ?? [];
    expect(mine.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(mine[2]).toMatchObject({ class: 'human', url: 'https://example.org/' });
    expect(new Set(mine.slice(0, 3).map(({ message }) => message)).size).toBe(2);
    expect(mine[3]).toEqual({
      id: 'd',
      type: 'view',
      at: Date.parse(at(4)),
      item: 'shoe',
      category: 'shoes',
      properties: { size: 42 },
    });
    expect(mine[4]).toMatchObject({ value: 1_230, currency: 'EUR', order: 'o1' });
  });

  it('sees nothing at the clock or later, not even that something was taken back', async () => {
    await store('ann', [
      { id: 'a', type: 'view', at: start },
      { id: 'b', type: 'view', at: start + day },
      { id: 'v', type: 'void', at: start + 2 * day, target: 'a' },
    ]);
    const idsAt = async (clock: number) =>
      (await load(['ann'], ['view'], undefined, new Date(clock))).histories
        .get(keyOf('ann'))
        ?.map(({ id }) => id);
    expect(await idsAt(start + day)).toEqual(['a']);
    expect(await idsAt(start + 2 * day)).toEqual(['a', 'b']);
    expect(await idsAt(start + 2 * day + 1)).toEqual(['b']);
  });

  it('gives for any types and lookback the part of the whole history that was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyReports,
        fc.subarray(['view', 'purchase', 'converted', 'refund', 'cancel', 'cart'], { minLength: 1 }),
        fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
        fc.integer({ min: 0, max: 100 }),
        async (reports, types, lookback, clockDays) => {
          await db('events').delete();
          await store('ann', reports);
          const clock = start + clockDays * day;
          const needs = { types, ...(lookback !== undefined && { lookbackMs: lookback * day }) };
          const { histories } = await loadHistories(db, [keyOf('ann')], needs, new Date(clock));
          const known = reports
            .filter(({ at }) => at < clock)
            .map((report) => {
              const { message, ...rest } = report;
              return rest;
            });
          expect(histories.get(keyOf('ann'))).toEqual(neededOf(orderlyHistory(known), needs, clock));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads nothing where nothing is needed, and goes back as far as anybody may say', async () => {
    await store('ann', [{ id: 'a', type: 'view', at: start }]);
    expect((await load(['ann'], [])).histories.get(keyOf('ann'))).toEqual([]);
    expect((await load(['ann'], ['view'], 1e300)).histories.get(keyOf('ann'))).toHaveLength(1);
  });

  describe('of somebody with more events than can be used', () => {
    const many = async (table: string, n: number): Promise<void> => {
      await db.raw(
        `insert into events (id, recipient_key, message_id, type, at, source, received_at)
         select ? || g, ?, ?, 'view', timestamptz '2026-01-01' + g * interval '1 second', 'test', now()
         from generate_series(1, ?) g`,
        [table, table === 'own' ? keyOf('ann') : null, table === 'own' ? null : table, n],
      );
    };

    it('names them and keeps the newest', async () => {
      await many('own', mostBehaviours + 1);
      await store('bob', [{ id: 'b', type: 'view', at: start }]);
      const { histories, tooLong } = await load(['ann', 'bob'], ['view']);
      expect([...tooLong]).toEqual([keyOf('ann')]);
      expect(histories.get(keyOf('ann'))).toHaveLength(mostBehaviours);
      expect(histories.get(keyOf('ann'))?.[0]?.id).toBe('own2');
      expect(histories.get(keyOf('bob'))).toHaveLength(1);
    });

    it('looks through 50,000 of them and no more, of whatever type', async () => {
      await many('own', 60_000);
      await store('ann', [{ id: 'old', type: 'purchase', at: start - day }]);
      const { histories, tooLong } = await load(['ann'], ['purchase']);
      expect([...tooLong]).toEqual([keyOf('ann')]);
      expect(histories.get(keyOf('ann'))).toEqual([]);
    });

    it('says so of events of one message as well', async () => {
      const key = await startExample(ctx);
      await assignRecipients(ctx, key, [{ id: 'ann' }]);
      const [messageId] = await db('messages').pluck<string[]>('message_id');
      await many(messageId ?? '', 50_001);
      expect([...(await load(['ann'], ['purchase'])).tooLong]).toEqual([keyOf('ann')]);
    });
  });

  it('uses the indexes', async () => {
    await db.raw(
      `insert into events (id, recipient_key, type, at, source, received_at)
       select 'x' || g, 'key' || g % 2000, 'view', timestamptz '2026-01-01', 'test', now() from generate_series(1, 20000) g`,
    );
    await db.raw('analyze events');
    const began = performance.now();
    const keys = Array.from({ length: 2_000 }, (_, i) => `key${i}`);
    const { histories } = await loadHistories(db, keys, { types: ['view'] }, ctx.clock());
    expect([...histories.values()].every((history) => history.length === 10)).toBe(true);
    // A scan of the table for each recipient takes many seconds.
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});
