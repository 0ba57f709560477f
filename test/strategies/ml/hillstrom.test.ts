import { describe, expect, it } from 'vitest';
import { auc } from '../../../src/evaluation/classification/auc.js';
import { brierScore, logLoss } from '../../../src/evaluation/classification/mean-loss.js';
import { logisticEstimator } from '../../../src/strategies/ml/logistic/logistic.js';
import { tableOf, takeRows } from '../../../src/strategies/ml/table.js';
import { sharedRows } from '../../support/shared-data.js';

const rows = sharedRows('hillstrom.csv.gz');
const numbers = ['recency', 'history', 'mens', 'womens', 'newbie'];
const texts = ['zip_code', 'channel', 'segment'];

describe('propensity to visit in the Hillstrom file, even rows to odd rows', () => {
  it.skipIf(!rows)('has the published AUC, log loss and Brier score', () => {
    const all = rows ?? [];
    const table = tableOf(
      [...numbers, ...texts],
      all.map((row) => [...numbers.map((name) => Number(row[name])), ...texts.map((name) => row[name])]),
    );
    const places = Int32Array.from(all.keys());
    const [even, odd] = [0, 1].map((rest) => places.filter((row) => row % 2 === rest)) as [
      Int32Array,
      Int32Array,
    ];
    const labelsOf = (part: Int32Array) => Uint8Array.from(part, (row) => Number(all[row]!['visit']));
    const fitted = logisticEstimator.fit(
      takeRows(table, even),
      labelsOf(even),
      { ridge: 0, categories: 100 },
      's',
    );
    if ('refused' in fitted) throw new Error(fitted.reason);
    expect(fitted).not.toHaveProperty('notes');
    const predictions = fitted.model.predict(takeRows(table, odd));
    const labels = labelsOf(odd);
    expect(auc(labels, predictions)).toMatchObject({ value: expect.closeTo(0.6454, 4) as number });
    expect(logLoss(labels, predictions)).toMatchObject({ value: expect.closeTo(0.39781, 5) as number });
    expect(brierScore(labels, predictions)).toMatchObject({ value: expect.closeTo(0.12022, 5) as number });
  });
});
