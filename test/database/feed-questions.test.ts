import { beforeEach, describe, expect, it } from 'vitest';
import { dailySums } from '../../src/database/questions/daily-sums.js';
import { eventCounts } from '../../src/database/questions/event-counts.js';
import { funnelCounts } from '../../src/database/questions/funnel-counts.js';
import { latestEvents } from '../../src/database/questions/latest-events.js';
import { lastImports, waitingCounts } from '../../src/database/questions/open-work.js';
import { lastRefills } from '../../src/database/questions/refills.js';
import { sourceFreshness, yesterdayByNow } from '../../src/database/questions/source-freshness.js';
import { databaseForTests } from '../support/database-for-tests.js';
import { insertCounts, insertEnrolment, insertRunning, type EventRow } from '../support/feed-rows.js';
import { feedExperiment } from '../support/feed-experiment.js';

const database = databaseForTests();
beforeEach(async () => {
  for (const key of ['one', 'two']) await insertRunning(database.knex, feedExperiment(key));
});

const now = new Date('2026-03-10T12:00:00Z');
const second = (n: number): string => new Date(Date.parse('2026-03-10T10:00:00Z') + n * 1000).toISOString();
const sent = (id: string, message_id: string, arrived: number): EventRow => ({
  id,
  type: 'sent',
  at: '2026-03-10T09:00:00Z',
  received_at: second(arrived),
  source: 'api',
  message_id,
});

describe('the latest events of an experiment', () => {
  it('are those of its messages and of its recipients, last arrival first', async () => {
    const db = database.knex;
    await insertEnrolment(db, 'one', 'ada', 1, ['second']);
    await insertEnrolment(db, 'two', 'ada', 0);
    await insertEnrolment(db, 'two', 'bob', 0);
    await db('events').insert([
      sent('a', 'm-one-ada', 1),
      sent('b', 'm-one-ada-second', 2),
      sent('c', 'm-two-ada', 3),
      {
        ...sent('d', '', 4),
        message_id: null,
        recipient_key: 'ada',
        type: 'purchase',
        value: '1999',
        currency: 'EUR',
      },
      { ...sent('e', '', 5), message_id: null, recipient_key: 'bob', type: 'view' },
      sent('f', 'm-nobody-knows', 6),
    ]);
    const one = await latestEvents(db, 'one', { limit: 50 });
    expect(one.events.map(({ id, arm, wave, recipientKey }) => [id, arm, wave, recipientKey])).toEqual([
      ['d', 1, null, 'ada'],
      ['b', 1, 'second', 'ada'],
      ['a', 1, '', 'ada'],
    ]);
    expect(one.events[0]).toMatchObject({ value: '1999', currency: 'EUR', type: 'purchase' });
    expect([one.looked, one.more]).toEqual([6, false]);
    const two = await latestEvents(db, 'two', { limit: 50 });
    expect(two.events.map((event) => event.id)).toEqual(['e', 'd', 'c']);
    expect(two.events.map((event) => event.arm)).toEqual([0, 0, 0]);
    const after = await latestEvents(db, 'one', { limit: 50, after: 'a' });
    expect(after.events.map((event) => event.id)).toEqual(['d', 'b']);
    const limited = await latestEvents(db, 'one', { limit: 2 });
    expect([limited.events.map((event) => event.id), limited.more]).toEqual([['d', 'b'], true]);
  });

  it('are found behind many of others, in every step, and given up after the last', async () => {
    const db = database.knex;
    await insertEnrolment(db, 'one', 'ada', 0);
    await db.raw(
      `insert into events (id, message_id, type, at, source, received_at)
       select 'n-' || lpad(i::text, 6, '0'), 'other', 'sent', ?::timestamptz, 'api',
              -- Many arrive at the same moment.
              ?::timestamptz + (i / 1000) * interval '1 second'
       from generate_series(1, 50100) i`,
      [second(0), second(0)],
    );
    // One near the end, one in the second step, one in the third, one behind it.
    // The second is the last one of the first step.
    const ours = ['n-050000', 'n-049601', 'n-048000', 'n-020000', 'n-000020'];
    await db('events').whereIn('id', ours).update({ message_id: 'm-one-ada' });
    const found = await latestEvents(db, 'one', { limit: 50 });
    expect(found.events.map((event) => event.id)).toEqual(ours.slice(0, 4));
    expect([found.looked, found.more]).toEqual([50_000, true]);
    const first = await latestEvents(db, 'one', { limit: 1 });
    expect([first.events.length, first.looked]).toEqual([1, 500]);
  });
});

