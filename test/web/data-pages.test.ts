import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedExperiment } from '../support/feed-experiment.js';
import { insertCounts, insertEnrolment, insertRunning } from '../support/feed-rows.js';
import { openHarness, type Harness } from './web-harness.js';

const hostile = '<img src=x onerror=alert(1)>\u202egnp.exe\u0007\u200b';

let h: Harness;
let analyst: { cookie: string; csrf: string };
const see = (path: string) => request(h.app).get(path).set('Cookie', analyst.cookie);

beforeAll(async () => {
  h = await openHarness();
  h.ctx.setTime('2026-03-10T12:00:00.000Z');
  analyst = await h.signIn('analyst');
  const db = h.ctx.db;
  await insertRunning(db, feedExperiment('one'));
  await insertRunning(db, feedExperiment('quiet'));
  await insertEnrolment(db, 'one', 'ada-with-a-long-key', 1, [hostile]);
  const event = {
    type: 'clicked',
    at: '2026-03-10T11:00:00Z',
    received_at: '2026-03-10T11:00:30Z',
    source: 'api',
    message_id: 'm-one-ada-with-a-long-key',
    class: 'privacy_proxy',
  };
  await db('events').insert([
    { ...event, id: 'plain' },
    {
      ...event,
      id: 'order',
      type: 'converted',
      class: null,
      value: '-123456',
      currency: 'JPY',
      order_id: 'o-1',
    },
    {
      ...event,
      id: `${hostile}-id`,
      type: hostile,
      source: `import:${hostile}`,
      url: `https://example.com/${hostile}`,
      order_id: hostile,
      currency: null,
      message_id: `m-one-ada-with-a-long-key-${hostile}`,
      at: '2026-03-10T11:30:00Z',
    },
  ]);
  await insertCounts(db, [
    { experiment: 'one', n: 3, lag_sum: 90, lag_max: 60, last_at: '2026-03-10T11:00:00Z' },
    { experiment: 'one', source: hostile, type: hostile, class: hostile, status: 'at_missing', n: 4 },
    { experiment: 'one', source: 'esp', day: '2026-03-08', last_received_at: '2026-03-08T09:00:00Z', n: 2 },
  ]);
  await db('imports').insert({
    id: 'i1',
    kind: 'events',
    name: `${hostile}.csv`,
    fingerprint: 'f',
    source: `import:${hostile}`,
    rows_done: 12_000,
    counts: JSON.stringify({ recorded: 11_000, [hostile]: 1_000 }),
    started_at: '2026-03-10T11:00:00Z',
    updated_at: '2026-03-10T11:59:30Z',
  });
  await db('messages').insert({ message_id: 'unknown' });
  await db('waiting_events').insert({ message_id: 'unknown', event_id: 'x' });
  const cell = { experiment: 'one', allocation_version: 1, cohort: '', cohort_value: '', fold: 0, sum_squares: 0, sum_cubes: 0 }; // prettier-ignore
  await db('cells').insert([
    { ...cell, metric: 'clicked', arm: 0, day: '2026-03-01', n: 200, non_zero: 20, sum: 20 },
    { ...cell, metric: 'clicked', arm: 1, day: '2026-03-01', n: 200, non_zero: 30, sum: 30 },
    { ...cell, metric: 'clicked', arm: 0, day: '2026-03-03', n: 100, non_zero: 9, sum: 9 },
    { ...cell, metric: 'revenue', arm: 0, day: '2026-03-01', n: 200, non_zero: 20, sum: 123_456 },
  ]);
});
afterAll(() => h.database.close());

describe('the feed of an experiment', () => {
  it('shows its events with arm, lag, value, wave and shortened recipient', async () => {
    const page = await see('/experiments/one/events');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Updated at <time datetime="2026-03-10T12:00:00.000Z">');
    expect(page.text).toContain('privacy proxy');
    expect(page.text).toContain('question');
    expect(page.text).toContain('−123456 JPY');
    expect(page.text).toContain('<code>ada-with…</code>');
    expect(page.text).not.toContain('ada-with-a-long-key<');
    expect(page.text).toContain('30 s');
    expect(page.text).toContain('−30 min <span class="tag">ahead</span>');
    expect(page.text).toContain('refused: ');
    expect(page.text).toContain('aria-live="off"');
  });

  it('shows hostile text as text, with what cannot be seen written out', async () => {
    for (const path of ['/experiments/one/events', '/experiments/one/events/live', '/data']) {
      const page = await see(path);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('<img');
      // eslint-disable-next-line no-control-regex -- none of these may come through
      expect(page.text).not.toMatch(/[\u0007\u200b\u202e]/);
      expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;\\u202egnp');
    }
    const page = await see('/experiments/one/events');
    expect(page.text).toContain('unknown type');
  });

  it('has a part that a script can fetch, without the frame', async () => {
    const part = await see('/experiments/one/events/live');
    expect(part.text).not.toContain('<html');
    expect(part.text).toContain('id="latest"');
    const nobody = await request(h.app).get('/experiments/one/events/live');
    expect(nobody.status).toBe(401);
  });

  it('says that nothing has arrived, and what does not exist', async () => {
    const page = await see('/experiments/quiet/events');
    expect(page.text).toContain('No event of this experiment has arrived yet');
    expect((await see('/experiments/nothing/events')).status).toBe(404);
  });

  it('is open to analysts only', async () => {
    const sender = await h.signIn('sender');
    for (const path of ['/experiments/one/events', '/experiments/one/funnel', '/data']) {
      expect((await request(h.app).get(path).set('Cookie', sender.cookie)).status).toBe(403);
    }
  });
});

