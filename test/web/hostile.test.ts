import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../src/package-root.js';
import { problemSchema } from '../../src/web/errors.js';
import { openHarness, smallDraft, type Harness } from './web-harness.js';

let h: Harness;
let admin: { Authorization: string };
const errors = vi.fn();

beforeAll(async () => {
  h = await openHarness({ with: { log: { info: () => undefined, warn: () => undefined, error: errors } } });
  admin = await h.bearer('admin');
});
afterAll(() => h.database.close());

/** Supertest would turn bytes into a JSON list of numbers. */
const asIs = (body: unknown): string => body as string;

describe('what cannot be read', () => {
  const send = (body: string | Buffer, type = 'application/json') =>
    request(h.app).post('/v1/experiments').set(admin).set('Content-Type', type).serialize(asIs).send(body);

  it.each([
    ['no JSON', '{"key": ', 'application/json', 400, 'json_malformed'],
    ['nothing at all', '', 'application/json', 400, 'json_malformed'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'application/json', 400, 'not_utf8'],
    ['UTF-16', Buffer.from('{"key":"a"}', 'utf16le'), 'application/json', 400, 'json_malformed'],
    ['a form', 'key=a', 'application/x-www-form-urlencoded', 415, 'content_type_wrong'],
    ['text', '{}', 'text/plain', 415, 'content_type_wrong'],
    ['a list', '[]', 'application/json', 422, 'invalid_experiment'],
    ['null', 'null', 'application/json', 422, 'invalid_experiment'],
    ['a number', '7', 'application/json', 422, 'invalid_experiment'],
    [
      'NUL in a text',
      JSON.stringify({ ...smallDraft, title: 'a\0b' }),
      'application/json',
      422,
      'text_unstorable',
    ],
    ['half a surrogate', '{"title":"\\ud800"}', 'application/json', 422, 'text_unstorable'],
    [
      'a field too many',
      JSON.stringify({ ...smallDraft, extra: 1 }),
      'application/json',
      422,
      'invalid_experiment',
    ],
    ['a prototype', '{"__proto__":{"key":"x"}}', 'application/json', 422, 'invalid_experiment'],
  ])('%s is a problem with a code', async (_name, body, type, status, code) => {
    const answer = await send(body, type);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problemSchema.parse(answer.body)).toEqual(answer.body);
    expect(errors).not.toHaveBeenCalled();
  });

  it('is nested a hundred thousand deep', async () => {
    const deep = `{"key":"\\u0000","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const answer = await send(deep);
    expect([answer.status, answer.body.code]).toEqual([422, 'text_unstorable']);
  });

  it('is a small parcel of nothing but line ends', async () => {
    const answer = await request(h.app)
      .post('/v1/events')
      .set(admin)
      .set('Content-Type', 'application/x-ndjson')
      .set('Content-Encoding', 'gzip')
      .serialize(asIs)
      .send(gzipSync('\n'.repeat(20_000_000)));
    expect([answer.status, answer.body.code]).toEqual([400, 'too_many_blank_lines']);
  });

  it('says where a draft is wrong', async () => {
    const answer = await send(JSON.stringify({ ...smallDraft, weights: [1] }));
    expect(answer.body.problems[0]).toMatchObject({ path: 'weights' });
  });

  it('is too large, plainly or after unpacking', async () => {
    const big = JSON.stringify({ title: 'x'.repeat(5_000_000) });
    const packed = gzipSync(big);
    expect(packed.length).toBeLessThan(10_000);
    const answer = await request(h.app)
      .post('/v1/experiments')
      .set(admin)
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .serialize(asIs)
      .send(packed);
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
    const declared = await rawStatus({ 'Content-Length': '99999999' });
    expect(declared).toBe(413);
    const other = await request(h.app)
      .post('/v1/experiments')
      .set(admin)
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'br')
      .send('{}');
    expect([other.status, other.body.code]).toEqual([415, 'encoding_unknown']);
  });

  function rawStatus(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const server: Server = h.app.listen(0, () => {
        const { port } = server.address() as AddressInfo;
        const options = { port, method: 'POST', path: '/v1/experiments' };
        const sent = httpRequest(options, (answer) => {
          resolve(answer.statusCode);
          sent.destroy();
          server.close();
        });
        for (const [name, value] of Object.entries({
          ...admin,
          'Content-Type': 'application/json',
          ...headers,
        })) {
          sent.setHeader(name, value);
        }
        sent.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ECONNRESET') reject(error);
        });
        sent.write('{');
      });
    });
  }
});

describe('addresses', () => {
  it.each([
    ['GET', '/v1/nothing', 404, 'route_not_found'],
    ['GET', '/v1', 404, 'route_not_found'],
    ['GET', '/v1/experiments/%00', 404, 'experiment_not_found'],
    ['GET', '/v1/experiments/A%20B', 404, 'experiment_not_found'],
    ['GET', '/v1/experiments/..%2f..%2fetc', 404, 'experiment_not_found'],
    ['GET', "/v1/experiments/'%20or%201=1", 404, 'experiment_not_found'],
    ['GET', '/v1/experiments/%ff', 400, 'request_unreadable'],
    ['GET', '/v1/experiments/x/report?snapshot=%00', 404, 'snapshot_not_found'],
    ['GET', '/v1/experiments/x/report?snapshot=a&snapshot=b', 404, 'snapshot_not_found'],
    ['DELETE', '/v1/experiments', 405, 'method_not_allowed'],
    ['PUT', '/v1/experiments/x', 405, 'method_not_allowed'],
    ['GET', '/v1/events', 405, 'method_not_allowed'],
  ])('%s %s is answered with %s', async (method, path, status, code) => {
    const call = request(h.app)[method.toLowerCase() as 'get'](path).set(admin);
    const answer = await call;
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (status === 405) expect(answer.headers['allow']).toMatch(/GET|POST/);
  });

  it('that are unknown are a page for people', async () => {
    const answer = await request(h.app).get('/nothing<script>');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).not.toContain('<script>');
  });

  it('serve no file but those of the pages', async () => {
    for (const path of ['/assets/../package.json', '/assets/%2e%2e%2fpackage.json', '/assets/__proto__']) {
      expect((await request(h.app).get(path)).status).toBe(404);
    }
    const css = await request(h.app).get('/assets/pages.css');
    expect([css.status, css.headers['cache-control']]).toEqual([200, 'no-cache']);
    const page = await request(h.app).get('/docs/api');
    const versioned = /\/assets\/pages\.css\?v=\w+/.exec(page.text)![0];
    const kept = await request(h.app).get(versioned);
    expect(kept.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });
});

describe('headers', () => {
  it('let nothing run or load but our own', async () => {
    const answer = await request(h.app).get('/docs/api');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy.split(';').sort()).toEqual(
      [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "script-src 'self'",
        "script-src-attr 'none'",
        "style-src 'self'",
      ].sort(),
    );
    expect(answer.headers).not.toHaveProperty('x-powered-by');
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  });

  it('keep what is private out of caches', async () => {
    const session = await h.signIn('admin');
    const page = await request(h.app).get('/').set('Cookie', session.cookie);
    const api = await request(h.app).get('/v1/experiments').set(admin);
    expect([page.headers['cache-control'], api.headers['cache-control']]).toEqual(['no-store', 'no-store']);
  });
});

describe('rates', () => {
  it('are limited per key, with the time to wait', async () => {
    const slow = await openHarness({ rateLimitPerMinute: 3 });
    const first = await slow.bearer('analyst');
    const second = await slow.bearer('analyst');
    const call = (header: { Authorization: string }) => request(slow.app).get('/v1/experiments').set(header);
    for (let i = 0; i < 3; i += 1) expect((await call(first)).status).toBe(200);
    const refused = await call(first);
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await call(second)).status).toBe(200);
    await slow.database.close();
  });

  it('are limited for those who guess keys', async () => {
    const own = await openHarness();
    const statuses: number[] = [];
    for (let i = 0; i < 62; i += 1) statuses.push((await request(own.app).get('/v1/experiments')).status);
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([401]));
    expect(statuses.slice(60)).toEqual([429, 429]);
    const good = await request(own.app)
      .get('/v1/experiments')
      .set(await own.bearer('analyst'));
    expect(good.status).toBe(200);
    await own.database.close();
  });
});

describe('failures of ours', () => {
  it('tell an id and nothing else, and are logged whole', async () => {
    const broken = await openHarness({
      with: {
        log: { info: () => undefined, warn: () => undefined, error: errors },
        newId: () => {
          throw new TypeError('secret inner detail');
        },
      },
    });
    errors.mockClear();
    const header = await broken.bearer('admin');
    const answer = await request(broken.app).post('/v1/experiments').set(header).send(smallDraft);
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect(answer.text).not.toContain('secret inner detail');
    const [fields] = errors.mock.calls[0] as [{ errorId: string; err: Error }];
    expect(fields.errorId).toBe(answer.body.errorId);
    expect(fields.err.message).toBe('secret inner detail');
    await broken.database.close();
  });

  it('of the database are 503, for programs and for people', async () => {
    const down = await openHarness({
      with: { log: { info: () => undefined, warn: () => undefined, error: errors } },
    });
    const header = await down.bearer('admin');
    const session = await down.signIn('admin');
    await down.database.close();
    const api = await request(down.app).get('/v1/experiments').set(header);
    expect([api.status, api.body.code, api.headers['retry-after']]).toEqual([
      503,
      'database_unavailable',
      '5',
    ]);
    const health = await request(down.app).get('/healthz');
    expect([health.status, health.body.code]).toEqual([503, 'database_unavailable']);
    const page = await request(down.app).get('/').set('Cookie', session.cookie);
    expect(page.status).toBe(503);
    expect(page.text).toContain('Not available at the moment');
  });
});

describe('a stream', () => {
  it('stops working when the client goes away, and answers as it goes', async () => {
    errors.mockClear();
    await request(h.app)
      .post('/v1/experiments')
      .set(admin)
      .send({ ...smallDraft, key: 'stream' });
    await request(h.app).post('/v1/experiments/stream/start').set(admin);
    const server = h.app.listen(0);
    const { port } = server.address() as AddressInfo;
    const path = '/v1/experiments/stream/assignments';
    const sent = httpRequest({ port, method: 'POST', path });
    sent.setHeader('Content-Type', 'application/x-ndjson').setHeader('Authorization', admin.Authorization);
    const batch = (from: number): string =>
      Array.from({ length: 1_000 }, (_, i) => `{"id":"s${from + i}"}\n`).join('');
    const firstAnswers = new Promise<string>((resolve, reject) => {
      sent.on('response', (answer) => answer.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      sent.on('error', reject);
    });
    sent.write(batch(0));
    // The first answers are here although the request has not ended.
    expect(await firstAnswers).toContain('"id":"s0"');
    sent.removeAllListeners('error').on('error', () => undefined);
    sent.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [{ count }] = (await h.ctx.db('enrolments').where({ experiment: 'stream' }).count()) as [
      { count: string },
    ];
    expect(count).toBe('1000');
    expect(errors).not.toHaveBeenCalled();
    server.close();
  });
});

describe('views', () => {
  it('print unescaped only other views and the rendered report', () => {
    const folder = join(packageRoot(), 'views');
    const raw = readdirSync(folder)
      .filter((name) => name.endsWith('.ejs'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/<%-\s*([^%]*?)\s*%>/g)])
      .map(([, code]) => code!);
    expect(raw.filter((code) => !code.startsWith('include(') && code !== 'reportBody')).toEqual([]);
  });

  it('hold no inline style or script', () => {
    const folder = join(packageRoot(), 'views');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.ejs'))) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect([name, /\sstyle=|\son\w+=|<style|<script(?! src=)/.exec(text)?.[0]]).toEqual([name, undefined]);
    }
  });
});
