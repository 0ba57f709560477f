import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workOffRefills } from '../../src/flows/work-off-refills.js';
import { refillProgress } from '../../src/flows/read-freshness.js';
import { testsRunOnPostgres } from '../support/database.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { cookie: string; csrf: string };
let key: { Authorization: string };
const see = (path: string) => request(h.app).get(path).set('Cookie', admin.cookie);
const send = (path: string, body: object | string) =>
  request(h.app).post(path).set(key).type('json').send(body);

const people = Array.from({ length: 400 }, (_, i) => `person-${i}`);

beforeAll(async () => {
  h = await openHarness();
  admin = await h.signIn('admin');
  key = await h.bearer('admin');
  await send('/v1/experiments', { ...smallDraft, key: 'real' });
  await send('/v1/experiments', { ...smallDraft, key: 'draft' });
  await send('/v1/experiments/real/start', {});
  // `plan` is known before the enrolment and no declared cohort.
  const recipients = people.map((id, i) => ({
    id,
    traits: { country: 'AT', plan: i % 2 ? 'free' : 'paid' },
  }));
  const assigned = await send('/v1/experiments/real/assignments', { recipients });
  expect(assigned.status).toBe(200);
  const arms = assigned.body.assignments.map((one: { arm: string }) => one.arm) as string[];
  h.ctx.setTime('2026-03-02T10:00:00.000Z');
  const event = (type: string, i: number, more: object = {}) => ({
    id: `${type}-${i}`,
    type,
    experiment: 'real',
    recipient: people[i],
    at: `2026-03-02T09:${String(i % 60).padStart(2, '0')}:00Z`,
    ...more,
  });
  const events = people.flatMap((_, i) => [
    // The question is not sent to a third of its recipients: a fault.
    ...(arms[i] === 'question' && i % 3 === 0 ? [] : [event('sent', i), event('delivered', i)]),
    ...(i % 5 === 1 ? [event('clicked', i, { class: 'human' })] : []),
    ...(i % 20 === 1
      ? [event('unsubscribed', i), event('converted', i, { value: '10.00', currency: 'EUR' })]
      : []),
  ]);
  const recorded = await send('/v1/events', { events });
  expect(recorded.body.refused).toBe(0);
});
afterAll(() => h.database.close());

