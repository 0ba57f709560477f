import type { CrossSums } from '../cross-sums.js';
import { dot, times } from '../numerics/exact-inverse.js';
import { ratio } from '../numerics/ratio.js';
import type { WithinFit } from './within-fit.js';

/** One recipient: the outcome, then the covariates. */
export type Row = readonly bigint[];

/** One recipient as a regression sees it. */
interface Seen {
  /** Squared residual over 1 - leverage; undefined for leverage 1, where both are zero. */
  readonly hc2: number | undefined;
  /** Covariates less their mean in the arm. */
  readonly centred: readonly number[];
}

/** Standard errors of a difference between two arms under a common slope. */
export interface CommonSlopeErrors {
  readonly ordinary: number;
  /** Undefined where a recipient has leverage 1. */
  readonly hc2: number | undefined;
}

/**
 * Ordinary and HC2 standard errors of treatment minus control (arm 0) in the regression on arms and covariates. The
 * estimate is Σ a y with a = ±1/n - (x - x̄_k)ᵀ W⁻¹ (x̄_t - x̄_c), W the covariates' sums of products within arms.
 */
export function commonSlopeErrors(
  rows: readonly (readonly Row[])[],
  arms: readonly CrossSums[],
  fit: WithinFit,
  treatment: number,
  df: number,
): CommonSlopeErrors {
  const [control, treated] = [arms[0], arms[treatment]];
  if (!control || !treated) throw new Error('A comparison has two sides.');
  const excess = treated.sums.map((sum, j) => sum * control.n - (control.sums[j] ?? 0n) * treated.n).slice(1);
  const size = control.n * treated.n;
  const leaning = solved(fit, excess, size);
  const spread =
    ratio(control.n + treated.n, size) +
    ratio(fit.scale * dot(excess, times(fit.inverse.adjugate, excess)), fit.denominator * size * size);
  const variance = ratio(fit.residual, fit.denominator * fit.scale) / df;
  let hc2: number | undefined = 0;
  for (const [k, arm] of arms.entries()) {
    const weight = k === treatment ? 1 / Number(arm.n) : k === 0 ? -1 / Number(arm.n) : 0;
    hc2 = plus(hc2, weightedSquares(rows[k] ?? [], arm, fit, weight, leaning));
  }
  return { ordinary: Math.sqrt(variance * spread), hc2: hc2 === undefined ? undefined : Math.sqrt(hc2) };
}

/**
 * HC2 variance of the mean of an arm at the covariates' mean over all arms, with the arm's own slopes; that mean
 * counts as given. Undefined where a recipient has leverage 1.
 */
export function ownSlopeError(
  rows: readonly Row[],
  arm: CrossSums,
  fit: WithinFit,
  all: CrossSums,
): number | undefined {
  const excess = arm.sums.map((sum, j) => sum * all.n - (all.sums[j] ?? 0n) * arm.n).slice(1);
  return weightedSquares(rows, arm, fit, 1 / Number(arm.n), solved(fit, excess, arm.n * all.n));
}

/** W⁻¹ (excess / size) */
function solved(fit: WithinFit, excess: readonly bigint[], size: bigint): number[] {
  return times(fit.inverse.adjugate, excess).map((value) => ratio(fit.scale * value, fit.denominator * size));
}

/** Σ a² e² / (1 - h) over the recipients of an arm, a = weight - (x - x̄)ᵀ leaning. */
function weightedSquares(
  rows: readonly Row[],
  arm: CrossSums,
  fit: WithinFit,
  weight: number,
  leaning: readonly number[],
): number | undefined {
  return rows.reduce<number | undefined>((sum, row) => {
    const { hc2, centred } = seen(row, arm, fit);
    const a = centred.reduce((rest, x, j) => rest - x * (leaning[j] ?? 0), weight);
    return plus(sum, hc2 === undefined ? undefined : a * a * hc2);
  }, 0);
}

function seen(row: Row, arm: CrossSums, fit: WithinFit): Seen {
  const { n } = arm;
  const [outcome = 0n, ...covariates] = row.map((value, j) => n * value - (arm.sums[j] ?? 0n));
  const residual = outcome * fit.denominator - dot(fit.numerators, covariates);
  const leaned = fit.scale * dot(covariates, times(fit.inverse.adjugate, covariates));
  const free = n * (n - 1n) * fit.denominator - leaned;
  const hc2 = free > 0n ? ratio(residual * residual, free * fit.denominator) : undefined;
  return { hc2, centred: covariates.map((x) => ratio(x, n)) };
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
