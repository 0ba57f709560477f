import { chiSquaredTest } from '../chi-squared-test.js';
import { impossibleLevel, withinRange } from '../confidence.js';
import { noVariation, type Count } from '../count.js';
import { fTest } from '../f-test.js';
import { LEVEL, type Method } from '../method.js';
import { cholesky, squaredLength } from '../numerics/cholesky.js';
import { fewEvents } from '../proportions/smoothed-rate.js';
import { refuse, type Interval, type OrRefusal, type TestResult } from '../result.js';
import { tooLarge, type OutcomeSums } from '../sums.js';
import { testedEstimate, type TestedEstimate } from '../tested-estimate.js';
import {
  cellMoments,
  unfitCells,
  weightedMean,
  type CellKind,
  type CellMoments,
  type RateVariance,
} from './cell-moments.js';

/**
 * A weighted sum of independent cell rates or means, Σ c m, with variance Σ c² v / n: a z test for proportions, a t
 * test with Satterthwaite's degrees of freedom for means. Cells with coefficient 0 play no part and may be empty.
 * Rates with 'smoothed' variances keep their size in small and in one-sided cells, their interval stays within what the
 * contrast can reach, and the test warns `few_events`. Refuses `invalid_input`, `missing_cell` (nobody in a cell that
 * counts), `too_few` (one recipient, for means) and `no_variation` (standard error 0; rates: nobody or everybody did
 * it). The interval excludes 0 exactly when p < 1 - level. Satterthwaite (1946); Wu & Hamada, Experiments, 3rd ed., ch.
 * 4.
 */
export function contrast(
  kind: CellKind,
  cells: readonly OutcomeSums[],
  coefficients: readonly number[],
  level: number,
  rates: RateVariance = 'plain',
): OrRefusal<TestedEstimate> {
  const impossible = impossibleLevel(level) ?? unfitCells(kind, cells, [coefficients]);
  if (impossible) return impossible;
  const moments = cellMoments(kind, cells, rates);
  const value = weightedMean(moments, coefficients);
  const parts = moments.variances.map((v, i) => (coefficients[i] ?? 0) ** 2 * v);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const alike = kind === 'proportion' && noVariation(countsOf(cells, [coefficients]));
  if (total === 0 || alike) return refuse('no_variation', 'The outcomes in these cells do not vary.');
  if (total === Infinity) return tooLarge;
  const se = Math.sqrt(total);
  const df = kind === 'mean' ? satterthwaite(parts, total, moments.df) : Infinity;
  const smoothed = kind === 'proportion' && rates === 'smoothed';
  const warnings = smoothed ? fewEvents(countsOf(cells, [coefficients])) : [];
  const { estimate, test } = testedEstimate({ value, se, df }, level, `${kind}.contrast`, warnings);
  const interval = smoothed ? withinReach(estimate.interval, coefficients) : estimate.interval;
  return { estimate: { value, se, interval }, test };
}

function satterthwaite(parts: readonly number[], total: number, df: readonly number[]): number {
  return 1 / parts.reduce((sum, v, i) => (v === 0 ? sum : sum + (v / total) ** 2 / (df[i] ?? NaN)), 0);
}

/** Rates lie between 0 and 1, so a contrast lies between the sums of its negative and of its positive coefficients. */
function withinReach(interval: Interval, coefficients: readonly number[]): Interval {
  const reach = (sign: number) => coefficients.reduce((sum, c) => (c * sign > 0 ? sum + c : sum), 0);
  return withinRange(interval, reach(-1), reach(1));
}

/** The cells that count in at least one row. */
function countsOf(cells: readonly OutcomeSums[], rows: readonly (readonly number[])[]): Count[] {
  return cells.flatMap((cell, i) =>
    rows.every((row) => row[i] === 0) ? [] : [{ successes: cell.sum, n: cell.n }],
  );
}

/**
 * Tests several contrasts of independent cells at once, for instance all levels of a factor with more than two:
 * Wald's (Cm)ᵀ(C V Cᵀ)⁻¹(Cm) with r = number of rows. Proportions: chi-squared with r degrees of freedom. Means:
 * Johansen's (1980) F approximation, which allows unequal variances; for one row it is `contrast`'s t test squared, for
 * all differences between arms it is Welch's ANOVA. Refuses what `contrast` refuses, and `invalid_input` when a row
 * follows from the others. `rates` as in `contrast`.
 */
