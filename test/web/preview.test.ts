import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { apiRoutes } from '../../src/web/api/routes.js';
import { traceView } from '../../src/web/trace-view.js';
import { assigned, shopDraft, startShop } from '../flows/shop.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
let analyst: { Authorization: string };
let admin: { Authorization: string };
let reader: { cookie: string; csrf: string };
const see = (path: string) => request(h.app).get(path).set('Cookie', reader.cookie);
const ask = (body: object) => request(h.app).post('/v1/experiments/shop/preview').set(analyst).send(body);

function accept(id: string, body: unknown, status = 200): void {
  const content = apiRoutes.find((route) => route.id === id)?.answers[status]?.content['application/json'];
  if (!content || !('schema' in content)) throw new Error(`${id} has no schema`);
  expect(content.schema.parse(body)).toEqual(body);
}

interface Shown {
  arm: string;
  delivered: string;
  items?: { item: string }[];
  fallbackReason?: string;
  trace: object;
}

beforeAll(async () => {
  h = await openHarness();
  analyst = await h.bearer('analyst');
  admin = await h.bearer('admin');
  reader = await h.signIn('analyst');
  await startShop(h.ctx, 30, { eligibility: { consent: 'ok' } });
});
afterAll(() => h.database.close());

const noon = '2026-02-20T12:00:00Z';

