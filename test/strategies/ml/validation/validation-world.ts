import { seededRandom } from '../../../../src/evaluation/random.js';
import { type Cell, tableOf } from '../../../../src/strategies/ml/table.js';
import { dealFolds, type Folds } from '../../../../src/strategies/ml/validation/folds.js';
import { labelledRows, type LabelledRows } from '../../../../src/strategies/ml/validation/labelled-rows.js';

/** Four features: two that matter, one that is a copy of nothing, one of noise in categories. */
export function world(size: number, seed = 'world') {
  const random = seededRandom(seed);
  const rows = Array.from({ length: size }, (): Cell[] => [
    random.normal(),
    random.normal(),
    random.normal(),
    ['a', 'b', 'c'][random.below(3)],
  ]);
  const labels = Uint8Array.from(rows, ([strong, weak]) => {
    const eta = -0.5 + 1.5 * (strong as number) + 0.5 * (weak as number);
    return Number(random.next() < 1 / (1 + Math.exp(-eta)));
  });
  return labelledRows(tableOf(['strong', 'weak', 'noise', 'kind'], rows), labels);
}

export function foldsOf(rows: LabelledRows, seed = 'folds', count = 5): Folds {
  const folds = dealFolds(rows.labels, rows.recipients, seed, { count });
  if ('refused' in folds) throw new Error(folds.reason);
  return folds;
}

export function known<T extends object>(result: T): Exclude<T, { refused: true }> {
  if ('refused' in result) throw new Error(JSON.stringify(result));
  return result as Exclude<T, { refused: true }>;
}
