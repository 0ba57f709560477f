import { createServer, type Server as NetServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Score } from '../../src/profiles/history.js';
import { scorerPool, type ScorerPool } from '../../src/scorers/scorer-pool.js';
import type { RegisteredScorer } from '../../src/strategies/scorers/scorer.js';
import { answerEach, type Behave, httpScorer, json, StubScorer } from './stub-scorer.js';

let stub: StubScorer;
let pool: ScorerPool;
let now = 0;
const clock = new Date('2026-03-01T09:00:00.000Z');

beforeAll(async () => {
  stub = await StubScorer.open();
  pool = scorerPool(
    { now: () => now, chance: () => 0, secrets: new Map([['CHURN', 'Bearer abc']]) },
    { failures: 3, openMs: 1_000, mostOpenMs: 4_000 },
  );
});
afterAll(async () => {
  await pool.close();
  await stub.close();
});
beforeEach(() => {
  stub.calls.length = 0;
  stub.behave = answerEach(0.5);
});

const patient = { budgetMs: 5_000, timeoutMs: 3_000, retries: 1 };
const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => [i]);
const file = () => Promise.resolve(undefined);
const ask = (scorer: RegisteredScorer, rows = rowsOf(3)): Promise<readonly Score[]> =>
  pool.score({ scorer, rows, clock, file });
const codes = (scores: readonly Score[]) =>
  scores.map((score) => (typeof score === 'number' ? score : score.code));

