import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { changedTables, tableSums } from '../support/table-sums.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

/** What nobody should send, to every way in for rows: an answer for each row, and nothing else has changed. */

let h: Harness;
let admin: { Authorization: string };
let messageId: string;
let before: Record<string, string>;
const errors = vi.fn();
const at = '2026-03-01T10:00:00Z';

/** What a refused row leaves: itself, and one more in the counts. */
const traces = ['event_counts', 'quarantine'];

beforeAll(async () => {
  h = await openHarness({ with: { log: { info: () => undefined, warn: () => undefined, error: errors } } });
  admin = await h.bearer('admin');
  await request(h.app)
    .post('/v1/experiments')
    .set(admin)
    .send({ ...smallDraft, currency: 'EUR' })
    .expect(201);
  await request(h.app).post(`/v1/experiments/${smallDraft.key}/start`).set(admin).expect(200);
  const assigned = await request(h.app)
    .post(`/v1/experiments/${smallDraft.key}/assignments`)
    .set(admin)
    .send({ recipients: [{ id: 'ada' }] });
  messageId = assigned.body.assignments[0].messageId;
});
afterAll(() => h.database.close());
beforeEach(async () => {
  before = await tableSums(h.ctx.db);
});
afterEach(() => {
  expect(errors, 'nothing was a bug').not.toHaveBeenCalled();
});

const asIs = (body: unknown): string => body as string;
const post = (path: string, body: string | Buffer, type = 'application/json') =>
  request(h.app).post(path).set(admin).set('Content-Type', type).serialize(asIs).send(body);
const changed = async (): Promise<string[]> => changedTables(before, await tableSums(h.ctx.db));

const rowRoutes = ['/v1/events', '/v1/profiles', '/v1/items'];
const bodyRoutes = [
  ...rowRoutes,
  '/v1/experiments/subject-test/metrics',
  '/v1/experiments/subject-test/cohorts',
].map((path) => path.replace('subject-test', smallDraft.key));