describe('the counts of what arrived', () => {
  it('are summed by day of arrival, with the lag of what was taken', async () => {
    const db = database.knex;
    await insertCounts(db, [
      { experiment: 'one', day: '2026-03-10', n: 3, lag_sum: 20, lag_max: 15, ahead: 1 },
      { experiment: 'one', day: '2026-03-04', n: 4, lag_sum: 400, lag_max: 300 },
      { experiment: 'one', day: '2026-03-03', n: 5, lag_sum: 0, lag_max: 0 },
      { experiment: 'one', status: 'duplicate', n: 7, lag_sum: 9999, lag_max: 9999 },
      { experiment: 'one', status: 'at_missing', n: 2 },
      { experiment: 'two', n: 100 },
    ]);
    const counts = await eventCounts(db, 'one', now);
    expect(counts.rows.map(({ status, today, week, all }) => [status, today, week, all])).toEqual([
      ['recorded', 3, 7, 12],
      ['duplicate', 7, 7, 7],
      ['at_missing', 2, 2, 2],
    ]);
    expect(counts.omitted).toBe(0);
    expect(counts.lag.today).toEqual({ events: 3, meanSeconds: 10, mostSeconds: 15, ahead: 1 });
    expect(counts.lag.week).toEqual({ events: 7, meanSeconds: 70, mostSeconds: 300, ahead: 1 });
    expect(counts.lag.all).toMatchObject({ events: 12, meanSeconds: 420 / 11 });
    const nothing = await eventCounts(db, 'nothing', now);
    expect(nothing.rows).toEqual([]);
    expect(nothing.lag.all).toEqual({ events: 0, meanSeconds: null, mostSeconds: null, ahead: 0 });
  });

  it('leave out the smallest of very many, and say how many', async () => {
    await insertCounts(
      database.knex,
      Array.from({ length: 305 }, (_, i) => ({ experiment: 'one', source: `s${i}`, n: i + 1 })),
    );
    const counts = await eventCounts(database.knex, 'one', now);
    expect([counts.rows.length, counts.omitted]).toEqual([300, 5]);
    expect(counts.rows[0]).toMatchObject({ source: 's304', all: 305 });
  });
});

describe('freshness', () => {
  it('is told by source over all experiments', async () => {
    await insertCounts(database.knex, [
      { experiment: 'one', n: 10, last_at: '2026-03-10T08:59:00Z', lag_sum: 600, lag_max: 60 },
      { experiment: 'two', n: 5, last_at: '2026-03-10T08:00:00Z', ahead: 5 },
      { experiment: 'two', day: '2026-03-09', n: 7, last_received_at: '2026-03-09T09:00:00Z' },
      { experiment: 'two', day: '2026-03-03', n: 21, last_received_at: '2026-03-03T09:00:00Z' },
      { experiment: 'two', day: '2026-03-02', n: 99, last_received_at: '2026-03-02T09:00:00Z' },
      { type: '(unknown)', n: 2 },
      { status: 'duplicate', n: 50 },
      { status: 'at_missing', n: 4 },
      { source: 'import:a.csv', day: '2026-01-01', last_received_at: '2026-01-01T09:00:00Z', n: 1 },
    ]);
    const [api, file] = await sourceFreshness(database.knex, now);
    expect(api).toMatchObject({
      source: 'api',
      lastAt: new Date('2026-03-10T08:59:00Z'),
      lastReceivedAt: new Date('2026-03-10T09:00:00Z'),
      today: 17,
      yesterday: 7,
      weekMean: 4,
      unknownTypes: 2,
      refused: 4,
      ahead: 5,
      mostLagSeconds: 60,
      days: ['2026-03-02', '2026-03-03', '2026-03-09', '2026-03-10'],
    });
    // Over the last seven days and without those dated ahead: 600 s over 10 + 7 + 2.
    expect(api!.meanLagSeconds).toBeCloseTo(600 / 19, 10);
    expect(file).toMatchObject({ source: 'import:a.csv', today: 0, days: [], meanLagSeconds: null });
  });

  it('compares with what had arrived yesterday by now', async () => {
    const at = (received_at: string, id: string, source: string): EventRow => ({
      ...sent(id, 'm', 0),
      received_at,
      source,
    });
    await database
      .knex('events')
      .insert([
        at('2026-03-08T23:59:59Z', 'a', 'api'),
        at('2026-03-09T00:00:00Z', 'b', 'api'),
        at('2026-03-09T11:59:59Z', 'c', 'api'),
        at('2026-03-09T11:59:59Z', 'd', 'other'),
        at('2026-03-09T12:00:00Z', 'e', 'api'),
      ]);
    expect(await yesterdayByNow(database.knex, now)).toEqual(new Map([['api', 2], ['other', 1]])); // prettier-ignore
  });

  it('says what waits, what is read in and what is made again', async () => {
    const db = database.knex;
    await insertEnrolment(db, 'one', 'ada', 0);
    await db('messages').insert([{ message_id: 'unknown-1' }, { message_id: 'unknown-2' }]);
    await db('waiting_events').insert({ message_id: 'unknown-1', event_id: 'x' });
    expect(await waitingCounts(db)).toEqual({
      messages: { count: 2, atLeast: false },
      events: { count: 1, atLeast: false },
    });
    const file = { kind: 'events', source: 'import:a', counts: '{"recorded": 5}', started_at: second(0) };
    await db('imports').insert([
      {
        ...file,
        id: '1',
        name: 'a',
        fingerprint: 'a',
        rows_done: 5,
        updated_at: second(9),
        finished_at: second(9),
      },
      { ...file, id: '2', name: 'b', fingerprint: 'b', rows_done: 3, updated_at: second(1) },
    ]);
    const imports = await lastImports(db);
    expect(imports.map(({ name, rowsDone, counts }) => [name, rowsDone, counts])).toEqual([
      ['b', 3, { recorded: 5 }],
      ['a', 5, { recorded: 5 }],
    ]);
    const refill = { experiment: 'one', reason: 'metric', requested_at: second(0) };
    await db('refills').insert([
      { ...refill, id: '1', finished_at: second(5), recipients: 4 },
      { ...refill, id: '2', addition: '{"metric": "x"}' },
      { ...refill, id: '3', experiment: 'two', requested_at: second(3) },
    ]);
    expect((await lastRefills(db)).map((one) => one.id)).toEqual(['3', '2', '1']);
    expect(await lastRefills(db, 'one')).toMatchObject([
      { id: '2', addition: { metric: 'x' }, recipients: null, finishedAt: null },
      { id: '1', recipients: 4 },
    ]);
  });
});

