import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scorerPool, type ScorerPool } from '../src/scorers/scorer-pool.js';
import { scoredKind } from '../src/strategies/scored.js';
import { readScores, scoreRequest } from '../src/strategies/scorers/score-answer.js';
import { parseScorer, type RegisteredScorer } from '../src/strategies/scorers/scorer.js';
import { docBlocks } from './support/doc-blocks.js';

/** docs/scorers.md: what it shows is taken, and the Python example keeps to the contract. */

const root = resolve(import.meta.dirname, '..');
const blocks = docBlocks(resolve(root, 'docs/scorers.md')).filter(({ language }) => language === 'json');
const example: object = JSON.parse(
  readFileSync(resolve(root, 'docs/examples/scorer/scorer.json'), 'utf8'),
) as object;

test('every example is taken', () => {
  expect(blocks).toHaveLength(4);
  const [strategy, request, answer, onnx] = blocks.map(
    ({ code }) => JSON.parse(code) as Record<string, never>,
  );
  expect(scoredKind.parse(strategy)).toMatchObject({ ok: true });
  const { clock = '', features = [], rows = [] } = request ?? {};
  expect(scoreRequest(features, rows, new Date(clock))).toEqual(request);
  const expected = { scorer: 'churn@1', rows: 2, probability: true, model: 'churn-2026-03' };
  expect(readScores(JSON.stringify(answer), expected)).toEqual([0.31, 0.82]);
  expect(parseScorer({ ...onnx, file: `sha256:${'0'.repeat(64)}` })).toMatchObject({ ok: true });
  expect(parseScorer(example)).toMatchObject({ ok: true });
});

test('the strategy and the scorer name the same features', () => {
  const strategy = JSON.parse(blocks[0]?.code ?? '') as { features: string[] };
  expect(strategy.features).toEqual((example as { features: string[] }).features);
});

const python = ['/usr/bin/python3', 'python3'].find(
  (one) => spawnSync(one, ['-c', 'import sklearn']).status === 0,
);
if (python === undefined) console.log('scikit-learn is not installed: the Python scorer is not run.');

describe.skipIf(python === undefined)('the scorer in Python', () => {
  let server: ChildProcess;
  let scorer: RegisteredScorer;
  let pool: ScorerPool;

  beforeAll(async () => {
    pool = scorerPool({ now: () => Date.now(), chance: () => 0.5, secrets: new Map() });
    server = spawn(python ?? '', [resolve(root, 'docs/examples/scorer/scorer.py'), '--port', '0']);
    const said = await new Promise<string>((done, fail) => {
      server.stdout?.once('data', (chunk: Buffer) => done(chunk.toString('utf8')));
      server.once('exit', () => fail(new Error('the scorer ended')));
    });
    const url = said.replace('scoring at ', '').trim();
    const parsed = parseScorer({ ...example, url, budgetMs: 5_000, timeoutMs: 4_000 });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    scorer = { name: 'churn-python', version: 1, hash: 'sha256:python', definition: parsed.value };
  }, 120_000);
  afterAll(async () => {
    await pool.close();
    server.kill();
  });
  const file = () => Promise.resolve(undefined);

  test('scores by what it was taught, and whatever is not known', async () => {
    const rows = [
      [200, 0, null],
      [3, 9, 250],
      [null, null, null],
    ];
    const scores = await pool.score({ scorer, rows, clock: new Date(0), file });
    expect(scores).toHaveLength(3);
    expect(scores[0]).toBeGreaterThan(0.8);
    expect(scores[1]).toBeLessThan(0.2);
    expect(scores[2]).toBeGreaterThan(0);
  });

  test('scores a thousand at once', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => [i / 5, i % 10, i]);
    const scores = await pool.score({ scorer, rows, clock: new Date(0), file });
    expect(scores.every((score) => typeof score === 'number')).toBe(true);
    expect(pool.state(scorer.hash)).toMatchObject({ breaker: 'closed', failures: 0 });
  });

  test('refuses other features', async () => {
    const other = { ...scorer, definition: { ...scorer.definition, features: ['recency_days'] } };
    const [score] = await pool.score({ scorer: other, rows: [[1]], clock: new Date(0), file });
    expect(score).toMatchObject({ code: 'http_status', reason: 'churn-python@1 answered HTTP 400' });
  });
});
