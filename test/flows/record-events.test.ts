import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { selectCells } from '../../src/database/cells.js';
import { cellKey } from '../../src/engagement/cells.js';
import { type AssignedAnswer, assignRecipients } from '../../src/flows/assign-recipients.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { testContext, type TestContext } from '../support/context.js';
import { enrol, startExample } from './campaign.js';

let ctx: TestContext;
let key: string;
let enrolled: AssignedAnswer[];

const database = databaseForTests();
beforeEach(async () => {
  ctx = testContext(database.knex);
  key = await startExample(ctx);
  enrolled = await enrol(ctx, key, 12);
});

const messageId = (i: number) => enrolled[i]!.messageId;
const event = (i: number, type: string, more: object = {}) => ({
  id: `${type}-${i}`,
  type,
  messageId: messageId(i),
  at: '2026-03-01T10:00:00Z',
  ...more,
});

interface Total {
  n: bigint;
  sum: bigint;
  sumSquares: bigint;
  sumCubes: bigint;
}

async function total(metric: string): Promise<Total> {
  const cells = (await selectCells(database.knex, key)).filter((c) => c.metric === metric && c.cohort === '');
  return cells.reduce(
    (all, { sums }) => ({
      n: all.n + sums.n,
      sum: all.sum + sums.sum,
      sumSquares: all.sumSquares + sums.sumSquares,
      sumCubes: all.sumCubes + sums.sumCubes,
    }),
    { n: 0n, sum: 0n, sumSquares: 0n, sumCubes: 0n },
  );
}

/** Cells without the ones that hold only zeros, in a form that can be compared. */
async function cellState(): Promise<string[]> {
  return (await selectCells(database.knex, key))
    .map((cell) => `${cellKey(cell)} ${Object.values(cell.sums).join(' ')}`)
    .sort();
}