describe('the funnel and the days', () => {
  it('are summed from the cells', async () => {
    const db = database.knex;
    const cell = {
      experiment: 'one',
      allocation_version: 1,
      cohort: '',
      cohort_value: '',
      fold: 0,
      sum: 0,
      sum_squares: 0,
      sum_cubes: 0,
    };
    await db('cells').insert([
      { ...cell, metric: '@sent', arm: 0, day: '2026-03-01', n: 10, non_zero: 9 },
      { ...cell, metric: '@sent', arm: 0, day: '2026-03-02', fold: 3, n: 5, non_zero: 5 },
      { ...cell, metric: '@clicked', arm: 0, day: '2026-03-01', n: 15, non_zero: 2 },
      { ...cell, metric: 'revenue', arm: 0, day: '2026-03-01', n: 10, non_zero: 2, sum: 500 },
      {
        ...cell,
        metric: 'revenue',
        arm: 0,
        day: '2026-03-01',
        fold: 1,
        n: 1,
        non_zero: 1,
        sum: -20,
        sum_d: 3,
      },
      { ...cell, metric: 'revenue', arm: 1, day: '2026-03-03', n: 4, non_zero: 2, sum: 40 },
      {
        ...cell,
        metric: 'revenue',
        arm: 1,
        day: '2026-03-03',
        cohort: 'c',
        cohort_value: 'x',
        n: 4,
        non_zero: 2,
      },
      { ...cell, experiment: 'two', metric: '@sent', arm: 0, day: '2026-03-01', n: 99, non_zero: 99 },
    ]);
    expect(await funnelCounts(db, 'one')).toEqual([
      { arm: 0, station: 'clicked', assigned: 15n, reached: 2n },
      { arm: 0, station: 'sent', assigned: 15n, reached: 14n },
    ]);
    const all = await dailySums(db, 'one', 60);
    expect(all).toEqual([
      { metric: 'revenue', arm: 0, day: '2026-03-01', n: 11n, sum: 480n, sumD: 3n },
      { metric: 'revenue', arm: 1, day: '2026-03-03', n: 4n, sum: 40n, sumD: 0n },
    ]);
    expect((await dailySums(db, 'one', 2)).map((row) => row.day)).toEqual(['2026-03-03']);
  });
});
