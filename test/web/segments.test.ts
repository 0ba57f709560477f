import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepMembers } from '../../src/flows/keep-members.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let analyst: { cookie: string; csrf: string };
let admin: { cookie: string; csrf: string };
let key: { Authorization: string };
const post = (path: string, body: object) => request(h.app).post(path).set(key).send(body);
const get = (path: string) => request(h.app).get(path).set(key);
const see = (path: string) => request(h.app).get(path).set('Cookie', analyst.cookie);
const hostile = '<img src=x onerror=alert(1)>\u202egnp.exe';

beforeAll(async () => {
  h = await openHarness();
  key = await h.bearer('admin');
  analyst = await h.signIn('analyst');
  admin = await h.signIn('admin');
});
afterAll(() => h.database.close());

describe('segments over HTTP', () => {
  it('are registered, refused with paths, listed, and live for the very next decision', async () => {
    const made = await post('/v1/segments', {
      name: 'purchaser',
      title: hostile,
      when: { event: 'purchase' },
    });
    expect([made.status, made.body.version]).toEqual([201, 1]);
    const wrong = await post('/v1/segments', { name: 'a', when: { event: 'purchase', within: '7 days' } });
    expect([wrong.status, wrong.body.problems[0].path]).toEqual([422, 'when.within']);
    const cycle = await post('/v1/segments', { name: 'purchaser', when: { not: { segment: 'purchaser' } } });
    expect([cycle.status, cycle.body.code]).toEqual([422, 'segment_cycle']);
    expect((await get('/v1/segments/nobody')).status).toBe(404);

    const rules = (id: string) => ({
      kind: 'rules',
      rules: [{ id, when: { segment: 'purchaser' }, slots: { subject: 'Thank you' } }],
      default: { subject: 'Come in' },
    });
    const levels = [{ key: 'one', strategy: rules('one') }, { key: 'two', strategy: rules('two') }]; // prettier-ignore
    const draft = { ...smallDraft, key: 'live', factors: [{ key: 'strategy', levels }], control: 'one' };
    expect((await post('/v1/experiments', draft)).status).toBe(201);
    await post('/v1/experiments/live/start', {});
    const subjectFor = async (id: string) =>
      (await post('/v1/experiments/live/assignments', { recipients: [{ id }] })).body.assignments[0].content
        .subject;
    expect(await subjectFor('ann')).toBe('Come in');
    const at = new Date(h.ctx.clock().getTime() - 1).toISOString();
    const told = await post('/v1/events', { events: [{ id: 'p1', type: 'purchase', recipient: 'bob', at }] });
    expect(told.status).toBe(200);
    expect(await subjectFor('bob')).toBe('Thank you');

    await keepMembers(h.ctx);
    const { body } = await get('/v1/segments');
    expect(body.segments).toMatchObject([{ name: 'purchaser', size: { members: 1, lagSeconds: 0 } }]);
    const members = await get('/v1/segments/purchaser/members');
    expect(members.type).toBe('application/x-ndjson');
    expect(JSON.parse(members.text.trim())).toMatchObject({ recipient: 'bob' });
    expect((await get('/v1/segments/nobody/members')).status).toBe(404);
  });

  it('are shown on pages that escape what they are called', async () => {
    for (const path of ['/segments', '/segments/purchaser', '/profiles?recipient=bob', '/audience']) {
      const page = await see(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).not.toContain('<img src=x');
      expect(page.text).not.toContain('\u202e');
    }
    const profile = (await see('/profiles?recipient=bob')).text;
    expect(profile).toContain('lifecycle_stage');
    expect(profile).toContain('href="/segments/purchaser"');
    expect((await see('/segments/nobody')).status).toBe(404);
  });

  it('are registered by a form, which keeps what was wrong', async () => {
    const when = JSON.stringify({ event: 'cart' });
    expect((await h.submit('/segments', admin, { name: 'carts', title: '', when })).status).toBe(303);
    const wrong = await h.submit('/segments', admin, { name: 'carts', title: '', when: '{"event": "boo"}' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('when.event');
    expect((await h.submit('/segments', admin, { name: 'carts', title: '', when: '{' })).status).toBe(422);
    expect((await h.submit('/segments', analyst, { name: 'x', title: '', when })).status).toBe(403);
  });
});

describe('the audience and personas over HTTP', () => {
  it('add up, and refuse what cannot be', async () => {
    const { body } = await get('/v1/audience');
    for (const list of [body.stages, body.tiers, body.sparsity]) {
      expect(list.reduce((sum: number, { people }: { people: number }) => sum + people, 0)).toBe(body.people);
    }
    expect((await get('/v1/audience?currency=euro')).status).toBe(422);
    const few = await post('/v1/personas', { name: 'all' });
    expect([few.status, few.body.code]).toEqual([409, 'personas_refused']);
    expect((await post('/v1/personas', { name: 'all', personas: 1 })).status).toBe(422);
  });

  it('are made, described anew as a version, and shown', async () => {
    const now = h.ctx.clock().getTime();
    const ids = Array.from({ length: 60 }, (_, i) => `person ${i}`);
    await recordProfiles(
      h.ctx,
      ids.map((recipient) => ({ recipient, traits: { x: 1 } })),
    );
    const events = ids.flatMap((recipient, i) =>
      Array.from({ length: i % 2 === 0 ? 1 : 6 }, (_, n) => ({
        id: `${recipient} ${n}`,
        type: 'purchase',
        recipient,
        at: new Date(now - (i % 2 === 0 ? 200 : 3 + n) * 86_400_000 - i * 60_000).toISOString(),
      })),
    );
    await post('/v1/events', { events });
    const features = [{ feature: 'recency_days' }, { feature: 'frequency', scale: 'log' }];
    const made = await post('/v1/personas', { name: 'all', features, personas: 2 });
    expect([made.status, made.body.version, made.body.model.agreement]).toEqual([201, 1, 1]);
    expect((await post('/v1/personas', { name: 'all', features, personas: 2 })).body.hash).toBe(
      made.body.hash,
    );
    const texts = await post('/v1/personas/all/texts', { persona: 'p1', title: hostile });
    expect([texts.status, texts.body.version, texts.body.model.personas[0].title]).toEqual([201, 2, hostile]);
    expect(texts.body.model.tree).toEqual(made.body.model.tree);
    expect((await post('/v1/personas/all/texts', { persona: 'p9', title: 'x' })).status).toBe(404);
    expect((await post('/v1/personas/all/texts', { persona: 'p1', title: ' ' })).status).toBe(422);
    const page = (await see('/audience')).text;
    expect(page).toContain('all@2');
    expect(page).not.toContain('<img src=x');
    expect((await see('/profiles?recipient=person%201')).text).toContain('Persona of');
  });
});
