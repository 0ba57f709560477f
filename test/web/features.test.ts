import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { featuresRoute } from '../../src/web/api/features.js';
import type { Content } from '../../src/web/api/route.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let key: { Authorization: string };
let analyst: { cookie: string };
const hostile = '<img src=x onerror=alert(1)>\u202egnp.exe';
const post = (path: string, body: object) => request(h.app).post(path).set(key).send(body);
const read = async () => (await request(h.app).get('/v1/features').set(key).expect(200)).body as Body;
const see = async () => (await request(h.app).get('/features').set('Cookie', analyst.cookie)).text;

interface Body {
  known: { pattern: string }[];
  inUse: { name: string; askedBy: { what: string; name: string; version: number; liveIn?: string[] }[] }[];
  eventConditions: { says: string; askedBy: object[] }[];
}

const rules = (days: number, more: object = {}) => ({
  kind: 'rules',
  rules: [
    { id: 'back', when: { feature: `count(view, ${days}d)`, op: 'gte', value: 3 }, slots: { subject: 'a' } },
  ],
  default: { subject: 'b' },
  ...more,
});

beforeAll(async () => {
  h = await openHarness();
  key = await h.bearer('admin');
  analyst = await h.signIn('analyst');
});
afterAll(() => h.database.close());

test('before anybody asks, all that can be asked for is shown', async () => {
  const { known, inUse, eventConditions } = await read();
  expect([inUse, eventConditions]).toEqual([[], []]);
  const page = await see();
  expect(page).toContain('asks for a feature yet');
  expect(page).toContain('No condition asks about events yet');
  for (const { pattern } of known) expect(page).toContain(pattern);
});

test('versions that are active, the newest or live ask, others do not; segments by their newest version', async () => {
  for (const days of [1, 2, 3, 4]) {
    expect((await post('/v1/strategies', { name: 'back', definition: rules(days) })).status).toBe(201);
  }
  await post('/v1/strategies/back/activate', { version: 2 });
  const levels = [{ key: 'one', strategy: 'back@3' }, { key: 'two', strategy: { kind: 'static', slots: { subject: 'c' } } }]; // prettier-ignore
  const draft = { ...smallDraft, key: 'live', factors: [{ key: 'strategy', levels }], control: 'two' };
  expect((await post('/v1/experiments', draft)).status).toBe(201);
  const names = async () => (await read()).inUse.map(({ name }) => name);
  expect(await names()).toEqual(['count(view, 2d)', 'count(view, 4d)']);
  expect((await post('/v1/experiments/live/start', {})).status).toBe(200);
  for (const value of [1, 2]) {
    const when = { all: [{ trait: hostile, op: 'exists' }, { feature: value === 1 ? 'frequency' : 'tenure_days', op: 'gte', value }] }; // prettier-ignore
    expect((await post('/v1/segments', { name: 'old', title: hostile, when })).status).toBe(201);
  }
  expect(await names()).toEqual(['count(view, 2d)', 'count(view, 3d)', 'count(view, 4d)', 'tenure_days', `trait.${hostile}`]); // prettier-ignore
  const { inUse } = await read();
  expect(inUse.slice(0, 3).map(({ askedBy }) => askedBy)).toMatchObject([
    [{ name: 'back', version: 2, active: true, newest: false, liveIn: [] }],
    [{ name: 'back', version: 3, active: false, newest: false, liveIn: ['live'] }],
    [{ name: 'back', version: 4, active: false, newest: true, liveIn: [] }],
  ]);
  expect(inUse[3]?.askedBy).toMatchObject([{ what: 'segment', name: 'old', version: 2 }]);
});

