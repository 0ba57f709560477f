import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

/** Strategies kept right: over the API and on the pages. */

let h: Harness;
let admin: { cookie: string; csrf: string };
let key: Record<string, string>;
let reader: Record<string, string>;

const offers = (bound: number, more: object = {}) => ({
  kind: 'rules',
  owner: 'CRM <team>',
  purpose: 'The right offer',
  review: '2020-01-01',
  rules: [
    { id: 'vip', when: { trait: 'orders', op: 'gte', value: bound }, slots: { subject: '<b>Best</b>' }, priority: 1 },
    { id: 'at', when: { trait: 'country', op: 'eq', value: 'AT' }, slots: { subject: 'Servus' } },
  ],
  default: { subject: 'Hello' },
  tests: [{ name: 'ten orders', traits: { orders: 10 }, expect: { rule: 'vip' } }],
  ...more,
}); // prettier-ignore

const post = (path: string, body: object, header = key) => request(h.app).post(path).set(header).send(body);
const see = (path: string) => request(h.app).get(path).set('Cookie', admin.cookie);
const register = (definition: object, name = 'offers') => post('/v1/strategies', { name, definition });
const active = async () =>
  (await request(h.app).get('/v1/strategies/offers').set(reader)).body as {
    active: number | null;
    versions: { status: string; usedBy: { key: string }[]; hash: string }[];
    record: { version: number; status: string; doneBy: string; note?: string }[];
  };

beforeAll(async () => {
  h = await openHarness();
  admin = await h.signIn('admin');
  key = await h.bearer('admin');
  reader = await h.bearer('analyst');
  const people = Array.from({ length: 20 }, (_, i) => ({
    recipient: `r${i}`,
    traits: { orders: i, country: i % 2 === 0 ? 'AT' : 'DE' },
  }));
  const recorded = await recordProfiles(h.ctx, people);
  expect(JSON.stringify(recorded)).not.toContain('refused');
  for (const bound of [3, 5, 8]) expect((await register(offers(bound))).status).toBe(201);
});
afterAll(() => h.database.close());

describe('registering', () => {
  it('refuses rules in conflict, failing tests, and unknown contents and segments, with the place', async () => {
    const rules = [
      { id: 'vip', when: { trait: 'orders', op: 'gte', value: 3 }, slots: { subject: 'Best' } },
      { id: 'at', when: { trait: 'country', op: 'eq', value: 'AT' }, slots: { subject: 'Servus' } },
    ];
    const clash = await register(offers(3, { rules, tests: [] }), 'clash');
    expect([clash.status, clash.body.code]).toEqual([422, 'invalid_strategy']);
    expect(clash.body.problems[0].message).toMatch(/"at" and "vip" .* country "AT", orders [34]/);
    const failing = await register(offers(11), 'failing');
    expect(failing.body.problems[0]).toMatchObject({ path: 'definition.tests' });
    const lost = [
      { ...rules[0], slots: { subject: { content: 'nothing' } }, priority: 2 },
      { ...rules[1], when: { segment: 'nobody' } },
    ];
    const unknown = await register(offers(3, { rules: lost, tests: [] }), 'lost');
    expect(unknown.body.problems.map(({ path }: { path: string }) => path)).toEqual([
      'definition.rules[0].slots.subject.content',
      'definition.rules[1].when.segment',
    ]);
    const names = await request(h.app).get('/v1/strategies').set(reader);
    const registered = (names.body.strategies as { name: string; status: string }[]).map(({ name, status }) => `${name} ${status}`); // prettier-ignore
    expect(registered).toEqual(['offers draft', 'offers draft', 'offers draft']);
  });
});