describe('the funnel', () => {
  it('counts the recipients of every arm at every station, and finds the fault', async () => {
    const { body } = await see('/v1/experiments/real/funnel');
    const counts = Object.fromEntries(
      body.stations.map((one: { station: string; arms: { n: number }[] }) => [
        one.station,
        one.arms.map((arm) => arm.n),
      ]),
    ) as Record<string, number[]>;
    expect(counts['assigned']!.reduce((a, b) => a + b, 0)).toBe(400);
    expect(counts['clicked']!.reduce((a, b) => a + b, 0)).toBe(80);
    expect(counts['converted']!.reduce((a, b) => a + b, 0)).toBe(20);
    const sent = body.edges.find((edge: { to: string }) => edge.to === 'sent');
    expect(sent).toMatchObject({ from: 'assigned', kind: 'fault', uneven: true });
    const page = await see('/experiments/real/funnel');
    expect(page.status).toBe(200);
    for (const n of counts['assigned']!) expect(page.text).toContain(`<span class="funnel-n">${n}</span>`);
    expect(page.text).toMatch(/edge-critical">fault<\/span> <span><strong>Assigned to sent\./);
    expect(page.text).not.toContain('style=');
  });

  it('stands for an experiment in which nobody is', async () => {
    const page = await see('/experiments/draft/funnel');
    expect([page.status, page.text.includes('Nobody is enrolled yet')]).toEqual([200, true]);
  });

  it('comes with a feed of the same events', async () => {
    const { body } = await see('/v1/experiments/real/events?limit=500');
    expect(body.events.length).toBe(500);
    const counts = await see('/v1/experiments/real/event-counts');
    const clicked = counts.body.counts.find((row: { type: string }) => row.type === 'clicked');
    expect(clicked).toMatchObject({ source: 'api', class: 'human', status: 'recorded', all: 80 });
    expect(clicked.today).toBe(80);
    const unknown = await send('/v1/events', {
      events: [
        { id: 'w', type: 'clicked', messageId: 'm_not_known_yet', at: '2026-03-02T09:00:00Z' },
        { id: 'u', type: 'telepathy', experiment: 'real', recipient: 'person-1', at: '2026-03-02T09:00:00Z' },
      ],
    });
    expect(unknown.status).toBe(200);
    const fresh = await see('/v1/freshness');
    expect(fresh.body.waiting.messages.count).toBe(1);
    expect(fresh.body.sources).toMatchObject([{ source: 'api', stale: false, unknownTypes: 1 }]);
    expect((await see('/experiments/real/events')).text).toContain('unknown type');
  });
});

describe('a metric afterwards', () => {
  it('is asked for on the page, waits, and is in the report once it is filled', async () => {
    const page = await see('/experiments/real');
    expect(page.text).toContain('<option value="unsubscribe">');
    const asked = await h.submit('/experiments/real/metrics', admin, { builtIn: 'unsubscribe', json: '' });
    expect([asked.status, asked.headers['location']]).toEqual([303, '/experiments/real#afterwards']);
    expect((await see('/experiments/real')).text).toContain('The metric unsubscribe waits to be filled.');
    expect((await see('/data')).text).toContain('The metric unsubscribe waits to be filled.');
    const open = await see('/v1/experiments/real/refills');
    expect(open.body.refills).toMatchObject([
      { reason: 'metric', finishedAt: null, error: null, enrolled: 400 },
    ]);
    expect(await workOffRefills(h.ctx)).toEqual({ refills: 1 });
    const done = await see('/experiments/real');
    expect(done.text).toContain('The metric unsubscribe is filled for 400 recipients.');
    expect(done.text).not.toContain('<option value="unsubscribe">');
    const report = await see('/v1/experiments/real/report');
    const metric = report.body.metrics.find((one: { title: string }) => one.title === 'Unsubscribed');
    expect(metric.arms.reduce((sum: number, arm: { nonZero: number }) => sum + arm.nonZero, 0)).toBe(20);
  });

  it('tells everybody how far it is while it is filled', async ({ skip }) => {
    await send('/v1/experiments/real/metrics', { metric: 'complaint' });
    if (!testsRunOnPostgres) {
      await workOffRefills(h.ctx);
      skip('the embedded database has one connection: nobody reads while it is filled');
    }
    const { knex } = h.database;
    // It stops when all recipients are done and nothing is committed yet, until it is let go on.
    await knex.raw(
      `create function wait() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$`,
    );
    await knex.raw('create trigger wait before insert on send_days for each row execute function wait()');
    const held = await knex.transaction();
    await held.raw('select pg_advisory_xact_lock(4711)');
    let now = Date.parse('2026-03-02T11:00:00.000Z');
    const working = workOffRefills({ ...h.ctx, clock: () => new Date((now += 1_000)) });
    try {
      await expect
        .poll(async () => (await see('/v1/experiments/real/refills')).body.refills[0])
        .toMatchObject({ finishedAt: null, recipients: 400, enrolled: 400 });
      expect((await see('/experiments/real')).text).toContain('400 of 400');
      // What nobody has written down for long is of a process that is gone.
      await knex.raw(`update refill_progress set updated_at = updated_at - interval '2 minutes'`);
      expect((await see('/experiments/real')).text).toContain('The metric complaint waits to be filled.');
    } finally {
      await held.commit();
      await working;
      await knex.raw('drop trigger wait on send_days; drop function wait()');
    }
    expect((await refillProgress(h.ctx, 'real'))[0]).toMatchObject({ recipients: 400, error: null });
    expect(await knex('refill_progress')).toEqual([]);
  });

  it('by the API is accepted, and refused with every problem', async () => {
    const metric = { key: 'carts', type: 'mean', event: 'cart', role: 'secondary', direction: 'increase' };
    const made = await send('/v1/experiments/real/metrics', { metric });
    expect([made.status, made.headers['location']]).toEqual([202, '/v1/experiments/real/refills']);
    const listed = await see('/v1/experiments/real/refills');
    expect(listed.body.refills[0].id).toBe(made.body.refill);
    await workOffRefills(h.ctx);
    for (const [body, status, code] of [
      [{ metric: { ...metric, role: 'primary', key: 'clicked' } }, 422, 'invalid_addition'],
      [{ metric: 'nonsense' }, 422, 'invalid_addition'],
      [{ metric }, 422, 'invalid_addition'],
      [{ metric: null }, 422, 'invalid_addition'],
      [{ metric, cohort: 'plan' }, 422, 'body_invalid'],
      [[], 422, 'body_invalid'],
      ['{"metric":', 400, 'json_malformed'],
    ] as const) {
      const answer = await send('/v1/experiments/real/metrics', body);
      expect([JSON.stringify(body), answer.status, answer.body.code]).toEqual([
        JSON.stringify(body),
        status,
        code,
      ]);
    }
    expect((await send('/v1/experiments/draft/metrics', { metric })).body.code).toBe('experiment_is_draft');
    expect((await send('/v1/experiments/nothing/metrics', { metric })).status).toBe(404);
    const analyst = await h.bearer('analyst');
    const refused = await request(h.app).post('/v1/experiments/real/metrics').set(analyst).send({ metric });
    expect(refused.status).toBe(403);
    expect((await see('/v1/experiments/real/refills')).body.refills).toHaveLength(3);
  });

  it('shows what is wrong on the page and loses nothing that was written', async () => {
    const json = '{"key": "<b>", "type": "mean"}';
    const wrong = await h.submit('/experiments/real/metrics', admin, { builtIn: 'bounce', json });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('{&#34;key&#34;: &#34;&lt;b&gt;&#34;');
    expect(wrong.text).toContain('role="alert"');
    const broken = await h.submit('/experiments/real/metrics', admin, { builtIn: '', json: '{' });
    expect([broken.status, broken.text.includes('not valid JSON')]).toEqual([422, true]);
    const analyst = await h.signIn('analyst');
    expect((await h.submit('/experiments/real/metrics', analyst, { builtIn: 'bounce' })).status).toBe(403);
  });
});

describe('a cohort afterwards', () => {
  it('is shown as exploratory, with the deciding metric', async () => {
    const page = await see('/experiments/real/cohort?trait=plan');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Asked for afterwards: exploratory');
    for (const value of ['free', 'paid']) expect(page.text).toMatch(new RegExp(`scope="row">${value}<`));
    const { body } = await see('/v1/experiments/real/cohort?trait=plan');
    expect(body).toMatchObject({ trait: 'plan', exploratory: true, metric: 'clicked' });
    const values = body.cohort.effects[0].values as { value: string; n: { control: number; arm: number } }[];
    expect(values.map(({ value, n }) => [value, n.control + n.arm])).toEqual([
      ['free', 200],
      ['paid', 200],
    ]);
  });

  it('can be kept, and is in the report then', async () => {
    const kept = await h.submit('/experiments/real/cohort', admin, { trait: 'plan' });
    expect(kept.status).toBe(303);
    expect((await see('/experiments/real')).text).toContain('The cohort plan waits to be filled.');
    await workOffRefills(h.ctx);
    const report = await see('/v1/experiments/real/report');
    expect(report.body.cohorts.map((one: { trait: string }) => one.trait)).toEqual(['country', 'plan']);
    const again = await see('/v1/experiments/real/cohort?trait=plan');
    expect([again.status, again.body.code]).toEqual([422, 'cohort_declared']);
    const twice = await send('/v1/experiments/real/cohorts', { cohort: 'plan' });
    expect([twice.status, twice.body.code]).toEqual([422, 'invalid_addition']);
    const asked = await send('/v1/experiments/real/cohorts', { cohort: { trait: 'plan2', values: ['x'] } });
    expect(asked.status).toBe(202);
  });

  it('of a strange trait is shown as text, and nonsense is refused', async () => {
    const hostile = '<img src=x>\u202e';
    const page = await see(`/experiments/real/cohort?trait=${encodeURIComponent(hostile)}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&lt;img src=x&gt;\\u202e');
    for (const query of ['', '?trait=', `?trait=${'x'.repeat(65)}`, '?trait=a%00', '?trait=a&trait=b']) {
      const answer = await see(`/v1/experiments/real/cohort${query}`);
      expect([query, answer.status, answer.body.code]).toEqual([query, 422, 'trait_invalid']);
    }
  });
});