describe('recording events', () => {
  it('counts each event once by its id', async () => {
    const events = [event(0, 'converted', { value: 19.99, currency: 'EUR' }), event(1, 'clicked')];
    expect(await recordEvents(ctx, [...events, events[0]])).toEqual([
      { index: 0, id: 'converted-0', status: 'recorded' },
      { index: 1, id: 'clicked-1', status: 'recorded' },
      { index: 2, id: 'converted-0', status: 'duplicate' },
    ]);
    expect((await recordEvents(ctx, events)).map((answer) => answer.status)).toEqual([
      'duplicate',
      'duplicate',
    ]);
    expect(await total('order')).toEqual({ n: 12n, sum: 1n, sumSquares: 1n, sumCubes: 1n });
    expect(await total('revenue')).toEqual({
      n: 12n,
      sum: 1999n,
      sumSquares: 1999n ** 2n,
      sumCubes: 1999n ** 3n,
    });
  });

  it('keeps the first of two events with one id, in one call as in two', async () => {
    const twice = ['10', '20'].map((value) => event(0, 'converted', { id: 'x', value, currency: 'EUR' }));
    expect(await recordEvents(ctx, twice)).toMatchObject([{ status: 'recorded' }, { status: 'duplicate' }]);
    expect(await total('revenue')).toMatchObject({ sum: 1000n });
  });

  it('takes a metric by any name', async () => {
    const names = ['constructor', 'hasownproperty', 'tostring'];
    const metrics = names.map((name) => ({ key: name, type: 'proportion', event: 'clicked' }));
    const odd = await startExample(ctx, {
      key: 'odd',
      metrics: [
        ...metrics,
        { key: 'order', type: 'mean', event: 'converted', role: 'primary', direction: 'increase' },
      ],
      plan: {},
    });
    const [one] = await enrol(ctx, odd, 1);
    expect(await recordEvents(ctx, [event(0, 'clicked', { messageId: one!.messageId })])).toMatchObject([
      { status: 'recorded' },
    ]);
    const cells = (await selectCells(database.knex, odd)).filter(
      (cell) => cell.cohort === '' && cell.sums.sum === 1n && !cell.metric.startsWith('@'),
    );
    expect(cells.map((cell) => cell.metric).sort()).toEqual([...names].sort());
    for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
  });

  it('keeps no more of a link than where it leads', async () => {
    await recordEvents(ctx, [
      event(0, 'clicked', { url: 'https://shop.example/sale?email=ann@example.org#top' }),
    ]);
    expect(await database.knex('events').select('url')).toEqual([{ url: 'https://shop.example/sale' }]);
  });

  it('adds up several conversions of one recipient, and subtracts refunds', async () => {
    await recordEvents(ctx, [
      event(0, 'converted', { id: 'a', value: '100.10', currency: 'EUR' }),
      event(0, 'converted', { id: 'b', value: 0.2, currency: 'EUR' }),
    ]);
    await recordEvents(ctx, [event(0, 'converted', { id: 'c', value: -50, currency: 'EUR' })]);
    expect(await total('order')).toMatchObject({ sum: 1n });
    expect(await total('revenue')).toEqual({
      n: 12n,
      sum: 5030n,
      sumSquares: 5030n ** 2n,
      sumCubes: 5030n ** 3n,
    });
  });

  it('opens the window at the recipient’s own send, whenever that is reported', async () => {
    const late = event(0, 'converted', { at: '2026-03-16T12:00:00Z', value: 5, currency: 'EUR' });
    await recordEvents(ctx, [late]);
    expect(await total('order')).toMatchObject({ sum: 0n });
    await recordEvents(ctx, [event(0, 'sent', { at: '2026-03-03T00:00:00Z' })]);
    expect(await total('order')).toMatchObject({ sum: 1n });
    await recordEvents(ctx, [event(0, 'sent', { id: 'earlier', at: '2026-03-02T12:00:00Z' })]);
    expect(await total('order'), 'the window is half-open: its end lies outside').toMatchObject({ sum: 0n });
  });

  it('counts opens and clicks by their class, and an unsaid class as unknown', async () => {
    await recordEvents(ctx, [
      event(0, 'clicked', { class: 'scanner' }),
      event(1, 'clicked', { class: 'human' }),
      event(2, 'clicked'),
    ]);
    expect(await total('click')).toMatchObject({ sum: 2n });
    expect(await total('@opened'), 'a click implies an open').toMatchObject({ n: 12n, sum: 3n });
    expect(await total('@delivered'), 'and a delivery').toMatchObject({ n: 12n, sum: 3n });
  });

  it('refuses bad rows with a reason each, and records the good ones', async () => {
    const rows: [unknown, string, string][] = [
      [event(0, 'sent', { id: '' }), 'invalid_event', 'id'],
      [event(0, 'sent', { type: 'what?' }), 'invalid_event', 'type'],
      [event(0, 'sent', { type: '' }), 'invalid_event', 'type'],
      [event(0, 'sent', { messageId: '' }), 'invalid_event', 'messageId'],
      [event(0, 'sent', { wave: 'second' }), 'invalid_event', 'wave'],
      [event(0, 'void'), 'invalid_event', 'target'],
      [event(0, 'cancel'), 'invalid_event', 'order'],
      [event(0, 'refund'), 'invalid_event', 'value'],
      [event(0, 'refund', { value: '-1', currency: 'EUR' }), 'invalid_event', 'value'],
      [event(0, 'converted', { currency: 'EUR' }), 'invalid_event', 'value'],
      [event(0, 'sent', { messageId: undefined, recipient: 'ann' }), 'invalid_event', 'messageId'],
      [event(0, 'sent', { at: 'yesterday' }), 'invalid_event', 'at'],
      [event(0, 'sent', { at: '2026-03-01T10:00:00' }), 'invalid_event', 'at'],
      [event(0, 'sent', { at: '1026-03-01T10:00:00Z' }), 'invalid_event', 'at'],
      [event(0, 'sent', { value: 1, currency: 'EUR' }), 'invalid_event', 'value'],
      [event(0, 'sent', { class: 'human' }), 'invalid_event', 'class'],
      [event(0, 'converted', { value: 1 }), 'invalid_event', 'currency'],
      [event(0, 'converted', { value: 1, currency: 'USD' }), 'wrong_currency', 'currency'],
      [event(0, 'converted', { value: 1.001, currency: 'EUR' }), 'invalid_amount', 'value'],
      [event(0, 'converted', { value: '1e3', currency: 'EUR' }), 'invalid_amount', 'value'],
      [event(0, 'converted', { value: 12345678901234.56, currency: 'EUR' }), 'invalid_amount', 'value'],
      [event(0, 'converted', { value: true, currency: 'EUR' }), 'invalid_event', 'value'],
      [event(0, 'converted', { value: '9'.repeat(16), currency: 'EUR' }), 'invalid_amount', 'value'],
      [
        event(0, 'sent', { experiment: key, recipient: 'person-0@example.org' }),
        'invalid_event',
        'messageId',
      ],
      [{ id: 'x', type: 'sent', at: '2026-03-01T10:00:00Z' }, 'invalid_event', 'messageId'],
      [
        { ...event(0, 'sent'), messageId: undefined, experiment: 'nothing', recipient: 'nobody' },
        'unknown_experiment',
        'experiment',
      ],
      [event(0, 'sent', { id: 'nul\0' }), 'invalid_event', 'id'],
      [event(0, 'sent', { surprise: 1 }), 'invalid_event', ''],
      [[], 'invalid_event', ''],
      [null, 'invalid_event', ''],
    ];
    const answers = await recordEvents(ctx, [...rows.map(([row]) => row), event(1, 'sent')]);
    answers.slice(0, -1).forEach((answer, i) => {
      expect(answer, JSON.stringify(rows[i]![0])).toMatchObject({
        index: i,
        status: 'refused',
        error: { code: rows[i]![1] },
      });
      if (answer.status === 'refused') expect(answer.error.path ?? '').toBe(rows[i]![2]);
    });
    expect(answers.at(-1)).toEqual({ index: rows.length, id: 'sent-1', status: 'recorded' });
    expect(await database.knex('events')).toHaveLength(1);
  });

  it('keeps an event of a type that it does not know, and tells', async () => {
    const before = await cellState();
    expect(
      await recordEvents(ctx, [event(0, 'exploded', { item: 'x', properties: { loud: true } })]),
    ).toEqual([{ index: 0, id: 'exploded-0', status: 'recorded', note: 'unknown_type' }]);
    expect(await recordEvents(ctx, [event(0, 'exploded')])).toEqual([
      { index: 0, id: 'exploded-0', status: 'duplicate', note: 'unknown_type' },
    ]);
    expect(await database.knex('events').select('type', 'item', 'properties')).toEqual([
      { type: 'exploded', item: 'x', properties: { loud: true } },
    ]);
    expect(await cellState()).toEqual(before);
  });

  it('lets events wait for their message, by its id and by name, and counts them when it is there', async () => {
    const recipient = 'person-40@example.org';
    const byName = (id: string) => ({
      id,
      type: 'clicked',
      experiment: key,
      recipient,
      at: '2026-03-01T10:00:00Z',
    });
    const message = ctx.pseudonyms.messageId(key, ctx.pseudonyms.recipientKey(recipient));
    expect(
      await recordEvents(ctx, [
        byName('early'),
        event(0, 'opened', { id: 'bare', messageId: message }),
        byName('early'),
      ]),
    ).toEqual([
      { index: 0, id: 'early', status: 'waiting' },
      { index: 1, id: 'bare', status: 'waiting' },
      { index: 2, id: 'early', status: 'duplicate' },
    ]);
    expect(await recordEvents(ctx, [event(0, 'clicked', { id: 'never', messageId: 'm_nobody' })])).toEqual([
      { index: 0, id: 'never', status: 'waiting' },
    ]);
    expect(await total('click')).toMatchObject({ n: 12n, sum: 0n });
    await assignRecipients(ctx, key, [{ id: recipient }]);
    expect(await total('click')).toMatchObject({ n: 13n, sum: 1n });
    expect(await total('@opened')).toMatchObject({ n: 13n, sum: 1n });
    expect(await database.knex('waiting_events').pluck('event_id')).toEqual(['never']);
    for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
  });

  it('refuses an amount that the database cannot hold, and nothing else', async () => {
    const clf = await startExample(ctx, { key: 'clf', currency: 'CLF' });
    const [one, two] = await enrol(ctx, clf, 2);
    const at = '2026-03-01T10:00:00Z';
    const amount = (messageId: string, value: string) => ({
      id: value,
      type: 'converted',
      messageId,
      at,
      value,
      currency: 'CLF',
    });
    const answers = await recordEvents(ctx, [
      amount(one!.messageId, '9'.repeat(15)),
      amount(two!.messageId, '1.2345'),
    ]);
    expect(answers).toMatchObject([
      { status: 'refused', error: { code: 'invalid_amount' } },
      { status: 'recorded' },
    ]);
  });

  it('takes an event by experiment and recipient as well', async () => {
    const byName = {
      ...event(3, 'clicked'),
      messageId: undefined,
      experiment: key,
      recipient: enrolled[3]!.id,
    };
    expect(await recordEvents(ctx, [byName])).toEqual([{ index: 0, id: 'clicked-3', status: 'recorded' }]);
    expect(await total('click')).toMatchObject({ sum: 1n });
  });

  it('comes to the same cells in any order, batching and repetition, and rebuild finds no difference', async () => {
    const arbitraryEvent = fc.record({
      recipient: fc.nat(enrolled.length - 1),
      type: fc.constantFrom('sent', 'delivered', 'opened', 'clicked', 'converted', 'unsubscribed', 'bounced'),
      hour: fc.nat(24 * 20),
      cents: fc.integer({ min: -10_000, max: 1_000_000 }),
    });
    const history = fc.array(arbitraryEvent, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), fc.integer({ min: 1, max: 15 }), async (things, seed, batch) => {
        const events = things.map((thing, i) => ({
          id: `e${i}`,
          type: thing.type,
          messageId: messageId(thing.recipient),
          at: new Date(Date.UTC(2026, 2, 1, 9) + thing.hour * 3_600_000).toISOString(),
          ...(thing.type === 'converted' && { value: (thing.cents / 100).toFixed(2), currency: 'EUR' }),
        }));
        await recordEvents(ctx, events);
        const atOnce = await cellState();
        await forget();
        const shuffled = [...events, ...events.slice(0, seed % events.length)].sort(
          (a, b) => scramble(a.id, seed) - scramble(b.id, seed),
        );
        for (let i = 0; i < shuffled.length; i += batch)
          await recordEvents(ctx, shuffled.slice(i, i + batch));
        expect(await cellState()).toEqual(atOnce);
        for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
        expect(await cellState()).toEqual(atOnce);
        await forget();
      }),
      { numRuns: 15 },
    );
  });

  it('lets many writers post overlapping batches at once', async () => {
    const events = enrolled.flatMap((_, i) => [event(i, 'sent'), event(i, 'clicked'), event(i, 'delivered')]);
    const calls = Array.from({ length: 8 }, (_, seed) =>
      recordEvents(
        ctx,
        [...events].sort((a, b) => scramble(a.id, seed) - scramble(b.id, seed)),
      ),
    );
    const answers = (await Promise.all(calls)).flat();
    expect(answers.filter((answer) => answer.status === 'recorded')).toHaveLength(events.length);
    expect(await total('click')).toEqual({ n: 12n, sum: 12n, sumSquares: 12n, sumCubes: 12n });
    for (const result of await rebuild(ctx)) expect(result.differences).toEqual([]);
  });
});

/** Takes the events back, as only a test may, and lets rebuild bring the cells to nothing again. */
async function forget(): Promise<void> {
  await database.knex('events').delete();
  await rebuild(ctx);
}

/** A number that depends on both, for shuffling without chance. */
function scramble(text: string, seed: number): number {
  let hash = seed | 0;
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash ^ (hash >>> 15);
}
