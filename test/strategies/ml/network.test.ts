import { describe, expect, it } from 'vitest';
import { auc } from '../../../src/evaluation/classification/auc.js';
import { seededRandom } from '../../../src/evaluation/random.js';
import { layersOf, parametersOf, Pass } from '../../../src/strategies/ml/network/layers.js';
import { encodeRows, learnEncoding } from '../../../src/strategies/ml/encoding/encoding.js';
import { logisticEstimator } from '../../../src/strategies/ml/logistic/logistic.js';
import { networkEstimator } from '../../../src/strategies/ml/network/network.js';
import { type Cell, tableOf } from '../../../src/strategies/ml/table.js';
import { describeEstimator } from '../../conformance/estimator.js';

describeEstimator(networkEstimator, { epochs: 15, batch: 32, learningRate: 0.01 });

/** Two numbers of which one alone says nothing: the label is whether their signs differ. */
function crossed(size: number, seed: string) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: size }, (): Cell[] => [random.normal(), random.normal()]);
  const labels = Uint8Array.from(rows, ([a, b]) => Number((a as number) * (b as number) > 0));
  return { table: tableOf(['a', 'b'], rows), labels };
}

const settings = networkEstimator.parse({ epochs: 30, learningRate: 0.01 });

describe('the small network', () => {
  it('learns an interplay that a logistic regression cannot', () => {
    const [lesson, exam] = [crossed(2_000, 'lesson'), crossed(1_000, 'exam')];
    if (!settings.ok) throw new Error('settings');
    const ranks = (fitted: ReturnType<typeof networkEstimator.fit>) => {
      if ('refused' in fitted) throw new Error(fitted.reason);
      const result = auc(exam.labels, fitted.model.predict(exam.table));
      return 'value' in result ? result.value : 0;
    };
    expect(ranks(networkEstimator.fit(lesson.table, lesson.labels, settings.value, 'seed'))).toBeGreaterThan(
      0.95,
    );
    const line = logisticEstimator.fit(lesson.table, lesson.labels, { ridge: 0, categories: 9 }, 'seed');
    expect(ranks(line)).toBeLessThan(0.6);
  });

  it('is another network for another seed', () => {
    const { table, labels } = crossed(300, 'seeds');
    if (!settings.ok) throw new Error('settings');
    const models = ['a', 'b'].map((seed) => {
      const fitted = networkEstimator.fit(table, labels, settings.value, seed);
      return 'model' in fitted ? JSON.stringify(fitted.model.toJSON()) : '';
    });
    expect(models[0]).not.toBe(models[1]);
  });

  it('ends early where what it learns does not carry over to rows held out', () => {
    const random = seededRandom('noise');
    const rows = Array.from({ length: 400 }, (): Cell[] => Array.from({ length: 10 }, () => random.normal()));
    const labels = Uint8Array.from(rows, () => random.below(2));
    const parsed = networkEstimator.parse({ epochs: 500, patience: 3, learningRate: 0.02 });
    if (!parsed.ok) throw new Error('settings');
    let epochs = 0;
    const tell = (): void => void (epochs += 1);
    networkEstimator.fit(
      tableOf(
        rows[0]!.map((_, i) => `c${i}`),
        rows,
      ),
      labels,
      parsed.value,
      'seed',
      { tell },
    );
    expect(epochs).toBeLessThan(60);
  });

  it('has the gradient that differences of the loss come to', () => {
    const random = seededRandom('gradient');
    const rows = Array.from({ length: 6 }, (_, i): Cell[] => [
      random.normal(),
      ['a', 'b', 'c'][i % 3],
      i % 2 ? null : 1 + i,
    ]);
    const table = tableOf(['x', 'kind', 'z'], rows);
    const encoded = encodeRows(table, learnEncoding(table, new Float64Array(6).fill(1), 9));
    const layers = layersOf([encoded.layout.numbers + encoded.layout.dummies, 5, 4, 1]);
    const parameters = Float64Array.from({ length: parametersOf(layers) }, () => random.normal());
    const pass = new Pass(layers, encoded);
    for (let row = 0; row < 6; row++) {
      const gradient = new Float64Array(parameters.length);
      pass.forward(row, parameters);
      pass.backward(row, 1, parameters, gradient);
      for (const [i, slope] of gradient.entries()) {
        const at = (move: number) => pass.forward(row, parameters.with(i, parameters[i]! + move));
        expect((at(1e-6) - at(-1e-6)) / 2e-6).toBeCloseTo(slope, 5);
      }
    }
  });
});
