import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { cookie: string; csrf: string };
let sender: { Authorization: string };

const html = `<html><body>\n<p>Hello {{ user.first_name }}</p>{% if user.vip %}<p>VIP</p>{% endif %}<a href="https://a.example/unsubscribe">x</a></body></html>`;
const definition = {
  engine: 'liquid',
  subject: '{{ slots.subject }}, {{ user.first_name }}',
  html,
  tokens: { 'user.first_name': { default: 'there', sample: 'Ada <i>' }, 'user.vip': { sample: true } },
};

beforeAll(async () => {
  h = await openHarness();
  admin = await h.signIn('admin');
  sender = await h.bearer('sender');
  const key = await h.bearer('admin');
  const made = await request(h.app).post('/v1/templates').set(key).send({ name: 'spring', definition });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ version: 1, findings: [{ code: 'no_text' }] });
  await createExperiment(h.ctx, { ...smallDraft, template: 'spring@1' });
  await createExperiment(h.ctx, { ...smallDraft, key: 'bare' });
});
afterAll(() => h.database.close());

const see = async (path: string, cookie = admin.cookie) => request(h.app).get(path).set('Cookie', cookie);

describe('pages of content', () => {
  it('lists templates and texts, and takes new ones with everything that is wrong', async () => {
    const wrong = await h.submit('/templates', admin, {
      template: 'spring',
      definition: JSON.stringify({ ...definition, html: '<p>{{ user.x }} {tier1_anchor}</p>' }),
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('line 1, column 7: the token &#34;user.x&#34; is not declared');
    expect(wrong.text).toContain('line 1, column 17: {tier1_anchor} is a placeholder');
    expect((await h.submit('/templates', admin, { template: 'spring', definition: '{' })).status).toBe(422);
    const again = await h.submit('/templates', admin, {
      template: 'spring',
      definition: JSON.stringify({ ...definition, text: 'Hello' }),
    });
    expect([again.status, again.headers['location']]).toEqual([303, '/templates/spring@2']);
    const added = await h.submit('/templates', admin, { content: 'offer', body: 'Ten <b>%' });
    expect(added.headers['location']).toBe('/templates#content-offer');
    expect((await h.submit('/templates', admin, { content: 'offer', body: ' ' })).status).toBe(422);
    const page = await see('/templates');
    expect(page.text).toContain('href="/templates/spring@2"');
    expect(page.text).toContain('Ten &lt;b&gt;%');
  });

  it('shows a template with its source, blocks and every sample recipient', async () => {
    const page = await see('/templates/spring@1?profile=markup');
    expect(page.status).toBe(200);
    expect(page.text).toContain('if user.vip');
    expect(page.text).toContain('src="/templates/spring@1/message/markup"');
    expect(page.text).toMatch(/<iframe [^>]*sandbox="allow-popups/);
    expect(page.text).not.toContain('<b id=pwn>');
    expect((await see('/templates/nothing')).status).toBe(404);
    expect((await see('/templates/spring@1/message/nobody')).status).toBe(404);
  });

  it('shows messages in a document that can run nothing and reach nothing', async () => {
    for (const path of [
      '/templates/spring@1/message/markup',
      '/experiments/subject-line/messages/0/markup/message',
    ]) {
      const { headers, text, status } = await see(path);
      expect(status).toBe(200);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^sandbox allow-popups[^;]*; default-src 'none'/);
      expect(policy).not.toMatch(/script|allow-same-origin/);
      expect(headers['x-frame-options']).toBe('SAMEORIGIN');
      expect(text).toContain('&lt;b id=pwn&gt;');
      expect((await request(h.app).get(path)).status).toBe(401);
    }
  });

  it('shows arms by sample recipients, each of them to be opened', async () => {
    const page = await see('/experiments/subject-line/messages');
    expect(page.text).toContain('All 14 messages can go out.');
    expect(page.text).toContain('href="/experiments/subject-line/messages/1/empty"');
    const cell = await see('/experiments/subject-line/messages/1/rich');
    expect(cell.text).toContain('Ready for spring?, Ada &lt;i&gt;');
    expect(cell.text).toContain('https://a.example/unsubscribe');
    for (const path of ['9/rich', 'x/rich', '1/nobody']) {
      expect((await see(`/experiments/subject-line/messages/${path}`)).status).toBe(404);
    }
    expect((await see('/experiments/bare/messages')).text).toContain('This experiment has no template');
  });
});

describe('POST /v1/experiments/{key}/render', () => {
  const post = (key: string) => request(h.app).post(`/v1/experiments/${key}/render`).set(sender);

  it('answers messages as JSON and as a stream of lines', async () => {
    expect((await post('subject-line').send({ recipients: [{ id: 'a' }] })).body).toMatchObject({
      code: 'experiment_is_draft',
    });
    await changeStatus(h.ctx, 'subject-line', 'start');
    await changeStatus(h.ctx, 'bare', 'start');
    const one = await post('subject-line').send({
      recipients: [{ id: 'a', traits: { first_name: 'Ada' } }, { id: 7 }],
    });
    expect(one.body).toMatchObject({
      experiment: 'subject-line',
      messages: [
        { id: 'a', rendered: 'template', links: ['https://a.example/unsubscribe'] },
        { index: 1, error: { code: 'invalid_id' } },
      ],
    });
    const lines = `{"id":"a","traits":{"first_name":"Ada"}}\n{"id":\n{"id":"b"}\n`;
    const many = await post('subject-line')
      .set('Content-Type', 'application/x-ndjson')
      .buffer(true)
      .parse(asText)
      .send(lines);
    const answers = String(many.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(answers[0]).toEqual((one.body as { messages: object[] }).messages[0]);
    expect(answers[1]).toMatchObject({ index: 1, error: {} });
    expect(answers[2]).toMatchObject({ id: 'b', subject: expect.stringMatching(/, there$/) });
    expect((await post('bare').send({ recipients: [] })).body).toMatchObject({
      status: 409,
      code: 'no_template',
    });
    const crowd = Array.from({ length: 1_001 }, (_, i) => ({ id: `${i}` }));
    expect((await post('subject-line').send({ recipients: crowd })).body).toMatchObject({
      code: 'too_many_recipients',
    });
  });

  it('keeps a wave apart by its message ids', async () => {
    const first = await post('subject-line').send({ recipients: [{ id: 'w' }] });
    const second = await post('subject-line')
      .query({ wave: 'two' })
      .send({ recipients: [{ id: 'w' }] });
    const [a, b] = [first, second].map(
      ({ body }) => (body as { messages: { messageId: string; arm: string }[] }).messages[0],
    );
    expect(a?.arm).toBe(b?.arm);
    expect(a?.messageId).not.toBe(b?.messageId);
  });
});

function asText(response: request.Response, done: (error: Error | null, text: string) => void): void {
  const stream = response as unknown as NodeJS.ReadableStream;
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  stream.on('end', () => done(null, text));
}
