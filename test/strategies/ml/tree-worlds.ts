import { auc } from '../../../src/evaluation/classification/auc.js';
import { logLoss } from '../../../src/evaluation/classification/mean-loss.js';
import type { Estimator, FitOptions, Model } from '../../../src/strategies/ml/estimator.js';
import { type Cell, type Table, tableOf, takeRows } from '../../../src/strategies/ml/table.js';
import { sharedRows } from '../../support/shared-data.js';

export interface Halves {
  readonly train: Table;
  readonly trainLabels: Uint8Array;
  readonly test: Table;
  readonly testLabels: Uint8Array;
}

/** Even rows (from 0) to learn from, odd ones to be measured on. */
function halvesOf(names: readonly string[], rows: readonly (readonly Cell[])[], labels: Uint8Array): Halves {
  const table = tableOf(names, rows);
  const places = Int32Array.from({ length: rows.length }, (_, r) => r);
  const [even, odd] = [places.filter((r) => r % 2 === 0), places.filter((r) => r % 2 === 1)];
  return {
    train: takeRows(table, even),
    trainLabels: Uint8Array.from(even, (r) => labels[r]!),
    test: takeRows(table, odd),
    testLabels: Uint8Array.from(odd, (r) => labels[r]!),
  };
}

/** Visits after Hillstrom's campaign, of all three arms; undefined where the file is not at hand. */
export function hillstrom(): Halves | undefined {
  const rows = sharedRows('hillstrom.csv.gz');
  if (!rows) return undefined;
  return halvesOf(
    ['recency', 'history', 'mens', 'womens', 'newbie', 'zip', 'channel', 'arm'],
    rows.map((row) => [
      Number(row['recency']),
      Number(row['history']) / 100,
      Number(row['mens']),
      Number(row['womens']),
      Number(row['newbie']),
      row['zip_code'],
      row['channel'],
      row['segment'],
    ]),
    Uint8Array.from(rows, (row) => Number(row['visit'])),
  );
}

/** Deposits after calls of a bank, without how long the call took, which nobody knows before it. */
export function bankMarketing(): Halves | undefined {
  const file = sharedRows('bank-marketing-full.csv.gz', ';');
  if (!file) return undefined;
  const names = Object.keys(file[0]!).filter((name) => name !== 'y' && name !== 'duration');
  const numeric = new Set(['age', 'balance', 'day', 'campaign', 'pdays', 'previous']);
  return halvesOf(
    names,
    file.map((row) => names.map((name) => (numeric.has(name) ? Number(row[name]) : row[name]))),
    Uint8Array.from(file, (row) => (row['y'] === 'yes' ? 1 : 0)),
  );
}

export function learn<S>(
  estimator: Estimator<S>,
  table: Table,
  labels: Uint8Array,
  settings: unknown = {},
  options?: FitOptions,
): Model {
  const parsed = estimator.parse(settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const fitted = estimator.fit(table, labels, parsed.value, 'seed', options);
  if ('refused' in fitted) throw new Error(fitted.reason);
  return fitted.model;
}

export function measuresOf(labels: Uint8Array, probabilities: Float64Array) {
  const [area, loss] = [auc(labels, probabilities), logLoss(labels, probabilities)];
  if ('refused' in area || 'refused' in loss) throw new Error('labels are all alike');
  return { auc: area.value, logLoss: loss.value };
}
