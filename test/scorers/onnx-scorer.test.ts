import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/evaluation/random.js';
import { onnxCaller } from '../../src/scorers/onnx-scorer.js';
import { type OnnxScorer, parseScorer } from '../../src/strategies/scorers/scorer.js';
import { denseModel } from '../support/onnx-model.js';
import { hasOnnxRuntime } from '../support/onnx-runtime.js';
import { trainTinyNetwork } from '../support/tiny-network.js';
import { card } from './stub-scorer.js';

const features = ['recency_days', 'count(view, 30d)'];
let made = 0;

function onnxScorer(given: object = {}): OnnxScorer {
  made += 1;
  const file = `sha256:${String(made).padStart(64, '0')}`;
  const parsed = parseScorer({
    ...{ type: 'onnx', file, input: 'X', output: 'P', features, card, budgetMs: 5_000 },
    ...given,
  });
  if (!parsed.ok || parsed.value.type !== 'onnx') throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

const caller = onnxCaller();
afterAll(() => caller.close());
const logistic = denseModel([{ weights: [0.5, -0.25], bias: [0.1] }]);
const soon = () => AbortSignal.timeout(20_000);
const ask = (
  definition: OnnxScorer,
  content: Uint8Array | undefined,
  rows: readonly (readonly (number | string | null)[])[],
  signal = soon(),
) => caller.call({ reference: 'net@1', definition, content: () => Promise.resolve(content), rows, signal });

describe.skipIf(!hasOnnxRuntime)('a scorer in an ONNX file', () => {
  test('scores as its formula says', async () => {
    const rows = [
      [0, 0],
      [2, 1],
      [-4, 8],
    ];
    const scores = await ask(onnxScorer(), logistic, rows);
    const expected = rows.map(([x = 0, y = 0]) => 1 / (1 + Math.exp(-(0.5 * x - 0.25 * y + 0.1))));
    expect(scores).toEqual(expected.map((p) => expect.closeTo(p, 6) as number));
  });

  test('is a network trained elsewhere, which tells apart what no straight line does', async () => {
    const random = seededRandom('ring');
    const rows = Array.from({ length: 400 }, () => [random.normal(), random.normal()]);
    const labels = rows.map(([x = 0, y = 0]) => (x * y > 0 ? 1 : 0));
    const network = trainTinyNetwork(rows.slice(0, 300), labels.slice(0, 300));
    const held = rows.slice(300);
    const scores = await ask(onnxScorer(), denseModel(network.layers), held);
    expect(scores).toEqual(held.map((row) => expect.closeTo(network.predict(row), 5) as number));
    const right = held.filter(
      (_, i) => Number(scores[i as keyof typeof scores]) > 0.5 === (labels[300 + i] === 1),
    );
    expect(right.length).toBeGreaterThan(85);
  });

  test('makes columns of features: numbers, whether a trait is a value, what stands for nothing', async () => {
    const definition = onnxScorer({
      features: ['trait.plan', 'recency_days'],
      columns: [
        { feature: 'trait.plan', equals: 'gold' },
        { feature: 'recency_days', missing: -4 },
      ],
    });
    const rows = [
      ['gold', 2],
      [null, null],
    ];
    const p = (x: number, y: number) =>
      expect.closeTo(1 / (1 + Math.exp(-(0.5 * x - 0.25 * y + 0.1))), 6) as number;
    expect(await ask(definition, logistic, rows)).toEqual([p(1, 2), p(0, -4)]);
  });

  test('has no score for whom a feature is not known, and scores the others', async () => {
    const scores = await ask(onnxScorer(), logistic, [
      [null, 1],
      [0, 0],
    ]);
    expect(scores).toEqual([
      { refused: true, code: 'feature_missing', reason: 'net@1 needs recency_days, which is not known' },
      expect.closeTo(0.52498, 4),
    ]);
  });

  test('is refused where it is out of range, and where its row has no such place', async () => {
    const twoClasses = denseModel([{ weights: [1, 0, 0, 1], bias: [0, 0] }]);
    expect(await ask(onnxScorer({ outputColumn: 1 }), twoClasses, [[0, 3]])).toEqual([
      expect.closeTo(0.95257, 4),
    ]);
    expect(await caller.examine(onnxScorer({ outputColumn: 2 }), twoClasses)).toMatch(/none at place 2/);
    expect(await ask(onnxScorer({ outputColumn: 2 }), twoClasses, [[0, 3]])).toMatchObject({
      code: 'wrong_output',
    });
  });

  test('is taken where it is what the definition says', async () => {
    expect(await caller.examine(onnxScorer(), logistic)).toBeUndefined();
  });

  test.each<[string, Uint8Array, object, RegExp]>([
    ['cut short', logistic.subarray(0, logistic.length - 30), {}, /truncated/],
    ['empty', new Uint8Array(0), {}, /truncated/],
    ['something else', Buffer.from('PK\u0003\u0004 no model'), {}, /no ONNX model/],
    ['of a version to come', futureVersion(logistic), {}, /of another version/],
    ['with another input', logistic, { input: 'features' }, /inputs "X", and not just "features"/],
    ['with another output', logistic, { output: 'Q' }, /no output "Q", only "P"/],
    ['for fewer features', logistic, { features: ['recency_days'] }, /2 columns, and the definition 1/],
  ])('is refused with a sentence: a file %s', async (_, content, given, sentence) => {
    expect(await caller.examine(onnxScorer(given), content)).toMatch(sentence);
  });

  test('falls back where its file is gone, and is asked again when it is back', async () => {
    const definition = onnxScorer();
    expect(await ask(definition, undefined, [[1, 1]])).toMatchObject({ code: 'not_loaded' });
    expect(await ask(definition, logistic, [[0, 0]])).toEqual([expect.closeTo(0.52498, 4)]);
  });

  test('is not waited for while it is being loaded', async () => {
    const fresh = onnxCaller();
    const definition = onnxScorer();
    const content = () => Promise.resolve(logistic);
    const first = await fresh.call({
      ...{ reference: 'net@1', definition, content, rows: [[0, 0]] },
      signal: AbortSignal.timeout(1),
    });
    expect(first).toMatchObject({ code: 'loading' });
    const then = await fresh.call({
      ...{ reference: 'net@1', definition, content, rows: [[0, 0]], signal: soon() },
    });
    expect(then).toEqual([expect.closeTo(0.52498, 4)]);
    await fresh.close();
  });
});

describe.skipIf(hasOnnxRuntime)('without the runtime', () => {
  test('a file is refused with the sentence how to install it, and scores fall back', async () => {
    expect(await caller.examine(onnxScorer(), logistic)).toMatch(/npm install .*onnxruntime-web/);
    expect(await ask(onnxScorer(), logistic, [[0, 0]])).toMatchObject({ code: 'runtime_missing' });
  });
});

/** The same with IR version 99, the second byte of the file. */
function futureVersion(model: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(model);
  copy[1] = 99;
  return copy;
}
