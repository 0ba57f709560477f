import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLists } from '../../src/flows/make-lists.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { apiRoutes } from '../../src/web/api/routes.js';
import { learnPicks, openTwoTastes, personOf, picks } from '../flows/two-tastes.js';
import { openHarness, type Harness } from './web-harness.js';

let h: Harness;
let sender: { Authorization: string };
let analyst: { Authorization: string };
let reader: { cookie: string };
const see = (query: object) =>
  request(h.app).get('/recommendations').query(query).set('Cookie', reader.cookie);
const get = (path: string, key = analyst) => request(h.app).get(`/v1/strategies${path}`).set(key);
const pull = (body: object) => request(h.app).post('/v1/strategies/picks/lists').set(sender).send(body);

function accept(id: string, body: unknown): void {
  const content = apiRoutes.find((route) => route.id === id)?.answers[200]?.content['application/json'];
  if (!content || !('schema' in content)) throw new Error(`${id} has no schema`);
  expect(content.schema.parse(body)).toEqual(body);
}

beforeAll(async () => {
  h = await openHarness();
  [sender, analyst] = [await h.bearer('sender'), await h.bearer('analyst')];
  reader = await h.signIn('analyst');
});
afterAll(() => h.database.close());

describe('before there is a strategy', () => {
  it('the page says what to do, and the API that there is none', async () => {
    expect((await see({})).text).toContain('There is no collaborative strategy yet');
    expect((await get('/picks/lists?recipient=a', sender)).status).toBe(404);
  });
});

describe('with a strategy that has learned', () => {
  beforeAll(async () => {
    await openTwoTastes(h.ctx);
    await learnPicks(h.ctx);
    await learnPicks(h.ctx, 'by-items', { method: 'item_knn' });
    await makeLists(h.ctx, 'picks');
  });

  it('senders pull lists, of one recipient and of many', async () => {
    const one = await get(`/picks/lists?recipient=${personOf(0)}`, sender);
    expect(one.status).toBe(200);
    accept('pullList', one.body);
    expect(one.body.lists).toMatchObject([{ recipient: personOf(0), model: 'picks/1', ageSeconds: 0 }]);
    const many = await pull({ recipients: [personOf(1), 'nobody', ''] });
    accept('pullLists', many.body);
    const codes = (many.body.lists as { error?: { code: string } }[]).map(({ error }) => error?.code);
    expect(codes).toEqual([undefined, 'no_list', 'invalid_id']);
    expect(many.body.lists[0].items[0]).toMatchObject({
      reason: expect.stringContaining('liked by') as string,
    });
  });

  it('odd calls are refused with their place', async () => {
    const paths = async (answer: request.Test): Promise<unknown> => {
      const { status, body } = await answer;
      return [status, body.code];
    };
    expect(await paths(get('/picks/lists', sender))).toEqual([422, 'query_invalid']);
    expect(await paths(get('/picks/lists?recipient=a&recipient=b', sender))).toEqual([422, 'query_invalid']);
    expect(await paths(pull({ recipients: [] }))).toEqual([422, 'body_invalid']);
    expect(await paths(pull({ recipients: 'a' }))).toEqual([422, 'body_invalid']);
    expect(await paths(get(`/picks/neighbours?recipient=${personOf(0)}&most=0`))).toEqual([
      422,
      'query_invalid',
    ]);
    expect(await paths(get('/picks/neighbours?recipient=nobody'))).toEqual([404, 'recipient_not_found']);
    expect(await paths(get('/by-items/similar?item=gone'))).toEqual([404, 'item_not_learned']);
    expect(await paths(get(`/by-items/neighbours?recipient=${personOf(0)}`))).toEqual([
      422,
      'keeps_no_recipients',
    ]);
  });

  it('analysts see neighbours and similar items', async () => {
    const near = await get(`/picks/neighbours?recipient=${personOf(0)}&most=3`);
    expect(near.status).toBe(200);
    accept('findNeighbours', near.body);
    expect(near.body.neighbours).toHaveLength(3);
    const similar = await get('/by-items/similar?item=boots&most=2');
    accept('findSimilarItems', similar.body);
    expect(similar.body.similar).toHaveLength(2);
  });

  it('the page shows what is recommended, why, the list, and neighbours as links', async () => {
    const page = await see({ recipient: personOf(0), strategy: 'picks' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('The tin');
    expect(page.text).toContain('liked by people who');
    expect(page.text).toContain('by model picks/1');
    expect(page.text).toContain(
      `/recommendations?recipient=${encodeURIComponent(personOf(10))}&amp;strategy=picks`,
    );
    expect(page.text).not.toMatch(/NaN|undefined|\[object/);
    const items = await see({ recipient: personOf(0), strategy: 'by-items' });
    expect(items.text).toContain('keeps no recipients');
    expect(items.text).toContain('There is no list');
  });

  it('the page says what is wrong, with a status of its own', async () => {
    const unknown = await see({ recipient: '<img src=x>', strategy: 'picks' });
    expect([unknown.status, unknown.text.includes('<img src=x>')]).toEqual([404, false]);
    expect(unknown.text).toContain('Nothing is known about such a recipient');
    await registerStrategy(h.ctx, { name: 'new-one', definition: { ...picks, items: 4 } });
    const early = await see({ recipient: personOf(0), strategy: 'new-one' });
    expect(early.status).toBe(409);
    expect(early.text).toContain('let it learn');
    expect((await see({ recipient: personOf(0), strategy: 'no such' })).status).toBe(200);
  });

  it('a profile leads to it', async () => {
    const page = await request(h.app)
      .get('/profiles')
      .query({ recipient: personOf(0) })
      .set('Cookie', reader.cookie);
    expect(page.text).toContain(`/recommendations?recipient=${encodeURIComponent(personOf(0))}`);
  });
});
