import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/evaluation/random.js';
import { logisticEstimator } from '../../../../src/strategies/ml/logistic/logistic.js';
import { type Cell, tableOf } from '../../../../src/strategies/ml/table.js';
import { describeModel } from '../../../../src/strategies/ml/validation/describe-model.js';
import { labelledRows, takeLabelled } from '../../../../src/strategies/ml/validation/labelled-rows.js';
import { surrogateTree } from '../../../../src/strategies/ml/validation/surrogate-tree.js';

/** Predictions that are a tree themselves: 10 % for old ones, else by colour. */
function stepped(size: number) {
  const random = seededRandom('stepped');
  const rows = Array.from({ length: size }, (): Cell[] => [
    random.next() < 0.1 ? null : random.below(50),
    ['red', 'green', 'blue'][random.below(3)],
  ]);
  const predictions = Float64Array.from(rows, ([age, colour]) => {
    if (age === null || (age as number) > 30) return 0.1;
    return colour === 'green' ? 0.9 : 0.5;
  });
  return { table: tableOf(['age', 'colour'], rows), predictions };
}

describe('the surrogate tree', () => {
  it('finds a tree that is one, with what is missing on the right side, and imitates it wholly', () => {
    const { lines, fidelity } = surrogateTree(stepped(2_000), stepped(2_000));
    expect(fidelity).toBeCloseTo(1, 9);
    const text = lines.join('\n');
    expect(text).toMatch(/^age ≤ 30:\n {2}colour is (green|one of blue, red): \d\d\.0 % \(\d+ rows\)/);
    expect(text).toContain('age > 30 or missing: 10.0 %');
  });

  it('asks three questions at most on the way to a leaf', () => {
    const random = seededRandom('deep');
    const rows = Array.from({ length: 3_000 }, (): Cell[] =>
      Array.from({ length: 6 }, () => random.normal()),
    );
    const table = tableOf(['a', 'b', 'c', 'd', 'e', 'f'], rows);
    const predictions = Float64Array.from(rows, (row) =>
      row.reduce((sum: number, value) => sum + (value as number), 0) > 0 ? 0.8 : 0.2,
    );
    const { lines, fidelity } = surrogateTree({ table, predictions }, { table, predictions });
    const deepest = Math.max(...lines.map((line) => line.length - line.trimStart().length));
    expect(deepest).toBe(4);
    expect(lines.filter((line) => line.endsWith('rows)'))).toHaveLength(8);
    expect(fidelity).toBeGreaterThan(0.2);
    expect(fidelity).toBeLessThan(0.9);
  });

  it('takes as little of a column with a category for every other row as of any other', () => {
    const rows = Array.from({ length: 60_000 }, (_, i): Cell[] => [`id${i >> 1}`, i % 10]);
    const predictions = Float64Array.from(
      rows,
      ([id, x]) => 0.1 + 0.05 * (x as number) + 0.0001 * (id as string).length,
    );
    const learned = { table: tableOf(['id', 'x'], rows), predictions };
    expect(surrogateTree(learned, learned).fidelity).toBeGreaterThan(0.9);
  }, 20_000);

  it('is one leaf for a model that says the same of everybody, and for few rows', () => {
    const { table } = stepped(500);
    const predictions = new Float64Array(500).fill(0.25);
    expect(surrogateTree({ table, predictions }, { table, predictions })).toEqual({
      lines: ['25.0 % (500 rows)'],
      fidelity: 1,
    });
    expect(surrogateTree(stepped(10), stepped(10)).lines).toHaveLength(1);
  });
});

describe('the report of a model', () => {
  it('puts the parts together, as plain JSON', () => {
    const random = seededRandom('report');
    const rows = Array.from({ length: 1_000 }, (): Cell[] => [
      random.normal(),
      random.next() < 0.3 ? null : random.normal(),
    ]);
    const labels = Uint8Array.from(rows, ([x]) => Number(random.next() < 1 / (1 + Math.exp(-(x as number)))));
    const all = labelledRows(tableOf(['x', 'y'], rows), labels);
    const part = (from: number, to: number) =>
      takeLabelled(
        all,
        Int32Array.from({ length: to - from }, (_, i) => from + i),
      );
    const [learned, heldOut] = [part(0, 600), part(600, 1_000)];
    const fitted = logisticEstimator.fit(learned.table, learned.labels, { ridge: 0, categories: 9 }, 's');
    if ('refused' in fitted) throw new Error(fitted.reason);
    const describing = {
      model: fitted.model,
      learned,
      heldOut,
      window: { until: '2026-01-01T00:00:00.000Z' },
      split: { kind: 'random', note: 'By row.' } as const,
      seed: 's',
      draws: 100,
      titles: new Map([['x', 'The x']]),
      baselines: [{ name: 'half', predictions: new Float64Array(400).fill(0.5) }],
      more: { notes: ['a note'] },
    };
    const report = describeModel(describing);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(describeModel(describing)).toEqual(report);
    expect(report.measures[0]).toMatchObject({ name: 'AUC', higherIsBetter: true });
    expect(report.features).toMatchObject([
      { name: 'x', title: 'The x', type: 'number', missing: 0 },
      {
        name: 'y',
        title: 'y',
        missing: learned.table.columns[1]!.type === 'number' ? expect.closeTo(0.3, 1) : 0,
      },
    ]);
    expect(report.baselines?.[0]?.measures).toMatchObject([
      { name: 'AUC', value: 0.5 },
      { name: 'log loss', value: expect.closeTo(Math.log(2), 9) as number },
      { name: 'Brier', value: 0.25 },
      { name: 'average precision' },
    ]);
    expect(report.calibration?.reduce((sum, bin) => sum + bin.rows, 0)).toBe(400);
    expect(report.surrogate?.fidelity).toBeGreaterThan(0.5);
    expect(report.notes).toEqual(['a note']);
    const alike = describeModel({ ...describing, heldOut: { ...heldOut, labels: new Uint8Array(400) } });
    expect(alike.measures[0]).toMatchObject({ name: 'AUC', refused: true, code: 'no_variation' });
    expect(alike.features?.[0]).not.toHaveProperty('importance');
    expect(JSON.parse(JSON.stringify(alike))).toEqual(alike);
  });
});
