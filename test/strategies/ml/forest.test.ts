import { describe, expect, test } from 'vitest';

import { forestEstimator } from '../../../src/strategies/ml/forest/forest.js';
import { describeEstimator } from '../../conformance/estimator.js';
import { learnable } from '../../conformance/estimator-tables.js';
import { hillstrom, learn, measuresOf } from './tree-worlds.js';

describeEstimator(forestEstimator, { trees: 20 });

interface Json {
  readonly base: number;
  readonly outOfBag: { readonly rows: number; readonly logLoss: number; readonly auc: number } | null;
}

describe('a forest', () => {
  test('says of itself, by the rows that trees left out, what new rows say of it', () => {
    const [lesson, later] = [learnable(2_000, 'forest'), learnable(2_000, 'later')];
    const model = learn(forestEstimator, lesson.table, lesson.labels);
    const { base, outOfBag } = model.toJSON() as unknown as Json;
    const found = measuresOf(later.labels, model.predict(later.table));
    expect(base).toBeCloseTo(lesson.labels.reduce((sum, label) => sum + label, 0) / 2_000, 12);
    expect(outOfBag!.rows).toBe(2_000);
    expect(Math.abs(outOfBag!.auc - found.auc)).toBeLessThan(0.03);
    expect(Math.abs(outOfBag!.logLoss - found.logLoss)).toBeLessThan(0.03);
    // On the rows that it learned from it does much better, which is why those do not count.
    expect(measuresOf(lesson.labels, model.predict(lesson.table)).auc).toBeGreaterThan(outOfBag!.auc + 0.02);
  });

  test('beats always saying what the majority does', () => {
    const [lesson, later] = [learnable(1_000, 'majority'), learnable(1_000, 'other')];
    const p = learn(forestEstimator, lesson.table, lesson.labels).predict(later.table);
    const right = later.labels.filter((label, r) => (p[r]! > 0.5 ? 1 : 0) === label).length;
    const positives = later.labels.reduce((sum, label) => sum + label, 0);
    expect(right).toBeGreaterThan(Math.max(positives, 1_000 - positives) + 30);
  });

  test('holds in each leaf the share of positives with a prior row: one tree, one split', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => i % 2);
    const table = { rows: 400, columns: [{ name: 'x', type: 'number' as const, values }] };
    const settings = { trees: 1, priorRows: 4 };
    const [low, high] = learn(forestEstimator, table, Uint8Array.from(values), settings).predict(table);
    // About 200 rows and 4 prior ones of a half.
    expect(low).toBeGreaterThan(2 / 260);
    expect(low).toBeLessThan(2 / 150);
    expect(1 - high!).toBeGreaterThan(2 / 260);
    expect(1 - high!).toBeLessThan(2 / 150);
  });

  test('Hillstrom: tells visits, though not as well as boosting', () => {
    const data = hillstrom();
    if (!data) return;
    const p = learn(forestEstimator, data.train, data.trainLabels, {
      trees: 60,
      minLeafRows: 50,
      maxLeaves: 128,
    });
    const { auc, logLoss } = measuresOf(data.testLabels, p.predict(data.test));
    console.log(`Hillstrom: forest AUC ${auc.toFixed(4)}, log loss ${logLoss.toFixed(5)}`);
    expect(auc).toBeGreaterThan(0.635);
    // That of the share of positives alone.
    expect(logLoss).toBeLessThan(0.4175);
  });
});
