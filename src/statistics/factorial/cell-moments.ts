import { centredMeans } from '../means/centred-means.js';
import { smoothedRateVariance } from '../proportions/smoothed-rate.js';
import { rateVariance } from '../proportions/wald-difference.js';
import { refuse, type Refusal } from '../result.js';
import { impossibleSums, meanVariance, type OutcomeSums } from '../sums.js';

/** What the cells hold: outcomes of 0 and 1, or any whole numbers. */
export type CellKind = 'proportion' | 'mean';

/** Which variance a rate has: p(1 - p)/n as other tools take it, or the one of `smoothedRateVariance`. */
export type RateVariance = 'plain' | 'smoothed';

/** Cells ready for contrasts; means are less `centre`, and zero where nobody is. */
export interface CellMoments {
  readonly centre: number;
  readonly means: readonly number[];
  /** Squared standard error of each mean. */
  readonly variances: readonly number[];
  /** n - 1 of each cell. */
  readonly df: readonly number[];
}

/** A refusal if the coefficients do not fit the cells, or a cell that counts cannot be used. */
export function unfitCells(
  kind: CellKind,
  cells: readonly OutcomeSums[],
  rows: readonly (readonly number[])[],
): Refusal | undefined {
  const fits = (row: readonly number[]) =>
    row.length === cells.length && row.every(isCoefficient) && row.some((c) => c !== 0);
  if (rows.length === 0 || !rows.every(fits)) {
    return refuse(
      'invalid_input',
      'A contrast needs one coefficient per cell, at most 1e50, not all of them zero.',
    );
  }
  for (const [i, cell] of cells.entries()) {
    const impossible = impossibleSums(cell);
    if (impossible) return impossible;
    if (kind === 'proportion' && (cell.sum !== cell.sumSquares || cell.sum < 0n)) {
      return refuse('invalid_input', 'The outcomes of a proportion must be 0 or 1.');
    }
    if (rows.every((row) => row[i] === 0)) continue;
    if (cell.n === 0n) return refuse('missing_cell', 'A combination that is compared has no recipients.');
    if (kind === 'mean' && cell.n < 2n) {
      return refuse('too_few', 'A combination has only one recipient, so its spread is unknown.');
    }
  }
  return undefined;
}

/** Squares of larger or smaller ones may leave the range of doubles. */
function isCoefficient(c: number): boolean {
  return c === 0 || (Math.abs(c) <= 1e50 && Math.abs(c) >= 1e-50);
}

/** Means, their variances and degrees of freedom, each rounded once. */
export function cellMoments(
  kind: CellKind,
  cells: readonly OutcomeSums[],
  rates: RateVariance = 'plain',
): CellMoments {
  const { centre, means } = centredMeans(cells);
  const ofRate = rates === 'plain' ? rateVariance : smoothedRateVariance;
  const variance = (cell: OutcomeSums) =>
    kind === 'mean' ? meanVariance(cell) : ofRate({ successes: cell.sum, n: cell.n });
  const least = kind === 'mean' ? 2n : 1n;
  return {
    centre: Number(centre),
    means,
    variances: cells.map((cell) => (cell.n < least ? 0 : variance(cell))),
    df: cells.map((cell) => Number(cell.n) - 1),
  };
}

/**
 * Σ c m. Where the coefficients add up to zero but for their own rounding, so does the centre's part; a sum that is no
 * larger than what rounding may leave of an exact zero is zero.
 */
export function weightedMean({ centre, means }: CellMoments, coefficients: readonly number[]): number {
  const sum = coefficients.reduce((total, c) => total + c, 0);
  const size = coefficients.reduce((total, c) => total + Math.abs(c), 0);
  const offset = Math.abs(sum) <= 1e-12 * size ? 0 : sum * centre;
  const terms = [offset, ...means.map((m, i) => (coefficients[i] ?? 0) * m)];
  const value = terms.reduce((total, term) => total + term, 0);
  const noise = terms.reduce((total, term) => total + Math.abs(term), 0) * terms.length * Number.EPSILON;
  return Math.abs(value) <= noise / 2 ? 0 : value;
}
