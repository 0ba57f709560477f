import { beforeEach, describe, expect, it } from 'vitest';
import { selectCells } from '../../src/database/cells.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { emptyTables } from '../support/database.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { recipients, startExample } from './campaign.js';

/** Clocks that go wrong, days that are not 24 hours long on the wall, and events that come before what they are about. */

let ctx: TestContext;
let key: string;

const database = databaseForTests();
beforeEach(async () => {
  // The day before clocks go forward in Europe: 29 March 2026, 01:00 UTC.
  ctx = testContext(database.knex, '2026-03-28T00:30:00.000Z');
  key = await startExample(ctx, { window: '1d' });
});

const person = recipients(1)[0]!;
const assign = () => assignRecipients(ctx, key, [person]);
const event = (id: string, type: string, at: string, more: object = {}) => ({
  id,
  type,
  experiment: key,
  recipient: person.id,
  at,
  ...more,
});
const order = (id: string, at: string) => event(id, 'converted', at, { value: '10.00', currency: 'EUR' });

async function sum(metric: string): Promise<number> {
  const cells = await selectCells(database.knex, key);
  const own = cells.filter((cell) => cell.metric === metric && cell.cohort === '');
  return Number(own.reduce((all, cell) => all + cell.sums.sum, 0n));
}

async function unlikeRebuilt(): Promise<readonly string[]> {
  return (await rebuild(ctx)).flatMap((result) => result.differences);
}

describe('clocks', () => {
  it('that are ahead of ours put events into the future, which count and are counted as ahead', async () => {
    await assign();
    const answers = await recordEvents(ctx, [
      event('s', 'sent', '2026-03-28T00:31:00Z'),
      order('o', '2026-03-28T20:00:00Z'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded']);
    expect(await sum('revenue')).toBe(1_000);
    const counted = await database
      .knex('event_counts')
      .where({ type: 'converted' })
      .first('ahead', 'lag_sum');
    expect(counted).toMatchObject({ ahead: '1', lag_sum: '0' });
    expect(await unlikeRebuilt()).toEqual([]);
  });

  it('that disagree put an order before its send: it lies outside the window, in whichever order they come', async () => {
    const early = order('o', '2026-03-28T09:59:59.999Z');
    const sent = event('s', 'sent', '2026-03-28T10:00:00Z');
    const next = order('p', '2026-03-28T10:00:00Z');
    await assign();
    for (const row of [early, sent, next]) await recordEvents(ctx, [row]);
    const one = await sum('revenue');
    expect(one).toBe(1_000);
    expect(await unlikeRebuilt()).toEqual([]);
    await emptyTables(database.knex);
    key = await startExample(ctx, { window: '1d' });
    await assign();
    for (const row of [next, sent, early]) await recordEvents(ctx, [row]);
    expect(await sum('revenue')).toBe(one);
  });

  it('of any zone name the same moment', async () => {
    await assign();
    const answers = await recordEvents(ctx, [
      event('s', 'sent', '2026-03-28T15:30:00+05:30'),
      order('a', '2026-03-28T05:00:00-05:00'),
      order('b', '2026-03-28T23:59:59+14:00'),
    ]);
    expect(answers.every(({ status }) => status === 'recorded')).toBe(true);
    // `b` is one second before ten, and so before the send.
    expect(await sum('revenue')).toBe(1_000);
  });

  it.each([
    [
      'spring, when the wall shows 25 hours',
      '2026-03-28T12:00:00+01:00',
      '2026-03-29T12:59:59+02:00',
      '2026-03-29T13:00:00+02:00',
    ],
    [
      'autumn, when it shows 23',
      '2026-10-24T12:00:00+02:00',
      '2026-10-25T10:59:59+01:00',
      '2026-10-25T11:00:00+01:00',
    ],
  ])('go forward and back without changing a window of a day: %s', async (_name, sent, inside, outside) => {
    await assign();
    await recordEvents(ctx, [event('s', 'sent', sent), order('in', inside), order('out', outside)]);
    expect(await sum('revenue')).toBe(1_000);
    expect(await unlikeRebuilt()).toEqual([]);
  });
});

describe('events of a message that nobody has asked for yet', () => {
  it('wait for hours, and count once it is assigned as if they had come later', async () => {
    const rows = [event('s', 'sent', '2026-03-28T01:00:00Z'), order('o', '2026-03-28T02:00:00Z')];
    const answers = await recordEvents(ctx, rows);
    expect(answers.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    expect(await sum('revenue')).toBe(0);
    ctx.setTime('2026-03-28T09:00:00.000Z');
    await assign();
    expect(await sum('revenue')).toBe(1_000);
    expect((await recordEvents(ctx, rows)).map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    expect(await sum('revenue')).toBe(1_000);
    expect(await database.knex('waiting_events')).toEqual([]);
    expect(await unlikeRebuilt()).toEqual([]);
  });
});
