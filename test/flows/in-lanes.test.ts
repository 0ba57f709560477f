import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/flows/context.js';
import type { RowAnswer } from '../../src/flows/import-file.js';
import { inLanes } from '../../src/flows/in-lanes.js';
import { rowRecorder } from '../../src/flows/row-recorders.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { testContext } from '../support/context.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { enrol, startExample } from './campaign.js';

interface Row {
  readonly id?: string;
  readonly n: number;
}

/** Answers as the database would: the first row of an id is the event. */
function recorder() {
  const calls: Row[][] = [];
  const known = new Map<string, number>();
  const record = async (rows: readonly unknown[]): Promise<readonly RowAnswer[]> => {
    calls.push(rows as Row[]);
    await Promise.resolve();
    return (rows as Row[]).map(({ id, n }, index) => {
      if (id === undefined) return { index, status: 'refused', error: { code: 'no_id', message: String(n) } };
      if (known.has(id)) return { index, status: 'duplicate' };
      known.set(id, n);
      return { index, status: 'recorded' };
    });
  };
  return { record, calls, known };
}

describe('a batch in lanes', () => {
  it('is answered row by row as if it had been recorded at once, the first of equal ids being the event', async () => {
    const rows = fc.array(fc.option(fc.string({ maxLength: 2 }), { nil: undefined }), {
      minLength: 1_000,
      maxLength: 1_300,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 2, max: 4 }), async (ids, lanes) => {
        const all = ids.map((id, n): Row => (id === undefined ? { n } : { id, n }));
        const [alone, together] = [recorder(), recorder()];
        const expected = await alone.record(all);
        expect(await inLanes(together.record, lanes)(all)).toEqual(expected);
        expect(together.known).toEqual(alone.known);
        expect(together.calls).toHaveLength(lanes);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps every lane busy with ids that count up, and small batches in one', async () => {
    const { record, calls } = recorder();
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ id: `order-${n}`, n }));
    await inLanes(record, 2)(rows);
    for (const call of calls) expect(call.length).toBeGreaterThan(4_500);
    await inLanes(record, 2)(rows.slice(0, 999));
    expect(calls.map((call) => call.length).at(-1)).toBe(999);
  });

  it('that fails in one waits for the others before it says so', async () => {
    let ended = 0;
    const record = async (rows: readonly unknown[]): Promise<readonly RowAnswer[]> => {
      const isFirst = (rows as Row[]).some(({ n }) => n === 0);
      if (isFirst) throw new Error('the connection was lost');
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended += 1;
      return [];
    };
    const rows = Array.from({ length: 2_000 }, (_, n) => ({ id: `order-${n}`, n }));
    await expect(inLanes(record, 2)(rows)).rejects.toThrow('the connection was lost');
    expect(ended).toBe(1);
  });
});

describe('events of a file in lanes', () => {
  const database = databaseForTests();

  it('come to what a rebuild makes of them, with each counted once', async () => {
    const ctx: Context = testContext(database.knex);
    const enrolled = await enrol(ctx, await startExample(ctx), 300);
    const events = enrolled.flatMap(({ messageId }, i) =>
      ['sent', 'delivered', 'opened', 'clicked', 'converted'].map((type) => ({
        id: `${type}-${i}`,
        type,
        messageId,
        at: '2026-03-01T10:00:00Z',
      })),
    );
    const shuffled = [...events, ...events.slice(0, 300)].sort((a, b) =>
      a.id.slice(-1) < b.id.slice(-1) ? -1 : 1,
    );
    const record = rowRecorder(ctx, 'events', 2)('file');
    const answers = await record(shuffled);
    const count = (status: string) => answers.filter((answer) => answer.status === status).length;
    expect([count('recorded'), count('duplicate')]).toEqual([1_500, 300]);
    expect((await rebuild(ctx)).every((one) => one.differenceCount === 0)).toBe(true);
  });
});