export function jointContrasts(
  kind: CellKind,
  cells: readonly OutcomeSums[],
  rows: readonly (readonly number[])[],
  rates: RateVariance = 'plain',
): OrRefusal<TestResult> {
  const impossible = unfitCells(kind, cells, rows);
  if (impossible) return impossible;
  const moments = cellMoments(kind, cells, rates);
  const covariance = rows.map((a) => rows.map((b) => crossVariance(moments, a, b)));
  const alike = kind === 'proportion' && noVariation(countsOf(cells, rows));
  if (alike || covariance.some((row, i) => !row[i]))
    return refuse('no_variation', 'The outcomes in these cells do not vary.');
  const root = cholesky(covariance);
  if (!root) return refuse('invalid_input', 'One of the contrasts follows from the others.');
  const wald = squaredLength(
    root,
    rows.map((row) => weightedMean(moments, row)),
  );
  const r = rows.length;
  const method = `${kind}.joint_contrasts`;
  if (kind === 'proportion') return chiSquaredTest(method, wald, r);
  const spread = leverageSpread(moments, rows, root);
  const statistic = wald / (r + 2 * spread - (6 * spread) / (r + 2));
  return fTest(method, statistic, r, (r * (r + 2)) / (3 * spread));
}

function crossVariance({ variances }: CellMoments, a: readonly number[], b: readonly number[]): number {
  return variances.reduce((sum, v, i) => sum + (a[i] ?? 0) * (b[i] ?? 0) * v, 0);
}

/** Johansen's A = Σ h² / (n - 1), h = the share of each cell in the r dimensions of the test. */
function leverageSpread(
  { variances, df }: CellMoments,
  rows: readonly (readonly number[])[],
  root: readonly (readonly number[])[],
): number {
  return variances.reduce((sum, v, cell) => {
    const share =
      v *
      squaredLength(
        root,
        rows.map((row) => row[cell] ?? 0),
      );
    return share === 0 ? sum : sum + share ** 2 / (df[cell] ?? NaN);
  }, 0);
}

const COEFFICIENTS = { name: 'coefficients', meaning: 'one finite number per cell, not all zero' } as const;
const ROWS = { name: 'rows', meaning: 'coefficients of each contrast, one finite number per cell' } as const;

export const rateContrastMethod = {
  id: 'proportion.contrast',
  title: 'Contrast of cell rates',
  needs: ['n', 'nonZero'],
  parameters: [COEFFICIENTS, LEVEL],
  reference: 'Wu & Hamada, Experiments, 3rd ed. (2021), ch. 4; Agresti & Caffo (2000)',
  compute: (cells: readonly OutcomeSums[], coefficients: readonly number[], level: number) =>
    contrast('proportion', cells, coefficients, level),
} as const satisfies Method;

export const meanContrastMethod = {
  id: 'mean.contrast',
  title: 'Contrast of cell means',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [COEFFICIENTS, LEVEL],
  reference: 'Satterthwaite (1946)',
  compute: (cells: readonly OutcomeSums[], coefficients: readonly number[], level: number) =>
    contrast('mean', cells, coefficients, level),
} as const satisfies Method;

export const jointRateContrastsMethod = {
  id: 'proportion.joint_contrasts',
  title: 'Several contrasts of cell rates at once',
  needs: ['n', 'nonZero'],
  parameters: [ROWS],
  reference: 'Wald (1943)',
  compute: (cells: readonly OutcomeSums[], rows: readonly (readonly number[])[]) =>
    jointContrasts('proportion', cells, rows),
} as const satisfies Method;

export const jointMeanContrastsMethod = {
  id: 'mean.joint_contrasts',
  title: 'Several contrasts of cell means at once',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [ROWS],
  reference: 'Johansen (1980)',
  compute: (cells: readonly OutcomeSums[], rows: readonly (readonly number[])[]) =>
    jointContrasts('mean', cells, rows),
} as const satisfies Method;
