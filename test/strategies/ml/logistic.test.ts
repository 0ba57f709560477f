import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/evaluation/random.js';
import type { Fitted, Model } from '../../../src/strategies/ml/estimator.js';
import { logisticEstimator } from '../../../src/strategies/ml/logistic/logistic.js';
import { type Cell, tableFor, tableOf } from '../../../src/strategies/ml/table.js';
import { describeEstimator } from '../../conformance/estimator.js';
import { hasScikitLearn, runPython } from '../../support/python.js';

describeEstimator(logisticEstimator, {});
describeEstimator(logisticEstimator, { ridge: 2, categories: 3 });

function fit(names: readonly string[], rows: Cell[][], labels: number[], settings: object = {}): Fitted {
  const parsed = logisticEstimator.parse(settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return logisticEstimator.fit(tableOf(names, rows), Uint8Array.from(labels), parsed.value, 'seed');
}

function modelOf(fitted: Fitted): Model {
  if ('refused' in fitted) throw new Error(fitted.reason);
  return fitted.model;
}

const predict = (model: Model, rows: Cell[][]): number[] => [...model.predict(tableFor(model.columns, rows))];

/** Rows of a number, a category and a number that may be missing, with labels that hang on them. */
function world(size: number) {
  const random = seededRandom('logistic');
  const rows = Array.from({ length: size }, (): Cell[] => {
    const known = random.next() < 0.8;
    return [
      5 + 20 * random.normal(),
      ['red', 'green', 'blue'][random.below(3)],
      known ? random.normal() : null,
    ];
  });
  const labels = rows.map(([x, colour, z]) => {
    const eta =
      -1 + 0.04 * (x as number) + (colour === 'red' ? 1 : 0) + (z === null ? -1 : 0.8 * (z as number));
    return Number(random.next() < 1 / (1 + Math.exp(-eta)));
  });
  return { rows, labels };
}

describe('logistic regression', () => {
  it('of one category gives the share of each category', () => {
    const rows = [...Array<Cell[]>(10).fill(['a']), ...Array<Cell[]>(20).fill(['b'])];
    const labels = rows.map((_, i) => Number(i < 3 || i >= 22));
    const model = modelOf(fit(['x'], rows, labels));
    expect(predict(model, [['a'], ['b']])[0]).toBeCloseTo(0.3, 9);
    expect(predict(model, [['a'], ['b']])[1]).toBeCloseTo(0.4, 9);
  });

  it('takes a category that it never saw, or none, for an average row', () => {
    const { rows, labels } = world(900);
    const model = modelOf(fit(['x', 'colour', 'z'], rows, labels));
    const logOdds = (colour: Cell) => {
      const [p = 0] = predict(model, [[5, colour, 0]]);
      return Math.log(p / (1 - p));
    };
    const shares = ['red', 'green', 'blue'].map(
      (colour) => [colour, rows.filter(([, own]) => own === colour).length / rows.length] as const,
    );
    const average = shares.reduce((sum, [colour, share]) => sum + share * logOdds(colour), 0);
    expect(logOdds('yellow')).toBeCloseTo(average, 9);
    expect(logOdds(null)).toBeCloseTo(average, 9);
  });

  it('does not mind columns that follow from others, nor in which units numbers are', () => {
    const { rows, labels } = world(900);
    const plain = predict(modelOf(fit(['x', 'colour', 'z'], rows, labels)), rows);
    const twice = rows.map(([x, colour, z]): Cell[] => [1e9 * (x as number) + 7, colour, z, colour, 3, x]);
    const again = predict(modelOf(fit(['x', 'colour', 'z', 'same', 'three', 'copy'], twice, labels)), twice);
    for (const [i, p] of again.entries()) expect(p).toBeCloseTo(plain[i]!, 7);
  });

  it('weighs a row of weight 2 like two rows', () => {
    const { rows, labels } = world(300);
    const double = rows.flatMap((row, i) => (i % 3 === 0 ? [row, row] : [row]));
    const doubled = labels.flatMap((label, i) => (i % 3 === 0 ? [label, label] : [label]));
    const table = tableOf(['x', 'colour', 'z'], rows);
    const weights = Float64Array.from(rows, (_, i) => (i % 3 === 0 ? 2 : 1));
    for (const ridge of [0, 5]) {
      const weighted = logisticEstimator.fit(table, Uint8Array.from(labels), { ridge, categories: 9 }, 's', {
        weights,
      });
      const repeated = fit(['x', 'colour', 'z'], double, doubled, { ridge });
      const expected = predict(modelOf(repeated), rows);
      for (const [i, p] of predict(modelOf(weighted), rows).entries()) expect(p).toBeCloseTo(expected[i]!, 8);
    }
  });

  it('says of which column it is where labels are separated, and stays finite', () => {
    const rows = Array.from({ length: 200 }, (_, i): Cell[] => [i % 7, ['a', 'b', 'c'][i % 3]]);
    const labels = rows.map(([x, c], i) => Number(c === 'c' ? 0 : (x as number) > 2 ? i % 2 : i % 5 === 0));
    const fitted = fit(['x', 'kind'], rows, labels);
    expect(fitted).toHaveProperty('notes', [
      expect.stringMatching(/^kind = c tells .* ridge 1 instead of 0\.$/),
    ]);
    const [p = 0] = predict(modelOf(fitted), [[3, 'c']]);
    expect(p).toBeGreaterThan(1e-4);
    expect(p).toBeLessThan(0.1);
    expect(
      fit(
        ['x'],
        rows,
        labels.map((_, i) => Number(i % 7 > 3)),
      ),
    ).toHaveProperty('notes', [expect.stringMatching(/^x tells/)]);
    expect(fit(['x', 'kind'], rows, labels, { ridge: 0.5 })).not.toHaveProperty('notes');
  });

  it('lets the rarest categories share a dummy, and refuses more coefficients than it can reckon with', () => {
    const random = seededRandom('many');
    const rows = Array.from({ length: 100_000 }, (_, i): Cell[] => [`id${i}`, random.next()]);
    const labels = rows.map(([, x]) => Number(random.next() < (x as number)));
    const model = modelOf(fit(['id', 'x'], rows, labels));
    expect(predict(model, [['id99999', 0.9]])[0]).toBeGreaterThan(0.8);
    const wide = rows
      .slice(0, 300)
      .map((_, i): Cell[] => Array.from({ length: 20 }, (_, c) => `c${(i * (c + 1)) % 300}`));
    const names = Array.from({ length: 20 }, (_, c) => `c${c}`);
    expect(fit(names, wide, labels.slice(0, 300), { categories: 1_000 })).toMatchObject({
      code: 'too_large',
    });
  });

  it.skipIf(!hasScikitLearn())('is the fit of scikit-learn, with and without a penalty', () => {
    const { rows, labels } = world(1_500);
    const x = rows.map(([a, colour, z]) => [
      a,
      ...['red', 'green'].map((c) => Number(c === colour)),
      z ?? 0,
      Number(z === null),
    ]);
    const expected = runPython(
      `
from sklearn.linear_model import LogisticRegression
fit = lambda **k: LogisticRegression(tol=1e-10, max_iter=10000, **k).fit(data['x'], data['y']).predict_proba(data['x'])[:,1].tolist()
print(json.dumps(fit(penalty='none')))`,
      { x, y: labels },
    ) as number[];
    const model = modelOf(fit(['x', 'colour', 'z'], rows, labels));
    for (const [i, p] of predict(model, rows).entries()) expect(p).toBeCloseTo(expected[i]!, 5);

    const random = seededRandom('ridge');
    const numbers = Array.from({ length: 400 }, (): Cell[] => [random.normal(), 100 * random.next()]);
    const y = numbers.map(([a]) => Number(random.next() < 1 / (1 + Math.exp(-(a as number)))));
    const penalised = runPython(
      `
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
x = StandardScaler().fit_transform(data['x'])
print(json.dumps(LogisticRegression(C=.05, tol=1e-10, max_iter=10000).fit(x, data['y']).predict_proba(x)[:,1].tolist()))`,
      { x: numbers, y },
    ) as number[];
    const ridged = predict(modelOf(fit(['a', 'b'], numbers, y, { ridge: 20 })), numbers);
    for (const [i, p] of ridged.entries()) expect(p).toBeCloseTo(penalised[i]!, 5);
  });
});