describe('what each arm would show', () => {
  it('is told of a recipient who is known, and nobody is enrolled', async () => {
    const answer = await request(h.app)
      .get('/v1/experiments/shop/preview')
      .query({ recipient: 'person-1' })
      .set(analyst);
    expect(answer.status).toBe(200);
    accept('previewRecipient', answer.body);
    const [plain, popular] = answer.body.arms as Shown[];
    expect(plain).toMatchObject({ arm: 'plain', delivered: 'strategy', slots: { headline: 'Our picks' } });
    expect(popular).toMatchObject({
      delivered: 'fallback',
      fallbackReason: 'none of the best sellers may be shown',
    });
    expect(popular?.trace).toMatchObject({ favourites: [{ category: 'hats' }], candidates: 0 });
    expect(await h.database.knex('enrolments')).toEqual([]);
  });

  it('is told of somebody made up, at another moment, and of a known one with other traits', async () => {
    const event = { type: 'view', item: 'books-2', category: 'books', at: '2026-02-20T10:00:00Z' };
    const made = await ask({ traits: { ok: true }, events: [event], clock: '2026-02-21T00:00:00Z' });
    accept('previewProfile', made.body);
    expect((made.body.arms as Shown[])[1]?.items?.[0]).toMatchObject({ item: 'books-1' });
    const before = await ask({ traits: { ok: true }, events: [event], clock: '2026-02-20T10:00:00Z' });
    expect((before.body.arms as Shown[])[1]).toMatchObject({ reason: 'best sellers' });
    const known = await ask({ recipient: 'person-2', traits: { ok: true } });
    expect((known.body.arms as Shown[])[1]?.items?.[0]).toMatchObject({ item: 'books-1' });
  });

  it.each([
    ['nested traits', { traits: { a: { b: 1 } } }, /^traits/],
    ['an event without time', { events: [{ type: 'view' }] }, /^events\[0\]\.at/],
    [
      'an amount without currency',
      { events: [{ type: 'purchase', at: noon, value: 3 }] },
      /^events\[0\]\.value/,
    ],
    ['too many events', { events: Array(1_001).fill({ type: 'view', at: noon }) }, /^events/],
    ['no time', { clock: 'yesterday' }, /^clock/],
    ['unknown fields', { who: 'x' }, /^/],
  ])('refuses %s with the place of the mistake', async (_, body, path) => {
    const answer = await ask(body);
    expect(answer.status).toBe(422);
    expect((answer.body.problems as { path: string }[])[0]?.path).toMatch(path);
  });

  it('is told of a draft as it would be started, or what it lacks', async () => {
    await createExperiment(h.ctx, shopDraft({ key: 'later' }));
    const answer = await request(h.app).get('/v1/experiments/later/preview').set(analyst);
    expect((answer.body.arms as Shown[])[1]).toMatchObject({ delivered: 'strategy', reason: 'best sellers' });
    const catalogue = `sha256:${'0'.repeat(64)}`;
    await createExperiment(h.ctx, shopDraft({ key: 'lacking', catalogue }));
    const lacking = await request(h.app).get('/v1/experiments/lacking/preview').set(analyst);
    expect(lacking.status).toBe(422);
    expect((lacking.body.problems as { path: string }[]).map(({ path }) => path)).toContain('catalogue');
  });

  it('stands side by side on a page, whatever was written into the form', async () => {
    const page = await see('/experiments/shop/preview?recipient=person-1');
    expect(page.status).toBe(200);
    for (const text of [
      'plain',
      'popular',
      'none of the best sellers may be shown',
      'would be drawn to',
      'Why',
    ])
      expect(page.text).toContain(text);
    const hostile = '<script>alert(1)</script>';
    const sent = await h.submit('/experiments/shop/preview', reader, {
      recipient: hostile,
      traits: JSON.stringify({ ok: true, '<b>': hostile }),
    });
    expect(sent.status).toBe(200);
    expect(sent.text).not.toContain(hostile);
    expect(sent.text).toContain('best sellers');
    const wrong = await h.submit('/experiments/shop/preview', reader, { traits: '{oops' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('{oops');
  });
});

describe('a decision of the ledger', () => {
  it('is told with its whole trace, and on a page', async () => {
    const [one] = (await assigned(h.ctx, 20)).filter(({ arm }) => arm === 'popular');
    const id = one?.decisionId ?? '';
    const answer = await request(h.app).get(`/v1/decisions/${id}`).set(analyst);
    accept('findDecision', answer.body);
    expect(answer.body).toMatchObject({
      id,
      arm: 'popular',
      delivered: 'fallback',
      chain: [
        ['strategy', 'none of the best sellers may be shown'],
        ['fallback of level', 'delivered'],
      ],
      trace: { candidates: 0 },
      differences: [],
    });
    const page = await see(`/decisions/${id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('it comes out the same');
    await h.database.knex('decisions').where({ id }).update({ reason: 'because' });
    expect((await see(`/decisions/${id}`)).text).toContain('does not come out as it stands');
    for (const none of ['d_none', `d_${'x'.repeat(27)}`, '%00']) {
      expect((await request(h.app).get(`/v1/decisions/${none}`).set(analyst)).status).toBe(404);
    }
  });
});

describe('snapshots and learning', () => {
  it('are asked for over the API', async () => {
    const taken = await request(h.app).post('/v1/catalogue/snapshots').set(admin);
    expect(taken.status).toBe(201);
    accept('takeSnapshot', taken.body, 201);
    const listed = await request(h.app).get('/v1/catalogue/snapshots').set(analyst);
    accept('listSnapshots', listed.body);
    expect(listed.body.snapshots).toHaveLength(1);
    const learn = (name: string, body: object) =>
      request(h.app).post(`/v1/strategies/${name}/learn`).set(admin).send(body);
    const learned = await learn('best-sellers@1', { clock: '2026-02-28T00:00:00Z', seed: 'x' });
    accept('learnStrategy', learned.body, 201);
    expect((await learn('best-sellers', { clock: '2026-02-28T00:00:00Z', seed: 'x' })).body).toEqual(
      learned.body,
    );
    expect((await learn('nobody', {})).body).toMatchObject({ code: 'strategy_not_found' });
    expect((await learn('shop.plain', {})).body).toMatchObject({ code: 'learns_nothing' });
    expect((await learn('best-sellers', { clock: '2030-01-01T00:00:00Z' })).body).toMatchObject({
      code: 'invalid_clock',
    });
    expect((await learn('best-sellers', { clock: 'x' })).status).toBe(422);
  });
});

it('shows snapshots and what was learned on a page, where one more can be taken', async () => {
  const page = await see('/catalogue');
  expect(page.text).toContain('best-sellers@1');
  expect(page.text).not.toContain('Take a snapshot now');
  expect((await h.submit('/catalogue', reader)).status).toBe(403);
  const manager = await h.signIn('admin');
  expect((await h.submit('/catalogue', manager)).status).toBe(303);
  await h.database.knex('items').del();
  const empty = await h.submit('/catalogue', manager);
  expect(empty.status).toBe(409);
  expect(empty.text).toContain('The catalogue has no items');
});

it('shows any trace, without leaving anything out', () => {
  const trace = {
    winner: null,
    rules: [{ id: 'vip', verdict: false, when: { all: [{ trait: 'orders', verdict: true }] } }],
  };
  expect(traceView(trace)).toEqual({
    label: '',
    facts: [{ name: 'winner', value: 'not known' }],
    parts: [
      {
        label: 'rules',
        facts: [],
        parts: [
          {
            label: '1',
            verdict: false,
            facts: [{ name: 'id', value: 'vip' }],
            parts: [
              {
                label: 'when',
                facts: [],
                parts: [
                  {
                    label: 'all',
                    facts: [],
                    parts: [
                      { label: '1', verdict: true, facts: [{ name: 'trait', value: 'orders' }], parts: [] },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  });
});