describe('lint and comparison', () => {
  it('look at stored recipients and write nothing', async () => {
    const lint = await post('/v1/strategies/lint', { strategy: offers(3) }, reader);
    expect(lint.body.findings.map(({ code }: { code: string }) => code)).toEqual(['review_overdue']);
    expect(lint.body).toMatchObject({
      ...{ stored: 20, tests: [{ name: 'ten orders', passed: true }] },
      fared: [{ rule: 'vip', matched: 17, won: 17 }, { rule: 'at', matched: 10, won: 2 }], // prettier-ignore
    });
    const asked = { from: 'offers@1', to: 'offers@3' };
    const compared = await post('/v1/strategies/compare', asked, reader);
    expect(compared.body).toMatchObject({
      definitions: {
        ...{ added: [], removed: [] },
        changed: [{ name: 'rule vip', fields: [{ field: 'if' }] }],
      },
      recipients: {
        ...{ recipients: 20, changed: 5, bySlot: [{ slot: 'subject', changed: 5 }] },
        moves: [{ from: 'rule vip', to: 'default', changed: 3 }, { from: 'rule vip', to: 'rule at', changed: 2 }], // prettier-ignore
      },
    });
    const few = await post('/v1/strategies/compare', { ...asked, recipients: 4 }, reader);
    expect(few.body.recipients.recipients).toBe(4);
  });

  it('refuse what is no strategy, with the path', async () => {
    const wrong = await post('/v1/strategies/lint', { strategy: { kind: 'rules', rules: [] } }, reader);
    expect([wrong.status, wrong.body.problems[0].path]).toEqual([422, 'strategy.rules']);
    expect((await post('/v1/strategies/lint', { strategy: 'offers@9' }, reader)).status).toBe(404);
    expect((await post('/v1/strategies/lint', { strategy: 7 }, reader)).body.code).toBe('invalid_request');
    expect((await post('/v1/strategies/compare', { from: 'offers@1' }, reader)).status).toBe(422);
  });
});

