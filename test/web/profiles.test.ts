import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { apiRoutes } from '../../src/web/api/routes.js';
import { startExample } from '../flows/campaign.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
let ingest: { Authorization: string };
let analyst: { Authorization: string };
let reader: { cookie: string };
const see = (path: string) => request(h.app).get(path).set('Cookie', reader.cookie);
const post = (path: string, body: object) => request(h.app).post(path).set(ingest).send(body);
const read = (path: string) => request(h.app).get(path).set(analyst);

/** Holds an answer against what the documentation says of it. */
function accept(id: string, body: unknown): void {
  const content = apiRoutes.find((route) => route.id === id)?.answers[200]?.content['application/json'];
  if (!content || !('schema' in content)) throw new Error(`${id} has no schema`);
  expect(content.schema.parse(body)).toEqual(body);
}

beforeAll(async () => {
  h = await openHarness();
  ingest = await h.bearer('ingest');
  analyst = await h.bearer('analyst');
  reader = await h.signIn('analyst');
});
afterAll(() => h.database.close());

describe('POST /v1/profiles', () => {
  it('takes one, a list, or a wrapped list, and answers every row', async () => {
    const one = await post('/v1/profiles', { recipient: 'one', traits: { plan: 'a' } });
    accept('recordProfiles', one.body);
    expect(one.body).toMatchObject({ recorded: 1, unchanged: 0, refused: 0 });
    const list = await post('/v1/profiles', [
      { recipient: 'one', traits: { plan: 'a' } },
      { recipient: 'two', traits: { email: 'x' } },
      7,
    ]);
    accept('recordProfiles', list.body);
    expect(list.body).toMatchObject({ recorded: 0, unchanged: 1, refused: 2 });
    expect(list.body.results[1].error).toMatchObject({ code: 'invalid_format', path: 'traits.email' });
    const wrapped = await post('/v1/profiles', {
      profiles: [{ type: 'identify', userId: 'three', traits: {} }],
    });
    expect(wrapped.body.results).toEqual([{ index: 0, id: 'three', status: 'unchanged' }]);
  });

  it('streams any number of lines and numbers them through', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) =>
      i === 1_700
        ? '{"recipient": "s", '
        : JSON.stringify({ recipient: `s${i}`, traits: { country: i === 1_900 ? 'Austria' : 'AT' } }),
    );
    const answer = await request(h.app)
      .post('/v1/profiles')
      .set(ingest)
      .set('Content-Type', 'application/x-ndjson')
      .send(rows.join('\n'));
    const results = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number; status: string });
    expect(results.map(({ index }) => index)).toEqual(rows.map((_, i) => i));
    expect(results.filter(({ status }) => status === 'refused')).toMatchObject([
      { index: 1_700, error: { code: 'line_malformed' } },
      { index: 1_900, error: { path: 'traits.country' } },
    ]);
    const kept = await read('/v1/quarantine?kind=profiles&limit=1');
    expect(kept.body.rows[0]).toMatchObject({ code: 'invalid_format', line: 1_901 });
  });

  it.each([
    ['a wrong wrapper', { profiles: [], more: 1 }, 422],
    ['too many', Array.from({ length: 10_001 }, () => 1), 422],
  ])('refuses %s as a whole', async (_, body, status) => {
    expect((await post('/v1/profiles', body)).status).toBe(status);
    expect((await post('/v1/items', Array.isArray(body) ? body : { items: [], more: 1 })).status).toBe(
      status,
    );
  });

  it('keeps out who may not', async () => {
    const sent = await request(h.app).post('/v1/profiles').set(analyst).send([]);
    const readByIngest = await request(h.app).get('/v1/profiles/one').set(ingest);
    expect([sent.status, readByIngest.status]).toEqual([403, 403]);
  });
});

describe('POST /v1/items', () => {
  it('answers every row', async () => {
    const answer = await post('/v1/items', {
      items: [
        { item: 'a', price: 1, currency: 'EUR' },
        { item: 'b', price: 1 },
      ],
    });
    accept('recordItems', answer.body);
    expect(answer.body).toMatchObject({ recorded: 1, refused: 1 });
  });
});

