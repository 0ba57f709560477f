import { addCrossSums } from '../statistics/cross-sums.js';
import { addSums, emptySums } from '../statistics/sums.js';
import type { CellSums, MetricSums, ReportInput } from './report-input.js';

/** The cells of a report, looked up by metric, arm and cohort. Cells of the same place are added. */
export class CellTable {
  readonly #sums = new Map<string, MetricSums>();
  readonly #values = new Map<string, Set<string>>();

  constructor(cells: readonly CellSums[]) {
    for (const cell of cells) {
      const key = placeOf(cell.metric, cell.arm, cell.cohort);
      const before = this.#sums.get(key);
      const { sums, cross, capped } = cell;
      const own = { ...sums, ...(cross ? { cross } : {}), ...(capped ? { capped } : {}) };
      this.#sums.set(key, before ? addMetricSums(before, own) : own);
      if (cell.cohort) this.#noteValue(cell.cohort.trait, cell.cohort.value);
    }
  }

  #noteValue(trait: string, value: string): void {
    const values = this.#values.get(trait) ?? new Set<string>();
    this.#values.set(trait, values.add(value));
  }

  /** Everybody in the arm. */
  arm(metric: string, arm: string): MetricSums {
    return this.#sums.get(placeOf(metric, arm)) ?? emptySums;
  }

  cohort(metric: string, arm: string, trait: string, value: string): MetricSums {
    return this.#sums.get(placeOf(metric, arm, { trait, value })) ?? emptySums;
  }

  /** The values seen of a trait, in a fixed order. */
  values(trait: string): string[] {
    return [...(this.#values.get(trait) ?? [])].sort(byNumberThenText);
  }
}

/** Of two groups one of which lacks cross sums they are not known, unless nobody is in it. */
function addMetricSums(a: MetricSums, b: MetricSums): MetricSums {
  const capped = a.capped ?? b.capped;
  return {
    ...addSums(a, b),
    ...crossOf(a, b),
    ...(capped
      ? {
          capped: {
            recipients: (a.capped?.recipients ?? 0n) + (b.capped?.recipients ?? 0n),
            excess: (a.capped?.excess ?? 0n) + (b.capped?.excess ?? 0n),
          },
        }
      : {}),
  };
}

function crossOf(a: MetricSums, b: MetricSums): Pick<MetricSums, 'cross'> {
  if (a.cross && b.cross) return { cross: addCrossSums(a.cross, b.cross) };
  const [known, other] = a.cross ? [a, b] : [b, a];
  return known.cross && other.n === 0n ? { cross: known.cross } : {};
}

function placeOf(metric: string, arm: string, cohort?: { trait: string; value: string }): string {
  return JSON.stringify(cohort ? [metric, arm, cohort.trait, cohort.value] : [metric, arm]);
}

/** Recipients of an arm: the most that any metric has. */
export function recipientsOf(input: ReportInput, table: CellTable, armKey: string): bigint {
  return input.metrics
    .map((metric) => table.arm(metric.key, armKey).n)
    .reduce((most, n) => (n > most ? n : most), 0n);
}

/** Numbers by size before texts by code unit: the same order everywhere, whatever order the data came in. */
export function byNumberThenText(a: string, b: string): number {
  const [x, y] = [sortNumber(a), sortNumber(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortNumber(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Infinity;
}