describe('a scorer behind HTTP', () => {
  test('is sent features in their order and no ids, and answers a score for each row', async () => {
    stub.behave = ({ body }, response) =>
      json(response, { model: 'churn-1', scores: body.rows.map(([age]) => Number(age) / 10) });
    const headers = { Authorization: { secret: 'CHURN' }, 'X-Tenant': 'shop' };
    const scorer = httpScorer(stub.url, { features: ['trait.age', 'trait.plan'], headers });
    const rows = [
      [5, 'gold'],
      [7, undefined],
      [NaN, null],
    ];
    expect(await pool.score({ scorer, rows, clock, file })).toEqual([0.5, 0.7, 0]);
    const [asked] = stub.calls;
    expect(asked?.body).toEqual({
      schema: 'postulate.scorer/1',
      clock: '2026-03-01T09:00:00.000Z',
      features: ['trait.age', 'trait.plan'],
      rows: [
        [5, 'gold'],
        [7, null],
        [null, null],
      ],
    });
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-tenant': 'shop' });
  });

  test('is asked in batches, whose answers come together in order', async () => {
    stub.behave = ({ body }, response) =>
      json(response, { model: 'churn-1', scores: body.rows.map(([x]) => Number(x) / 1_000) });
    const scores = await ask(httpScorer(stub.url, { ...patient, maxBatch: 7 }), rowsOf(100));
    expect(scores).toEqual(rowsOf(100).map(([x]) => Number(x) / 1_000));
    expect(stub.calls).toHaveLength(15);
  });

  test('is not asked about nobody', async () => {
    expect(await ask(httpScorer(stub.url), [])).toEqual([]);
    expect(stub.calls).toHaveLength(0);
  });

  test('loses only the rows whose scores are none', async () => {
    const scores = [0.2, null, '0.9', 1.5, -0.1, true, [0.3], 1];
    stub.behave = (_, response) => json(response, { model: 'churn-1', scores });
    expect(codes(await ask(httpScorer(stub.url), rowsOf(8)))).toEqual([
      0.2,
      'not_a_number',
      'not_a_number',
      'out_of_range',
      'out_of_range',
      'not_a_number',
      'not_a_number',
      1,
    ]);
    const any = httpScorer(stub.url, { probability: false });
    expect(codes(await ask(any, rowsOf(8))).slice(3, 5)).toEqual([1.5, -0.1]);
  });

  const raw =
    (text: string, type = 'application/json'): Behave =>
    (_, response) =>
      void response.setHeader('content-type', type).end(text);
  test.each<[string, string, Behave]>([
    ['too few scores', 'wrong_length', (_, r) => json(r, { model: 'churn-1', scores: [0.1, 0.2] })],
    ['too many scores', 'wrong_length', (_, r) => json(r, { model: 'churn-1', scores: [1, 1, 1, 1] })],
    ['NaN, as Python spells it', 'not_json', raw('{"model": "churn-1", "scores": [NaN, 0.1, Infinity]}')],
    ['half of an object', 'not_json', raw('{"model": "churn-1", "sco')],
    ['nothing', 'not_json', raw('')],
    ['null', 'no_scores', raw('null')],
    ['a text for scores', 'no_scores', (_, r) => json(r, { model: 'churn-1', scores: '0.5,0.5,0.5' })],
    ['another model', 'wrong_model', answerEach(0.5, 'churn-2')],
    ['a page', 'content_type', raw('<html>', 'text/html')],
    ['a body of 10 MB', 'too_large', raw(`[${'0.5,'.repeat(2_500_000)}0.5]`)],
    ['HTTP 404', 'http_status', (_, r) => void r.writeHead(404).end()],
    ['no content', 'http_status', (_, r) => void r.writeHead(204).end()],
    ['a redirect to itself', 'redirect', (_, r) => void r.writeHead(307, { location: '/score' }).end()],
  ])('answers %s: refused as %s, not asked again', async (_, code, behave) => {
    stub.behave = behave;
    const scores = await ask(httpScorer(stub.url, { ...patient, retries: 3 }));
    expect(codes(scores)).toEqual([code, code, code]);
    expect(stub.calls).toHaveLength(1);
    expect(scores[0]).toHaveProperty('reason', expect.stringMatching(/^churn@1 /));
  });

  test('says of NaN what to answer instead', async () => {
    stub.behave = raw('{"scores": [NaN, 1, 1]}');
    expect((await ask(httpScorer(stub.url)))[0]).toHaveProperty(
      'reason',
      expect.stringMatching(/answer null instead/),
    );
  });

  test('lies about its length, more or less than it sends', async () => {
    const text = '{"model": "churn-1", "scores": [0.1, 0.2, 0.3]}';
    const lie =
      (length: number): Behave =>
      (_, response, socket) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
        response.write(text.slice(0, length));
        socket.end();
      };
    stub.behave = lie(text.length + 40);
    expect(codes(await ask(httpScorer(stub.url, { ...patient, retries: 0 })))[0]).toBe('cut_off');
    stub.behave = lie(30);
    expect(codes(await ask(httpScorer(stub.url, { ...patient, retries: 0 })))[0]).toBe('not_json');
    stub.behave = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5e9 }).flushHeaders();
    };
    expect(codes(await ask(httpScorer(stub.url, { ...patient, retries: 0 })))[0]).toBe('too_large');
  });

  test('sends a body without an end: no more is read than scores need', async () => {
    stub.behave = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const pump = (): void => {
        while (!response.destroyed && response.write('0.5,'.repeat(10_000)));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    };
    expect(codes(await ask(httpScorer(stub.url, { ...patient, retries: 0 })))[0]).toBe('too_large');
  });

  test('closes the connection midway: asked again, then refused', async () => {
    stub.behave = (_, response, socket) => {
      response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
      response.write('{"model": "churn-1", "scores": [0.1,');
      setImmediate(() => socket.destroy());
    };
    const scores = await ask(httpScorer(stub.url, { retries: 2, budgetMs: 3_000, timeoutMs: 1_000 }));
    expect(codes(scores)).toEqual(['cut_off', 'cut_off', 'cut_off']);
    expect(stub.calls).toHaveLength(3);
  });
});

