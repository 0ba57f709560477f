import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleDraft } from '../../src/experiments/example-draft.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { cookie: string; csrf: string };
const see = (path: string) => request(h.app).get(path).set('Cookie', admin.cookie);

beforeAll(async () => {
  h = await openHarness();
  admin = await h.signIn('admin');
});
afterAll(() => h.database.close());

const plain = {
  form: 'plain',
  title: 'Häufiger öffnen?',
  hypothesis: 'A question is opened more often.',
  controlName: 'Plain',
  controlSubject: 'Our spring collection',
  challengerName: 'Question',
  challengerSubject: 'Ready for spring?',
  success: 'opened',
  days: '7',
  cohorts: 'country, plan',
  traffic: '50',
  baseline: '20',
  uplift: '5',
};

describe('writing down an experiment', () => {
  it('by the short form makes the draft that was meant', async () => {
    const answer = await h.submit('/experiments', admin, plain);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/experiments/haufiger-offnen']);
    const header = await h.bearer('analyst');
    const stored = await request(h.app).get('/v1/experiments/haufiger-offnen').set(header);
    expect(stored.body).toMatchObject({
      title: 'Häufiger öffnen?',
      control: 'plain',
      traffic: 0.5,
      window: '7d',
      cohorts: [{ trait: 'country' }, { trait: 'plan' }],
      plan: { baseline: 0.2, smallestUplift: 0.05 },
      metrics: [
        { key: 'opened', role: 'primary', direction: 'increase' },
        { key: 'unsubscribed', role: 'guardrail', direction: 'decrease' },
      ],
      missing: [],
    });
    expect(stored.body.factors[0].levels[1].slots).toEqual({ subject: 'Ready for spring?' });
  });

  it('shows what is wrong beside the field and loses nothing', async () => {
    const written = {
      ...plain,
      key: 'Not A Key',
      challengerSubject: '"><script>',
      traffic: 'many',
      days: '0',
    };
    const answer = await h.submit('/experiments', admin, written);
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain('<script>');
    expect(answer.text).toContain('value="&#34;&gt;&lt;script&gt;"');
    expect(answer.text).toContain('value="Not A Key"');
    expect(answer.text).toContain('A question is opened more often.');
    for (const field of ['key', 'traffic', 'days']) {
      expect(answer.text).toMatch(new RegExp(`id="f-${field}-error"`));
      expect(answer.text).toMatch(new RegExp(`id="f-${field}"[^>]*aria-invalid="true"`));
    }
    const empty = await h.submit('/experiments', admin, { form: 'plain' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('id="f-controlSubject-error"');
    const both = await h.submit('/experiments', admin, { ...plain, key: 'Not A Key', controlSubject: '' });
    for (const field of ['key', 'controlSubject']) expect(both.text).toContain(`id="f-${field}-error"`);
    expect(both.text).not.toContain('id="f-title-error"');
    const taken = await h.submit('/experiments', admin, plain);
    expect(taken.text).toMatch(/id="f-key-error">[^<]*already/);
  });

  it('as JSON takes any design, and keeps what was written when it is wrong', async () => {
    const json = JSON.stringify(exampleDraft);
    const made = await h.submit('/experiments', admin, { form: 'json', json });
    expect(made.headers['location']).toBe(`/experiments/${exampleDraft.key}`);
    const broken = await h.submit('/experiments', admin, { form: 'json', json: '{"key": <oops>' });
    expect(broken.status).toBe(422);
    expect(broken.text).toContain('{&#34;key&#34;: &lt;oops&gt;');
    expect(broken.text).toContain('not valid JSON');
    const wrong = JSON.stringify({ ...smallDraft, control: 'nobody' });
    const problems = await h.submit('/experiments', admin, { form: 'json', json: wrong });
    expect(problems.text).toContain('<code>control</code> no arm is called');
  });

  it('can begin with a copy', async () => {
    const page = await see(`/experiments/new?from=${exampleDraft.key}`);
    const json = /<textarea id="f-json"[^>]*>\n([^<]*)</
      .exec(page.text)![1]!
      .replaceAll('&#34;', '"')
      .replaceAll('&gt;', '>');
    const made = await h.submit('/experiments', admin, { form: 'json', json });
    expect(made.headers['location']).toBe(`/experiments/${exampleDraft.key}-copy`);
    expect((await see('/experiments/new?from=nothing')).status).toBe(404);
  });

  it('refuses text that cannot be stored', async () => {
    const answer = await h.submit('/experiments', admin, { ...plain, title: 'a\0b' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('U+0000');
  });
});

describe('running an experiment on the pages', () => {
  it('says what a draft lacks, and starts it when it lacks nothing', async () => {
    const lacking = JSON.stringify({ ...smallDraft, key: 'lacking', hypothesis: undefined });
    await h.submit('/experiments', admin, { form: 'json', json: lacking });
    const page = await see('/experiments/lacking');
    expect(page.text).toContain('Before it can start');
    const refused = await h.submit('/experiments/lacking/start', admin);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('cannot start yet');

    await h.submit('/experiments', admin, {
      form: 'json',
      json: JSON.stringify({ ...smallDraft, key: 'page' }),
    });
    const started = await h.submit('/experiments/page/start', admin);
    expect([started.status, started.headers['location']]).toEqual([303, '/experiments/page']);
    const twice = await h.submit('/experiments/page/start', admin);
    expect(twice.status).toBe(409);
    expect(twice.text).toContain('cannot start; what is possible is to pause or stop it');
  });

  it('assigns pasted recipients, as they stand', async () => {
    const recipients = 'ada\r\n bob \r\n{"id": "cleo", "traits": {"country": "AT"}}\r\n<b>\r\n\r\n{"id": ""}';
    const page = await h.submit('/experiments/page/assign', admin, { recipients });
    expect(page.status).toBe(200);
    const ids = (await h.ctx.db('identities').pluck('recipient_id')) as string[];
    expect(ids.sort()).toEqual([' bob ', '<b>', 'ada', 'cleo']);
    expect(page.text).toContain('<th scope="row">&lt;b&gt;</th>');
    expect(page.text).toContain('id is empty');
    const empty = await h.submit('/experiments/page/assign', admin, { recipients: '' });
    expect([empty.status, empty.text.includes('at least one recipient')]).toEqual([422, true]);
    const broken = await h.submit('/experiments/page/assign', admin, { recipients: '{"id":' });
    expect(broken.status).toBe(422);
    expect(broken.text).toContain('{&#34;id&#34;:');
  });

  it('records an event once, however often the form is sent', async () => {
    const form = await see('/experiments/page/assign');
    const id = /name="id"[^>]*value="([^"]+)"/.exec(form.text)![1]!;
    const event = {
      id,
      type: 'converted',
      recipient: 'ada',
      at: '2026-03-01T10:00:00Z',
      value: '19.99',
      json: '',
    };
    const sent = { ...event, id: `${id}-sent`, type: 'sent', value: '' };
    expect((await h.submit('/experiments/page/events', admin, sent)).text).toContain(
      '<strong>recorded</strong>',
    );
    expect((await h.submit('/experiments/page/events', admin, event)).text).toContain(
      '<strong>recorded</strong>',
    );
    expect((await h.submit('/experiments/page/events', admin, event)).text).toContain(
      '<strong>duplicate</strong>',
    );
    const wrong = await h.submit('/experiments/page/events', admin, {
      ...event,
      id: 'x',
      recipient: 'nobody',
      at: 'yesterday',
    });
    expect(wrong.text).toContain('<strong>refused</strong>');
    expect(wrong.text).toContain('value="nobody"');
    const json = JSON.stringify({
      events: [
        { ...sent, id: 'j1', json: undefined, value: undefined, recipient: 'cleo', experiment: 'page' },
      ],
    });
    const several = await h.submit('/experiments/page/events', admin, { ...event, json });
    expect(several.text).toContain('<code>j1</code>');
    const report = await see('/v1/experiments/page/report');
    const revenue = report.body.metrics.find((metric: { key: string }) => metric.key === 'revenue');
    expect(revenue.arms.map((arm: { total: string }) => arm.total)).toContain('19.99');
  });

  it('shows the report with its design, its data for the charts, and links that work with the session', async () => {
    const page = await see('/experiments/page');
    expect(page.status).toBe(200);
    expect(page.text).toContain('id="report-charts"');
    expect(page.text).toContain('Our spring collection');
    const json = /href="(\/v1\/experiments\/page\/report\?snapshot=[^"]+)"/.exec(page.text)![1]!;
    const csv = /href="(\/v1\/experiments\/page\/report\.csv\?snapshot=[^"]+)"/.exec(page.text)![1]!;
    const report = await see(json);
    expect(report.status).toBe(200);
    expect(page.text).toContain(report.body.snapshot);
    expect((await see(csv)).headers['content-disposition']).toContain('postulate-page.csv');
    const frozen = await see(`/experiments/page?snapshot=${String(report.body.snapshot)}`);
    expect(frozen.text).toContain('frozen snapshot');
    expect((await see('/experiments/page?snapshot=nope')).status).toBe(404);
  });

  it('shows hostile titles as text', async () => {
    const json = JSON.stringify({
      ...smallDraft,
      key: 'hostile',
      title: '</script><img src=x onerror=alert(1)>',
    });
    await h.submit('/experiments', admin, { form: 'json', json });
    await h.submit('/experiments/hostile/start', admin);
    for (const path of ['/', '/experiments/hostile', '/experiments/hostile/assign']) {
      const page = await see(path);
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('<img');
    }
  });
});