describe.each(bodyRoutes)('%s', (path) => {
  const deep = `{"metric":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  it.each([
    ['truncated JSON', '{"events":[{"id":"a"', 'application/json', 400, 'json_malformed'],
    ['nothing', '', 'application/json', 400, 'json_malformed'],
    ['UTF-16', Buffer.from('{"id":"a"}', 'utf16le'), 'application/json', 400, 'json_malformed'],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'application/json', 400, 'not_utf8'],
    ['one key twice', '{"id":"a","id":"b"}', 'application/json', 400, 'json_duplicate_key'],
    [
      'one key twice, written in two ways',
      '{"id":1,"\\u0069d":2}',
      'application/json',
      400,
      'json_duplicate_key',
    ],
    ['what is nested 50,000 deep', deep, 'application/json', 400, 'json_nested_too_deep'],
    ['a form', 'id=a', 'application/x-www-form-urlencoded', 415, 'content_type_wrong'],
    ['CSV', 'id,type\na,b', 'text/csv', 415, 'content_type_wrong'],
  ])('refuses %s', async (_name, body, type, status, code) => {
    const answer = await post(path, body, type);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail.length).toBeGreaterThan(20);
    expect(await changed()).toEqual([]);
  });

  it('refuses what is packed in another way, and what is not packed as it says', async () => {
    const packed = await post(path, '{}').set('Content-Encoding', 'br');
    expect([packed.status, packed.body.code]).toEqual([415, 'encoding_unknown']);
    const broken = await post(path, Buffer.from('{}')).set('Content-Encoding', 'gzip');
    expect([broken.status, broken.body.code]).toEqual([400, 'gzip_broken']);
    const cut = await post(path, gzipSync('{"events":[]}').subarray(0, 15)).set('Content-Encoding', 'gzip');
    expect([cut.status, cut.body.code]).toEqual([400, 'gzip_broken']);
    expect(await changed()).toEqual([]);
  });

  it('refuses a body of 50 MB', async () => {
    const { status, body } = await send(path, { 'content-type': 'application/json' }, function* () {
      yield '{"events":[';
      for (let i = 0; i < 50; i += 1) yield `"${'x'.repeat(999_990)}",`;
      yield '1]}';
    });
    expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([413, 'body_too_large']);
    expect(await changed()).toEqual([]);
  });

  it('refuses a small parcel that would unpack to gigabytes, at once and in flat memory', async () => {
    const packed = await bomb();
    const types = rowRoutes.includes(path)
      ? ['application/json', 'application/x-ndjson']
      : ['application/json'];
    for (const type of types) {
      const start = memory();
      const headers = { 'content-type': type, 'content-encoding': 'gzip' };
      const { status, body } = await send(path, headers, () => [packed]);
      expect([type, status]).toEqual([type, 413]);
      const code = rowRoutes.includes(path) ? 'gzip_swells' : 'body_too_large';
      expect((JSON.parse(body) as { code: string }).code).toBe(code);
      expect(memory() - start, 'megabytes more').toBeLessThan(400);
    }
    expect(await changed()).toEqual([]);
  });
});

describe('rows of events', () => {
  const good = (id: string) => ({ id, type: 'opened', messageId, at });
  const order = (value: unknown, more: object = {}) => ({
    id: 'bad',
    type: 'converted',
    messageId,
    at,
    value,
    currency: 'EUR',
    ...more,
  });
  it.each<[string, string, () => object]>([
    ['a double that no amount has', 'value', () => order(1e308)],
    ['an amount of many digits', 'value', () => order('9'.repeat(39))],
    ['a fraction of a cent', 'value', () => order('19.999')],
    ['an exponent', 'value', () => order('1e3')],
    ['no number', 'value', () => order('NaN')],
    ['a wrong currency', 'currency', () => order('1.00', { currency: 'USD' })],
    ['no currency', 'currency', () => order('1.00', { currency: 'euro' })],
    ['1970', 'at', () => ({ ...good('bad'), at: '1970-01-01T00:00:00Z' })],
    ['2999', 'at', () => ({ ...good('bad'), at: '2999-01-01T00:00:00Z' })],
    ['30 February', 'at', () => ({ ...good('bad'), at: '2026-02-30T10:00:00Z' })],
    ['a time without a zone', 'at', () => ({ ...good('bad'), at: '2026-03-01T10:00:00' })],
    ['a type of markup', 'type', () => ({ ...good('bad'), type: '<script>alert(1)</script>' })],
    ['NUL in an id', 'id', () => ({ ...good('bad'), id: 'a\0b' })],
    ['half a surrogate pair', 'id', () => ({ ...good('bad'), id: '\ud800' })],
    ['a field too many', '', () => ({ ...good('bad'), surprise: 1 })],
    [
      'a prototype',
      '',
      () => JSON.parse('{"id":"bad","type":"opened","at":"2026-03-01T10:00:00Z","__proto__":{}}'),
    ],
    ['nested properties', 'properties.a', () => ({ ...good('bad'), properties: { a: { b: 1 } } })],
    ['nobody', 'messageId', () => ({ id: 'bad', type: 'opened', at })],
  ])('with %s are refused one by one', async (name, path, bad) => {
    const id = `good beside ${name}`;
    const answer = await post('/v1/events', JSON.stringify({ events: [bad(), good(id)] }));
    expect(answer.status).toBe(200);
    expect(answer.body.results[1]).toMatchObject({ index: 1, id, status: 'recorded' });
    expect(answer.body.results[0]).toMatchObject({ index: 0, status: 'refused' });
    // A field too many is named by the message.
    expect(answer.body.results[0].error.path ?? '').toBe(path);
    expect(answer.body.results[0].error.message.length).toBeGreaterThan(10);
    const own = ['cells', 'enrolments', 'events'];
    expect([...own, ...traces]).toEqual(expect.arrayContaining(await changed()));
    expect(await h.ctx.db('events').where({ id: 'bad' })).toEqual([]);
  });

  it('are refused alone where one has a key twice or is nested too deep, in JSON as in NDJSON', async () => {
    const rows = [
      JSON.stringify(good('first of three')),
      `{"id":"twice","id":"again","type":"opened","messageId":"${messageId}","at":"${at}"}`,
      `{"id":"deep","properties":${'['.repeat(200)}${']'.repeat(200)}}`,
      JSON.stringify({ ...good('last of three'), properties: { 'a.b': '} ] \\" , {' } }),
    ];
    const bodies = [`{ "events" : [ ${rows.join(' , ')} ] }`, `[${rows.join(',\n')}]`];
    for (const body of bodies) {
      const { results } = (await post('/v1/events', body).expect(200)).body;
      expect(results).toMatchObject([
        { index: 0, id: 'first of three' },
        { index: 1, status: 'refused', error: { code: 'line_duplicate_key' } },
        { index: 2, status: 'refused', error: { code: 'line_nested_too_deep' } },
        { index: 3, id: 'last of three' },
      ]);
    }
    const lines = await post('/v1/events', rows.join('\n'), 'application/x-ndjson').expect(200);
    const results = lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { index: number; status: string });
    expect(results.map(({ index, status }) => `${index} ${status}`)).toEqual([
      '0 duplicate',
      '1 refused',
      '2 refused',
      '3 duplicate',
    ]);
  });

  it('of twenty thousand types that nobody knows are kept, and make no more counts', async () => {
    const events = (from: number) =>
      Array.from({ length: 10_000 }, (_, i) => ({
        id: `odd-${from + i}`,
        type: `odd.${from + i}`,
        recipient: 'nobody-knows',
        at,
      }));
    for (let from = 0; from < 20_000; from += 10_000) {
      const answer = await post('/v1/events', JSON.stringify(events(from)));
      expect([answer.body.recorded, answer.body.results[0].note]).toEqual([10_000, 'unknown_type']);
    }
    expect(await changed()).toEqual(['event_counts', 'events', 'identities']);
    expect(await h.ctx.db('event_counts').where('type', 'like', 'odd%')).toEqual([]);
    expect(await h.ctx.db('event_counts').where({ type: '(unknown)', status: 'recorded' })).toHaveLength(1);
    // The checksums of all that follow are quicker without them.
    await h.ctx.db('events').where('id', 'like', 'odd-%').delete();
  });

  it('whose texts are markup and control characters are stored as they are and shown escaped', async () => {
    const odd = '<img src=x onerror=alert(1)>\u202e\u0007"\'&';
    const recipient = `odd ${odd}`;
    const event = { id: odd, type: 'purchase', recipient, at, order: odd, item: odd, category: odd };
    await post('/v1/events', JSON.stringify([event, { ...event, at: odd }])).expect(200);
    await post('/v1/profiles', JSON.stringify([{ recipient, traits: { city: odd }, source: odd }])).expect(
      200,
    );
    expect(await h.ctx.db('events').where({ id: odd }).first('order_id')).toEqual({ order_id: odd });
    const session = await h.signIn('analyst');
    const pages = [
      '/quarantine',
      `/profiles?recipient=${encodeURIComponent(recipient)}`,
      `/experiments/${smallDraft.key}/events`,
      '/data',
      '/quality',
    ];
    for (const page of pages) {
      const { status, text } = await request(h.app).get(page).set('Cookie', session.cookie);
      expect([page, status]).toEqual([page, 200]);
      expect(text).not.toContain('<img src=x');
      // What was searched for stands in its field as it was typed.
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      expect(/[\u0007\u202e]/.exec(text.replaceAll(/ value="[^"]*"/g, '')), page).toBeNull();
    }
  });
});

describe('rows of profiles and items', () => {
  it.each<[string, object, object, string]>([
    [
      '/v1/profiles',
      { recipient: 'x', traits: { 'a\0b': 1 } },
      { recipient: 'y', traits: { city: 'Wien' } },
      'traits',
    ],
    [
      '/v1/profiles',
      { recipient: 'x', traits: { orders: -1 }, at: '2999-01-01T00:00:00Z' },
      { recipient: 'z', traits: {} },
      'at',
    ],
    [
      '/v1/profiles',
      { recipient: '', traits: {} },
      { recipient: 'y2', traits: { city: 'Graz' } },
      'recipient',
    ],
    ['/v1/items', { item: 'x', price: 1e308, currency: 'EUR' }, { item: 'y' }, 'price'],
    ['/v1/items', { item: 'x', price: '1.999', currency: 'EUR' }, { item: 'y2' }, 'price'],
    ['/v1/items', { item: 'x', price: '-1', currency: 'EUR' }, { item: 'y3' }, 'price'],
    ['/v1/items', { item: 'a\0b' }, { item: 'y4' }, 'item'],
  ])('%s refuses %j and takes the one beside it', async (path, bad, beside, where) => {
    const answer = await post(path, JSON.stringify([bad, beside]));
    expect(answer.status).toBe(200);
    expect(answer.body.results[0]).toMatchObject({ status: 'refused', index: 0 });
    expect(answer.body.results[0].error.path).toContain(where);
    expect(answer.body.results[1].status).not.toBe('refused');
    const own = path === '/v1/items' ? ['items'] : ['identities', 'profiles', 'segment_touches'];
    expect([...own, 'quarantine']).toEqual(expect.arrayContaining(await changed()));
  });

  it('with a key twice are refused alone', async () => {
    const profiles =
      '{"profiles":[{"recipient":"t","traits":{"a":1,"a":2}},{"recipient":"u","traits":{"b":1}}]}';
    const answer = await post('/v1/profiles', profiles).expect(200);
    expect(answer.body.results).toMatchObject([
      { index: 0, status: 'refused', error: { code: 'line_duplicate_key' } },
      { index: 1, id: 'u', status: 'recorded' },
    ]);
    const items = await post('/v1/items', '[{"item":"t","item":"t"},{"item":"u"}]').expect(200);
    expect(items.body.results.map(({ status }: { status: string }) => status)).toEqual([
      'refused',
      'recorded',
    ]);
  });

  it('for assignments too', async () => {
    const path = `/v1/experiments/${smallDraft.key}/assignments`;
    const answer = await post(path, '{"recipients":[{"id":"a","id":"b"},{"id":"c"}]}').expect(200);
    expect(answer.body.assignments).toMatchObject([
      { index: 0, error: { code: 'line_duplicate_key' } },
      { id: 'c' },
    ]);
  });
});

describe('additions and exports', () => {
  it.each([
    [{ metric: { key: 'x', type: 'money', event: '<b>', cap: 1e308 } }, 422],
    [{ metric: { key: '../x', type: 'mean', event: 'view' } }, 422],
    [{ metric: 'nothing' }, 422],
    [{ metric: 'open', more: 1 }, 422],
    [{}, 422],
  ])('a metric of %j is refused', async (body, status) => {
    const answer = await post(`/v1/experiments/${smallDraft.key}/metrics`, JSON.stringify(body));
    expect(answer.status).toBe(status);
    expect(await changed()).toEqual([]);
  });

  it.each([
    'from=1970',
    'from=2999-01-01&to=1970-01-01',
    'format=exe',
    'from=a&from=b',
    'experiment=%00',
    'x=1',
    'to=%ff',
  ])('an export with ?%s is a clear answer', async (query) => {
    for (const table of ['assignments', 'events', 'facts', 'cells']) {
      const answer = await request(h.app).get(`/v1/export/${table}?${query}`).set(admin);
      expect([table, answer.status < 500]).toEqual([table, true]);
      if (answer.status >= 400) expect(answer.body.detail.length).toBeGreaterThan(20);
    }
    expect(await changed()).toEqual([]);
  });
});

/** Half a gigabyte of one letter, in half a megabyte. */
let packedBomb: Promise<Buffer> | undefined;
function bomb(): Promise<Buffer> {
  packedBomb ??= new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const gzip = createGzip({ level: 9 }).on('error', reject);
    gzip.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
    const piece = Buffer.alloc(16_000_000, 'a');
    const write = (left: number): void => {
      if (left === 0) gzip.end();
      else gzip.write(piece, () => write(left - 1));
    };
    write(32);
  });
  return packedBomb;
}

/** Resident megabytes of this process, in which the service runs. */
function memory(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
}

/** A request over a real socket, whose answer may come before its body has ended. */
function send(
  path: string,
  headers: Record<string, string>,
  body: () => Iterable<string | Buffer>,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const server = h.app.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      let answered = false;
      const sent = httpRequest(
        { port, method: 'POST', path, headers: { ...admin, ...headers } },
        (answer) => {
          answered = true;
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
          answer.on('end', () => {
            sent.destroy();
            server.close();
            resolve({ status: answer.statusCode, body: text });
          });
        },
      );
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (!answered && error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
      for (const chunk of body()) sent.write(chunk);
      sent.end();
    });
  });
}