test('templates ask for traits by their newest version, and by the one that renders for an arm of a live experiment', async () => {
  const letter = (trait: string) => ({
    ...{ engine: 'liquid', subject: 'Hello {{ user.first_name }}' },
    html: `<html><body>{{ user.${trait} }}<a href="https://shop.example/unsubscribe?m={{ message.id }}">Leave</a></body></html>`,
    tokens: {
      'user.first_name': { default: 'there', description: hostile },
      [`user.${trait}`]: { default: 'none' },
    },
  });
  for (const trait of ['one', 'two', 'three', 'four'])
    expect((await post('/v1/templates', { name: 'letter', definition: letter(trait) })).status).toBe(201);
  const levels = [1, 2].map((version) => ({ key: `v${version}`, slots: { subject: 'a' }, template: `letter@${version}` })); // prettier-ignore
  const factors = [{ key: 'letter', levels }, { key: 'offer', levels: ['x', 'y'].map((key) => ({ key, slots: { offer: key } })) }]; // prettier-ignore
  const draft = { ...smallDraft, key: 'letters', factors, control: 'v1/x' };
  expect((await post('/v1/experiments', draft)).status).toBe(201);
  const traits = async () =>
    (await read()).inUse.filter(({ askedBy }) => askedBy.some(({ what }) => what === 'template'));
  expect((await traits()).map(({ name }) => name)).toEqual(['trait.first_name', 'trait.four']);
  expect((await post('/v1/experiments/letters/start', {})).status).toBe(200);
  const found = await traits();
  expect(found.map(({ name }) => name)).toEqual(['trait.first_name', 'trait.four', 'trait.one', 'trait.two']);
  const asks = { what: 'template', name: 'letter', through: [] };
  const usedBy = (version: number) => [{ experiment: 'letters', arms: [`v${version}/x`, `v${version}/y`] }];
  expect(found[0]?.askedBy).toEqual([
    { ...asks, version: 1, newest: false, usedBy: usedBy(1), purpose: hostile },
    { ...asks, version: 2, newest: false, usedBy: usedBy(2), purpose: hostile },
    { ...asks, version: 4, newest: true, usedBy: [], purpose: hostile },
  ]);
  expect(found[3]?.askedBy).toEqual([{ ...asks, version: 2, newest: false, usedBy: usedBy(2) }]);
  const page = await see();
  expect(page).toContain('<a href="/templates/letter@2">letter@2</a> <span class="quiet">template</span>');
  expect(page).toContain('<a href="/experiments/letters">letters</a> (<bdi>arms v2/x, v2/y</bdi>)');
});

test('conditions on events are told in words, with who asks and why', async () => {
  const when = { event: 'purchase', within: '30d', where: [{ property: hostile, op: 'eq', value: hostile }] };
  const definition = { kind: 'rules', rules: [{ id: 'r', when, slots: { subject: 'a' } }], default: { subject: 'b' }, owner: 'CRM', purpose: 'Thank buyers' }; // prettier-ignore
  expect((await post('/v1/strategies', { name: 'thanks', definition })).status).toBe(201);
  const { eventConditions } = await read();
  expect(eventConditions).toMatchObject([
    {
      says: `bought with ${hostile} is “${hostile}” at least once within 30 days`,
      ...{ event: 'purchase', properties: [hostile], within: '30d' },
      askedBy: [{ what: 'strategy', name: 'thanks', version: 1, newest: true, purpose: 'Thank buyers' }],
    },
  ]);
  const page = await see();
  const section = /<section aria-labelledby="conditions">[^]*?<\/section>/.exec(page)?.[0] ?? '';
  expect(section).toContain('at least once within 30 days');
  expect(section).toContain('<a href="/strategies/thanks?version=1">thanks@1</a>');
  expect(section).toContain('Thank buyers');
  expect(section).not.toContain('<img src=x');
  expect(section).not.toContain('\u202e');
});

test('the answer is as the route says', async () => {
  const { schema } = featuresRoute.answers[200]?.content['application/json'] as Content;
  expect(schema.safeParse(await read()).error).toBeUndefined();
});

test('the page links to who asks and escapes what they are called', async () => {
  await post('/v1/strategies', { name: 'back', definition: rules(5, { owner: hostile, purpose: hostile }) });
  const page = await see();
  expect(page).toContain('<a href="/strategies/back?version=5">back@5</a>');
  expect(page).toContain('<a href="/experiments/live">live</a>');
  expect(page).toContain('<a href="/segments/old">old@2</a>');
  expect(page).toContain('&lt;img src=x');
  expect(page).not.toContain('<img src=x');
  expect(page).not.toContain('\u202e');
});

test.each(['/strategies', '/models'])('%s links to the page', async (path) => {
  const page = await request(h.app).get(path).set('Cookie', analyst.cookie);
  expect(page.text).toContain('href="/features"');
});