describe('strategies and people', () => {
  it('registers a version, or says what is wrong with it', async () => {
    const definition = JSON.stringify({ kind: 'static', slots: { subject: 'Hello' } });
    const made = await h.submit('/strategies', admin, { name: 'hello', definition });
    expect(made.status).toBe(303);
    const list = await see('/strategies');
    expect(list.text).toContain('href="/strategies/hello"');
    const wrong = await h.submit('/strategies', admin, { name: 'hello', definition: '{"kind":"oracle"}' });
    expect([wrong.status, wrong.text.includes('definition.kind')]).toEqual([422, true]);
    const broken = await h.submit('/strategies', admin, { name: 'hello', definition: '{' });
    expect([broken.status, broken.text.includes('cannot be read as YAML or JSON')]).toEqual([422, true]);
  });

  it('invites a colleague by a link that works', async () => {
    const page = await h.submit('/access/links', admin, { name: 'Ana', role: 'analyst' });
    const link = /id="secret">([^<]+)</.exec(page.text)![1]!;
    const answer = await request(h.app).get(link.replace('http://localhost:3000', ''));
    const cookie = String(answer.headers['set-cookie']?.[0]).split(';')[0]!;
    const list = await request(h.app).get('/').set('Cookie', cookie);
    expect(list.text).toContain('Ana');
    expect(list.text).not.toContain('New experiment');
    const nameless = await h.submit('/access/links', admin, { name: ' ', role: 'analyst' });
    expect([nameless.status, nameless.text.includes('use 1 to 100 characters')]).toEqual([422, true]);
  });
});
