import { ratio } from '../numerics/ratio.js';
import type { OutcomeSums } from '../sums.js';
import { combinations } from './combinations.js';

/** How an effect is averaged over the levels of the other factors. */
export type EffectWeights = 'equal' | 'proportional';

/** An effect of one factor, or an interaction of several, as coefficients of the cells. */
export interface EffectRow {
  readonly factors: readonly number[];
  /** The non-baseline level of each factor in `factors`. */
  readonly levels: readonly number[];
  /** One per cell, row-major with the first factor slowest. */
  readonly coefficients: readonly number[];
}

/**
 * The effects of a set of factors, one for every choice of non-baseline levels: the product of their differences from
 * the baseline levels, averaged over all combinations of the other factors. `shares` are the weights of the cells'
 * combinations of other factors (see `sharesOf`).
 */
export function effectRows(
  levelCounts: readonly number[],
  factors: readonly number[],
  shares: readonly number[],
): EffectRow[] {
  const cells = combinations(levelCounts);
  const chosen = combinations(factors.map((f) => (levelCounts[f] ?? 1) - 1));
  return chosen.map((choice): EffectRow => {
    const levels = choice.map((level) => level + 1);
    const sign = (cell: readonly number[]) =>
      factors.reduce((product, f, i) => product * signAt(cell[f], levels[i]), 1);
    return { factors, levels, coefficients: cells.map((cell, i) => sign(cell) * (shares[i] ?? 0)) };
  });
}

/** +1 at the level, -1 at the baseline, 0 elsewhere. */
export function signAt(value: number | undefined, level: number | undefined): number {
  return value === level ? 1 : value === 0 ? -1 : 0;
}

/** For every cell the share of its combination of the factors outside `factors`, alike for all. */
export function equalShares(levelCounts: readonly number[], factors: readonly number[]): number[] {
  const cells = levelCounts.reduce((product, count) => product * count, 1);
  const own = factors.reduce((product, f) => product * (levelCounts[f] ?? 1), 1);
  return Array.from({ length: cells }, () => own / cells);
}

/**
 * For every cell the share of its combination of the factors outside `factors`: alike for all, or as recipients are.
 */
export function sharesOf(
  levelCounts: readonly number[],
  factors: readonly number[],
  cells: readonly OutcomeSums[],
  weights: EffectWeights,
): number[] {
  if (weights === 'equal') return equalShares(levelCounts, factors);
  const keys = combinations(levelCounts).map((cell) => cell.filter((_, f) => !factors.includes(f)).join());
  const sizes = new Map<string, bigint>();
  keys.forEach((key, i) => sizes.set(key, (sizes.get(key) ?? 0n) + (cells[i]?.n ?? 0n)));
  const all = cells.reduce((sum, { n }) => sum + n, 0n);
  return keys.map((key) => (all === 0n ? 0 : ratio(sizes.get(key) ?? 0n, all)));
}