describe('a scorer that has trouble', () => {
  test.each([500, 503, 429])('answers %d once, and is asked again', async (status) => {
    stub.behave = (asked, response, socket) => {
      if (stub.calls.length === 1) response.writeHead(status).end();
      else answerEach(0.5)(asked, response, socket);
    };
    expect(await ask(httpScorer(stub.url, patient))).toEqual([0.5, 0.5, 0.5]);
    expect(stub.calls).toHaveLength(2);
  });

  test('asks for more time than there is, and is not waited for', async () => {
    stub.behave = (_, response) => void response.writeHead(429, { 'retry-after': '60' }).end();
    const from = performance.now();
    expect(codes(await ask(httpScorer(stub.url, { ...patient, retries: 3 })))[0]).toBe('http_status');
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(stub.calls).toHaveLength(1);
  });

  test.each<[string, Behave]>([
    ['never answers', () => undefined],
    [
      'trickles its answer byte by byte',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const trickle = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(trickle));
      },
    ],
  ])('%s: everything ends within the budget', async (_, behave) => {
    stub.behave = behave;
    const scorer = httpScorer(stub.url, { budgetMs: 150, timeoutMs: 100, retries: 3 });
    const from = performance.now();
    expect(codes(await ask(scorer))).toEqual(['timeout', 'timeout', 'timeout']);
    // Three times as long would not be the machine any more.
    expect(performance.now() - from).toBeLessThan(450);
  });

  test('takes connections and says nothing, not even in HTTP', async () => {
    const mute: NetServer = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
    expect(codes(await ask(httpScorer(url, { budgetMs: 100, timeoutMs: 100 })))[0]).toBe('timeout');
    mute.close();
  });

  test('refuses connections, or has a name that leads nowhere', async () => {
    const gone = await StubScorer.open();
    const { url } = gone;
    await gone.close();
    expect(codes(await ask(httpScorer(url, patient)))[0]).toBe('unreachable');
    const nowhere = httpScorer('http://no-such-host.invalid/score', patient);
    // A name server that does not answer is slow; then time is over.
    expect(['unreachable', 'timeout']).toContain(codes(await ask(nowhere))[0]);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://0.0.0.0:3000/',
    'http://[fd00:ec2::254]/',
  ])('is never looked for at %s', async (url) => {
    expect(codes(await ask(httpScorer(url)))).toEqual(Array(3).fill('forbidden_address'));
  });

  test('is not asked without the secret that it needs', async () => {
    const scorer = httpScorer(stub.url, { headers: { Authorization: { secret: 'OTHER' } } });
    expect((await ask(scorer))[0]).toMatchObject({
      code: 'secret_missing',
      reason: expect.stringContaining('POSTULATE_SCORER_SECRET_OTHER') as string,
    });
    expect(stub.calls).toHaveLength(0);
    expect(await pool.examine(scorer.definition, undefined)).toMatchObject({ path: 'definition.headers' });
  });
});

describe('the breaker of a scorer', () => {
  const once = { retries: 0 };

  test('opens, lets one call try, and closes again, each scorer for itself', async () => {
    now = 10_000;
    const scorer = httpScorer(stub.url, once);
    const other = httpScorer(stub.url, once);
    stub.behave = (_, response) => void response.writeHead(500).end();
    for (let i = 0; i < 3; i += 1) expect(codes(await ask(scorer))[0]).toBe('http_status');
    expect(pool.state(scorer.hash)).toMatchObject({
      breaker: 'open',
      until: new Date(11_000).toISOString(),
    });
    expect(pool.state(other.hash).breaker).toBe('closed');
    expect(codes(await ask(scorer))[0]).toBe('circuit_open');
    expect(stub.calls).toHaveLength(3);
    now = 11_000;
    expect(pool.state(scorer.hash).breaker).toBe('half_open');
    expect(codes(await ask(scorer))[0]).toBe('http_status');
    expect(pool.state(scorer.hash).breaker).toBe('open');
    now = 13_000;
    stub.behave = answerEach(0.5);
    const together = await Promise.all([ask(scorer), ask(scorer)]);
    expect(together.map((scores) => codes(scores)[0]).sort()).toEqual([0.5, 'circuit_open']);
    expect(await ask(scorer)).toEqual([0.5, 0.5, 0.5]);
    expect(pool.state(scorer.hash)).toMatchObject({
      breaker: 'closed',
      calls: 6,
      failures: 4,
      scored: 6,
      unscored: 18,
      reasons: { circuit_open: 6, http_status: 12 },
    });
  });

  test('does not open for single rows without a score', async () => {
    const scorer = httpScorer(stub.url, once);
    stub.behave = (_, response) => json(response, { model: 'churn-1', scores: [null, 0.5, null] });
    for (let i = 0; i < 6; i += 1) await ask(scorer);
    expect(pool.state(scorer.hash).breaker).toBe('closed');
  });

  test('opens for answers without any score that can be used', async () => {
    const scorer = httpScorer(stub.url, once);
    stub.behave = answerEach(7);
    for (let i = 0; i < 3; i += 1) expect(codes(await ask(scorer))[0]).toBe('out_of_range');
    expect(codes(await ask(scorer))[0]).toBe('circuit_open');
  });
});