describe('the feed for programs', () => {
  it('answers the latest events and those after one', async () => {
    const all = await see('/v1/experiments/one/events');
    expect(all.body.events).toHaveLength(3);
    const order = all.body.events.find((event: { id: string }) => event.id === 'order');
    expect(order).toMatchObject({
      type: 'converted',
      arm: 'question',
      value: '-123456',
      currency: 'JPY',
      lagSeconds: 30,
      recipientKey: 'ada-with-a-long-key',
    });
    const one = await see('/v1/experiments/one/events?limit=1');
    expect([one.body.events.length, one.body.more]).toEqual([1, true]);
    const after = await see('/v1/experiments/one/events?after=order');
    expect(after.body.events.map((event: { id: string }) => event.id)).toEqual(['plain']);
  });

  it('refuses what it cannot answer, with the name of the parameter', async () => {
    for (const [query, code] of [
      ['limit=0', 'limit_invalid'],
      ['limit=501', 'limit_invalid'],
      ['limit=1e2', 'limit_invalid'],
      ['limit=1&limit=2', 'limit_invalid'],
      ['after=nothing', 'event_unknown'],
      ['after=a%00b', 'event_unknown'],
      ['after=a&after=b', 'after_invalid'],
    ]) {
      const answer = await see(`/v1/experiments/one/events?${query!}`);
      expect([query, answer.status, answer.body.code]).toEqual([query, 422, code]);
    }
    expect((await see('/v1/experiments/nothing/events')).status).toBe(404);
  });

  it('answers the counts', async () => {
    const { body } = await see('/v1/experiments/one/event-counts');
    expect(body.counts.map((row: { all: number }) => row.all)).toEqual([4, 3, 2]);
    expect(body.lag.today).toEqual({ events: 3, meanSeconds: 30, mostSeconds: 60, ahead: 0 });
  });
});

describe('freshness', () => {
  it('is shown with what is late, what waits and what is read in', async () => {
    const page = await see('/data');
    expect(page.text).toContain('One source is silent for too long');
    expect(page.text).toMatch(/<bdi>esp<\/bdi> <span class="tag tag-caution">stale/);
    expect(page.text).toContain('1 event for 1 message that nobody has asked for yet');
    expect(page.text).toContain('12,000');
    expect(page.text).toContain('recorded 11,000');
    expect(page.text).toContain('last step 30 s ago');
  });

  it('is answered to a monitor', async () => {
    const { body } = await see('/v1/freshness');
    expect(body.stale).toBe(true);
    const bySource = new Map<string, { stale: boolean }>(
      body.sources.map((source: { source: string; stale: boolean }) => [source.source, source]),
    );
    expect(bySource.get('esp')).toMatchObject({ stale: true, today: 0, yesterday: 0, refused: 0 });
    expect(bySource.get('api')).toMatchObject({ stale: false, today: 3, meanLagSeconds: 30 });
    expect(body.waiting).toEqual({
      messages: { count: 1, atLeast: false },
      events: { count: 1, atLeast: false },
    });
    expect(body.imports[0]).toMatchObject({ rowsDone: 12_000, finishedAt: null });
  });
});

describe('the days', () => {
  it('show every metric by day of enrolment and arm', async () => {
    const page = await see('/experiments/one/funnel');
    expect(page.status).toBe(200);
    expect(page.text).toContain('plain: 10.0% on 2026-03-01, 9.0% on 2026-03-03');
    expect(page.text).toContain('question: 15.0% on 2026-03-01, 15.0% on 2026-03-01');
    expect(page.text).toContain('€6.17');
    expect((await see('/experiments/quiet/funnel')).text).toContain('Nobody is enrolled yet');
  });
});
