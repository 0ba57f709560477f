import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedArm, openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { Authorization: string };

beforeAll(async () => {
  h = await openHarness();
  admin = await h.bearer('admin');
});
afterAll(() => h.database.close());

const post = (path: string, body?: unknown) => {
  const test = request(h.app).post(path).set(admin);
  return body === undefined ? test : test.send(body as object);
};
const get = (path: string) => request(h.app).get(path).set(admin);

interface Assigned {
  id: string;
  arm: string;
  content: Record<string, string>;
  messageId: string;
}

describe('a campaign through the API', () => {
  it('goes from a draft to a report', async () => {
    const created = await post('/v1/experiments', smallDraft);
    expect(created.status).toBe(201);
    expect(created.headers['location']).toBe('/v1/experiments/subject-line');
    expect(created.body).toMatchObject({ status: 'draft', actions: ['start'], missing: [] });

    const early = await post('/v1/experiments/subject-line/assignments', { recipients: [{ id: 'a' }] });
    expect([early.status, early.body.code]).toEqual([409, 'experiment_is_draft']);

    const started = await post('/v1/experiments/subject-line/start');
    expect([started.status, started.body.status]).toEqual([200, 'running']);
    const again = await post('/v1/experiments/subject-line/start');
    expect([again.status, again.body.code]).toEqual([409, 'wrong_status']);

    const recipients = Array.from({ length: 200 }, (_, i) => ({ id: `r${i}`, traits: { country: 'AT' } }));
    const assigned = await post('/v1/experiments/subject-line/assignments', { recipients });
    const answers = assigned.body.assignments as Assigned[];
    expect(answers.map((answer) => answer.id)).toEqual(recipients.map((recipient) => recipient.id));
    const salt = String(created.body.salt);
    expect(answers.map((answer) => answer.arm)).toEqual(recipients.map(({ id }) => expectedArm(salt, id)));
    const subjects = { plain: 'Our spring collection', question: 'Ready for spring?' };
    for (const answer of answers) {
      expect(answer.content['subject']).toBe(subjects[answer.arm as keyof typeof subjects]);
    }
    const repeated = await post('/v1/experiments/subject-line/assignments', { recipients });
    expect(repeated.body).toEqual(assigned.body);

    const events = answers.flatMap((answer, i) => [
      { id: `s${i}`, type: 'sent', messageId: answer.messageId, at: '2026-03-01T10:00:00Z' },
      ...(i % 4 === 0
        ? [{ id: `c${i}`, type: 'clicked', messageId: answer.messageId, at: '2026-03-01T11:00:00Z' }]
        : []),
    ]);
    const recorded = await post('/v1/events', { events });
    expect(recorded.body).toMatchObject({ recorded: 250, duplicate: 0, refused: 0 });
    const twice = await post('/v1/events', events);
    expect(twice.body).toMatchObject({ recorded: 0, duplicate: 250, refused: 0 });

    const report = await get('/v1/experiments/subject-line/report');
    expect(report.status).toBe(200);
    const clicked = report.body.metrics.find((metric: { key: string }) => metric.key === 'clicked');
    const counts = clicked.arms.map((arm: { n: number; nonZero: number }) => [arm.n, arm.nonZero]);
    const plain = answers.filter((answer) => answer.arm === 'plain').length;
    const plainClicks = answers.filter((answer, i) => answer.arm === 'plain' && i % 4 === 0).length;
    expect(counts).toEqual([
      [plain, plainClicks],
      [200 - plain, 50 - plainClicks],
    ]);

    const csv = await get('/v1/experiments/subject-line/report.csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.text.split('\r\n').length).toBeGreaterThan(4);
    const frozen = await get(`/v1/experiments/subject-line/report?snapshot=${String(report.body.snapshot)}`);
    expect(frozen.body).toEqual(report.body);
    const unknown = await get('/v1/experiments/subject-line/report?snapshot=r_0');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'snapshot_not_found']);
  });

  it('lists experiments and gives one', async () => {
    const list = await get('/v1/experiments');
    expect(list.body.experiments).toMatchObject([{ key: 'subject-line', enrolled: 200, arms: 2 }]);
    const one = await get('/v1/experiments/subject-line');
    expect(one.body.arms).toMatchObject([
      { key: 'plain', weight: 1, control: true },
      { key: 'question', weight: 1, control: false },
    ]);
  });

  it('pauses, resumes and stops', async () => {
    const act = async (action: string): Promise<string> =>
      (await post(`/v1/experiments/subject-line/${action}`)).body.status as string;
    expect(await act('pause')).toBe('paused');
    const paused = await post('/v1/experiments/subject-line/assignments', {
      recipients: [{ id: 'r0' }, { id: 'new' }],
    });
    expect(paused.body.assignments[0]).toMatchObject({ id: 'r0', arm: expect.any(String) });
    expect(paused.body.assignments[1]).toEqual({ id: 'new', excluded: 'paused' });
    expect(await act('resume')).toBe('running');
    expect(await act('stop')).toBe('stopped');
  });

  it('registers strategies', async () => {
    const body = { name: 'hello', definition: { kind: 'static', slots: { subject: 'Hello' } } };
    const first = await post('/v1/strategies', body);
    expect(first.body).toMatchObject({ name: 'hello', version: 1, kind: 'static' });
    expect((await post('/v1/strategies', body)).body.hash).toBe(first.body.hash);
    const list = await get('/v1/strategies');
    expect(list.body.strategies.map((version: { hash: string }) => version.hash)).toContain(first.body.hash);
    const wrong = await post('/v1/strategies', { name: 'x', definition: { kind: 'oracle' } });
    expect(wrong.status).toBe(422);
    expect(wrong.body.problems[0].path).toBe('definition.kind');
  });
});