describe('activation', () => {
  const change = (action: string, body: object) => post(`/v1/strategies/offers/${action}`, body);

  it('goes step by step, back step by step, and only adds to the record', async () => {
    expect((await change('rollback', {})).body.code).toBe('nothing_before');
    expect((await change('retire', {})).body.code).toBe('nothing_active');
    for (const version of [1, 2, 3])
      expect((await change('activate', { version })).body.active).toBe(version);
    expect((await change('activate', { version: 3 })).body).toMatchObject({ active: 3, changed: false });
    expect((await change('rollback', { note: 'too many' })).body.active).toBe(2);
    expect((await change('rollback', {})).body.active).toBe(1);
    expect((await change('rollback', {})).status).toBe(409);
    expect((await change('retire', {})).body.active).toBe(null);
    expect((await change('rollback', {})).body.active).toBe(1);
    expect((await change('rollback', { version: 3 })).body.active).toBe(3);
    const { record, versions } = await active();
    expect(record.map(({ version, status }) => `${version} ${status}`)).toEqual([
      ...['1 active', '2 active', '3 active', '2 active', '1 active', '1 retired', '1 active', '3 active'],
    ]);
    expect(record[3]).toMatchObject({ note: 'too many', doneBy: 'admin' });
    expect(versions.map(({ status }) => status)).toEqual(['retired', 'retired', 'active']);
  });

  it('says what cannot be done', async () => {
    await register(offers(9));
    expect((await change('rollback', { version: 4 })).body.code).toBe('never_active');
    expect((await change('activate', { version: 77 })).status).toBe(404);
    expect((await change('activate', {})).body.problems[0].path).toBe('version');
    expect((await change('retire', { version: 1 })).status).toBe(422);
    expect((await post('/v1/strategies/nothing/activate', { version: 1 })).status).toBe(404);
    expect((await post('/v1/strategies/%00/activate', { version: 1 })).status).toBe(404);
  });

  it('leaves the arms of an experiment that runs alone', async () => {
    const [plain, question] = smallDraft.factors[0].levels;
    const fixed = { kind: 'static', slots: plain.slots };
    const levels = [
      { key: plain.key, strategy: fixed },
      { key: question.key, strategy: 'offers@1', fallback: { subject: 'x' } },
    ];
    const draft = { ...smallDraft, factors: [{ key: 'strategy', levels }] };
    expect((await post('/v1/experiments', draft)).body).toMatchObject({ missing: [] });
    await post('/v1/experiments/subject-line/start', {});
    const ask = async () =>
      (await post('/v1/experiments/subject-line/assignments', { recipients: [{ id: 'r4', traits: { orders: 4 } }, { id: 'r5', traits: { orders: 4 } }, { id: 'r6', traits: { orders: 4 } }, { id: 'r7', traits: { orders: 4 } }] })).body as unknown; // prettier-ignore
    const before = await ask();
    expect(JSON.stringify(before)).toContain('Best');
    for (const version of [2, 1, 3]) await change('activate', { version });
    expect(await ask()).toEqual(before);
    const { versions } = await active();
    expect(versions[0]?.usedBy).toMatchObject([{ key: 'subject-line', status: 'running' }]);
  });

  it('is ordered where two do it at once', async () => {
    const answers = await Promise.all([1, 2, 3, 1, 2, 3].map((version) => change('activate', { version })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { record, active: now } = await active();
    expect(record.at(-1)?.version).toBe(now);
    // Whichever was the last: those that follow begin with this one.
    await change('activate', { version: 3 });
  });
});

describe('the pages', () => {
  it('list every strategy with status, owner, users and late reviews, hostile texts as text', async () => {
    const page = await see('/strategies');
    expect(page.status).toBe(200);
    for (const text of ['CRM &lt;team&gt;', 'Review is late', 'Which subject line?', 'version 3 of 4']) {
      expect(page.text).toContain(text);
    }
    expect(page.text).not.toContain('<b>Best</b>');
  });

  it('show one with its drawing, findings, tests, differences and record', async () => {
    const page = await see('/strategies/offers?version=3&from=1');
    expect(page.status).toBe(200);
    for (const text of ['<svg', 'orders is at least 8', 'review_overdue', '1 test, all passed', '5 of 20 recipients change', 'too many', 'country is “AT”']) {
      expect(page.text).toContain(text);
    } // prettier-ignore
    expect(page.text).not.toContain('<b>Best</b>');
    expect((await see('/strategies/nothing')).status).toBe(404);
    for (const odd of ['?version=x', '?version=1&version=2', '?from=99', '?version=%00'])
      expect((await see(`/strategies/offers${odd}`)).status).toBe(200);
  });

  it('change what is active, for admins with their own form only', async () => {
    expect((await h.submit('/strategies/offers/activate', admin, { version: '2' })).status).toBe(303);
    expect((await active()).active).toBe(2);
    expect((await active()).record.at(-1)?.doneBy).toBe('A admin');
    const form = await see('/strategies/offers?version=3');
    expect(form.text).toContain('/strategies/offers?version=3&amp;from=2#difference');
    const note = 'Tried <b>enough</b>';
    expect((await h.submit('/strategies/offers/activate', admin, { version: '3', note })).status).toBe(303);
    expect((await active()).record.at(-1)).toMatchObject({ version: 3, note });
    expect((await see('/strategies/offers')).text).toContain('Tried &lt;b&gt;enough');
    const refused = await h.submit('/strategies/offers/activate', admin, { version: '9', note: 'kept here' });
    expect([refused.status, (await active()).active]).toEqual([404, 3]);
    const long = await h.submit('/strategies/offers/activate', admin, {
      version: '2',
      note: 'x'.repeat(1_001),
    });
    expect([long.status, long.text.includes('x'.repeat(1_001)), (await active()).active]).toEqual([
      422,
      true,
      3,
    ]);
    expect((await h.submit('/strategies/offers/retire', admin)).status).toBe(303);
    const again = await h.submit('/strategies/offers/retire', admin);
    expect([again.status, again.text.includes('there is nothing to retire')]).toEqual([409, true]);
    expect((await h.submit('/strategies/offers/rollback', { ...admin, csrf: 'x' })).status).toBe(403);
    const analyst = await h.signIn('analyst');
    expect((await h.submit('/strategies/offers/rollback', analyst)).status).toBe(403);
    expect((await active()).active).toBe(null);
  });

  it('have words for what is not there yet', async () => {
    const own = await openHarness();
    const other = await own.signIn('admin');
    const page = await request(own.app).get('/strategies').set('Cookie', other.cookie);
    expect(page.text).toContain('There is no strategy yet');
    const made = await own.submit('/strategies', other, { name: 'one', definition: JSON.stringify({ kind: 'static', slots: { subject: 'Hi' } }) }); // prettier-ignore
    expect(made.headers['location']).toBe('/strategies/one?version=1');
    const shown = await request(own.app).get('/strategies/one').set('Cookie', other.cookie);
    for (const text of ['No version was ever active', 'There are no tests', 'Everyone']) {
      expect(shown.text).toContain(text);
    }
    await own.database.close();
  });
});