describe('a profile', () => {
  const hostile = '<img src=x onerror=alert(1)>\u202e\u0007';

  beforeAll(async () => {
    await post('/v1/profiles', {
      recipient: 'ada@example.com',
      traits: { country: 'DE', note: hostile, plan: null, digits: '1' },
      source: 'crm <b>',
      at: '2026-02-01T00:00:00Z',
    });
    const key = await startExample(h.ctx);
    await assignRecipients(h.ctx, key, [{ id: 'ada@example.com', traits: { country: 'AT', orders: 4 } }]);
    await h.database.knex('events').insert({
      id: 'bought',
      recipient_key: h.ctx.pseudonyms.recipientKey('ada@example.com'),
      type: 'purchase',
      at: '2026-02-20T10:00:00Z',
      received_at: '2026-02-20T10:00:01Z',
      value: 1999,
      currency: 'EUR',
      order_id: '<o1>',
      source: 'shop',
    });
  });

  it('is read with source and time of each trait, cohorts and behaviour', async () => {
    const answer = await read('/v1/profiles/ada%40example.com');
    expect(answer.status).toBe(200);
    accept('readProfile', answer.body);
    expect(answer.body).toMatchObject({
      traits: [
        { trait: 'country', value: 'AT', source: 'assignment', at: '2026-03-01T09:00:00.000Z' },
        { trait: 'digits', value: '1', source: 'crm <b>', at: '2026-02-01T00:00:00.000Z' },
        { trait: 'note', value: hostile },
        { trait: 'orders', value: 4, source: 'assignment' },
        { trait: 'plan', value: null, source: 'crm <b>' },
      ],
      enrolments: [{ cohorts: expect.any(Object) as object }],
      events: [{ type: 'purchase', value: '19.99', currency: 'EUR', order: '<o1>' }],
    });
    // Given later, it changes what is known, not the cohort.
    const before = answer.body.enrolments[0].cohorts;
    await post('/v1/profiles', { recipient: 'ada@example.com', traits: { country: 'FR' } });
    const after = await read('/v1/profiles/ada%40example.com');
    expect(after.body.enrolments[0].cohorts).toEqual(before);
  });

  it('is not found where nothing is known', async () => {
    const ids = ['nobody', 'a%00b', 'x'.repeat(400), '%ED%A0%80'];
    for (const id of ids) expect([id, (await read(`/v1/profiles/${id}`)).status]).not.toEqual([id, 500]);
    expect((await read('/v1/profiles/nobody')).body).toMatchObject({ code: 'profile_not_found' });
    const page = await see('/profiles?recipient=nobody');
    expect([page.status, page.text.includes('Nothing is known')]).toEqual([404, true]);
  });

  it('is shown on a page, with everything from outside as text', async () => {
    const form = await see('/profiles');
    expect(form.text).toContain('name="recipient"');
    const page = await see('/profiles?recipient=ada%40example.com');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;\\u202e');
    expect(page.text).toContain('crm &lt;b&gt;');
    expect(page.text).toContain('order &lt;o1&gt;');
    expect(page.text).toContain('made unknown');
    expect(page.text).toContain('19.99 EUR');
  });
});

describe('quarantine', () => {
  it('shows refused rows as text', async () => {
    await post('/v1/items', { item: '<script>alert(1)</script>\u0000\u202e', price: 'x' });
    const answer = await read('/v1/quarantine?kind=items');
    accept('listQuarantine', answer.body);
    expect(answer.body.rows[0]).toMatchObject({ kind: 'items', code: 'invalid_item', path: 'item' });
    const page = await see('/quarantine?kind=items');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.text).toContain('\\u202e');
    expect((await see('/quarantine')).text).toContain('profiles');
  });

  it.each(['?kind=users', '?limit=0', '?limit=1001', '?limit=x', '?limit=1e3'])(
    'refuses %s',
    async (query) => {
      expect((await read(`/v1/quarantine${query}`)).status).toBe(422);
      expect((await see(`/quarantine${query}`)).status).toBe(422);
    },
  );
});

describe('data quality', () => {
  it('is answered and shown', async () => {
    const answer = await read('/v1/quality?days=10&required=country,%3Cemail%3E');
    accept('readQuality', answer.body);
    expect(answer.body).toMatchObject({
      days: 10,
      completeness: { expected: ['country', '<email>'], past: true },
    });
    const page = await see('/quality?days=10&required=country,%3Cemail%3E');
    expect(page.status).toBe(200);
    expect(page.text).toContain('&lt;email&gt;');
    expect(page.text).not.toContain('<email>');
    expect(page.text).toContain('Refunds above their order');
    expect((await read('/v1/quality?days=0')).status).toBe(422);
    expect((await read('/v1/quality?required=%00')).status).toBe(422);
  });

  it('is linked from the page about data', async () => {
    const page = await see('/data');
    for (const path of ['/profiles', '/quality', '/quarantine'])
      expect(page.text).toContain(`href="${path}"`);
  });
});