describe('rows in a batch', () => {
  const path = '/v1/experiments/rows/assignments';
  beforeAll(async () => {
    await post('/v1/experiments', { ...smallDraft, key: 'rows' });
    await post('/v1/experiments/rows/start');
  });

  it('are refused one by one', async () => {
    const recipients = [
      { id: 'good' },
      { id: '' },
      7,
      { id: 'x'.repeat(300) },
      { id: 'a\0b' },
      { id: '\ud800' },
    ];
    const answer = await post(path, { recipients });
    expect(answer.status).toBe(200);
    const seen = answer.body.assignments.map((row: { error?: { code: string } }) => row.error?.code ?? 'ok');
    expect(seen).toEqual([
      'ok',
      'empty_id',
      'invalid_recipient',
      'id_too_long',
      'invalid_id',
      'invalid_unicode',
    ]);
  });

  it('may hold hostile ids and traits', async () => {
    const recipients = [
      { id: "'; drop table experiments; --" },
      { id: '<script>alert(1)</script>' },
      { id: '__proto__' },
      { id: ' blank ' },
      { id: 'é' },
      { id: 'e\u0301' },
      { id: 'ok', traits: JSON.parse('{"constructor":"x"}') as object },
      { id: 'bad', traits: { nested: {} } },
      { id: 'nul', traits: { a: 'b\0' } },
      { id: 'proto', traits: JSON.parse('{"__proto__":"x"}') as object },
    ];
    const answer = await post(path, { recipients });
    const rows = answer.body.assignments as { id: string; arm?: string; error?: { path: string } }[];
    expect(rows.map((row) => row.id)).toEqual(recipients.map((recipient) => recipient.id));
    expect(rows.slice(0, 7).every((row) => row.arm !== undefined)).toBe(true);
    expect(rows.slice(7).map((row) => row.error?.path)).toEqual([
      'traits.nested',
      'traits.a',
      'traits.__proto__',
    ]);
  });

  it('are limited in a JSON body', async () => {
    const recipients = Array.from({ length: 10_001 }, (_, i) => ({ id: String(i) }));
    const answer = await post(path, { recipients });
    expect([answer.status, answer.body.code]).toEqual([422, 'too_many_recipients']);
  });

  it('stream as NDJSON, in order, across batches, with broken lines in their place', async () => {
    const lines = Array.from({ length: 2_500 }, (_, i) => JSON.stringify({ id: `line-${i}` }));
    lines[3] = '{"id": ';
    lines[1_500] = `{"id": "${'x'.repeat(300_000)}"}`;
    lines[2_400] = '{"id": ""}';
    const answer = await request(h.app)
      .post(path)
      .set(admin)
      .type('application/x-ndjson')
      .send(`${lines.join('\n')}\n\n`)
      .buffer(true)
      .parse(asText);
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    const rows = parseLines(answer.body as string);
    expect(rows).toHaveLength(2_500);
    expect(rows[3]).toEqual({ index: 3, error: { code: 'line_malformed', message: expect.any(String) } });
    expect(rows[1_500]).toMatchObject({ index: 1_500, error: { code: 'line_too_long' } });
    expect(rows[2_400]).toMatchObject({ index: 2_400, error: { code: 'empty_id' } });
    const ids = rows.map((row) => row['id']);
    expect(ids[4]).toBe('line-4');
    expect(ids[2_499]).toBe('line-2499');
  });

  it('stream packed, and a broken package is refused', async () => {
    const send = (body: Buffer) =>
      request(h.app)
        .post(path)
        .set(admin)
        .set('Content-Type', 'application/x-ndjson')
        .set('Content-Encoding', 'gzip')
        .send(body)
        .buffer(true)
        .parse(asText);
    const good = await send(gzipSync('{"id":"packed"}\n'));
    expect(parseLines(good.body as string)).toMatchObject([{ id: 'packed' }]);
    const broken = await send(Buffer.from('this is no gzip at all'));
    expect([broken.status, JSON.parse(broken.body as string).code]).toEqual([400, 'gzip_broken']);
  });

  it('of events are answered one by one too', async () => {
    const at = '2026-03-01T10:00:00Z';
    const sent = { id: 'e1', type: 'sent', experiment: 'rows', recipient: 'good', at };
    const answer = await post('/v1/events', [
      sent,
      { ...sent, id: 'e2', recipient: 'stranger' },
      { ...sent, id: 'e3', type: 'exploded' },
      sent,
      { id: 'e4', type: 'sent', messageId: 'm_none', at },
      { ...sent, id: 'e\0' },
      null,
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.results.map((row: { status: string }) => row.status)).toEqual([
      'recorded',
      'waiting',
      'recorded',
      'duplicate',
      'waiting',
      'refused',
      'refused',
    ]);
    const lines = await request(h.app)
      .post('/v1/events')
      .set(admin)
      .type('application/x-ndjson')
      .send(`${JSON.stringify(sent)}\nnonsense\n${JSON.stringify({ ...sent, id: 'e9' })}`)
      .buffer(true)
      .parse(asText);
    expect(parseLines(lines.body as string)).toMatchObject([
      { index: 0, status: 'duplicate' },
      { index: 1, status: 'refused', error: { code: 'line_malformed' } },
      { index: 2, status: 'recorded' },
    ]);
  });

  it('may be a single event, and nothing else may come', async () => {
    const at = '2026-03-01T10:00:00Z';
    const one = await post('/v1/events', {
      id: 'single',
      type: 'sent',
      experiment: 'rows',
      recipient: 'good',
      at,
    });
    expect(one.body).toMatchObject({ recorded: 1 });
    for (const body of [{ events: 'x' }, { events: [], more: 1 }]) {
      const answer = await post('/v1/events', body);
      expect([answer.status, answer.body.code]).toEqual([422, 'body_invalid']);
    }
  });
});

function asText(answer: unknown, done: (error: Error | null, body: unknown) => void): void {
  const response = answer as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks).toString()));
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
