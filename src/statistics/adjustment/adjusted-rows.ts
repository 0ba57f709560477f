import { impossibleLevel } from '../confidence.js';
import { addCrossSums, crossSumsOf, emptyCrossSums, MOST_OUTCOMES, type CrossSums } from '../cross-sums.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import type { TestedEstimate } from '../tested-estimate.js';
import { adjustedEstimate } from './adjusted-estimate.js';
import { commonSlopeErrors, ownSlopeError, type Row } from './row-errors.js';
import {
  adjustedMean,
  residualVariance,
  unfitForAdjustment,
  withinFit,
  type ExactSlopes,
  type WithinFit,
} from './within-fit.js';

export interface AdjustedRows {
  /** Slopes over all recipients as if there were no arms (the classic CUPED θ), one per covariate. */
  readonly thetaTotal: readonly number[];
  /** Common slopes within arms (analysis of covariance). */
  readonly thetaWithin: readonly number[];
  /** Every arm but the first, minus the first. */
  readonly comparisons: readonly RowComparison[];
}

/** One difference, estimated in all the ways that are in use; treatment minus control in the outcome's units. */
export interface RowComparison {
  /** Without covariates: z. */
  readonly unadjusted: OrRefusal<TestedEstimate>;
  /** θ over all recipients, variances within arms: z. Biased towards no effect where the covariates differ. */
  readonly classic: OrRefusal<TestedEstimate>;
  /** θ within arms, variances within arms: z. */
  readonly within: OrRefusal<TestedEstimate>;
  /** The same estimate as a regression coefficient with ordinary standard error: t with N - arms - covariates df. */
  readonly ancova: OrRefusal<TestedEstimate>;
  /** With HC2 standard error. */
  readonly ancovaHc2: OrRefusal<TestedEstimate>;
  /** Lin's estimator, a slope for every arm, with HC2 standard error: t with N - arms(1 + covariates) df. */
  readonly lin: OrRefusal<TestedEstimate>;
}

/** All arms, and what is computed once for all comparisons. */
interface Model {
  readonly rows: readonly (readonly Row[])[];
  readonly arms: readonly CrossSums[];
  readonly all: CrossSums;
  readonly total: WithinFit;
  readonly within: WithinFit;
  readonly level: number;
}

/**
 * Regression adjustment recipient by recipient; the first arm is the control. It gives what sums cannot: the
 * heteroscedasticity-consistent HC2 standard errors. Slopes, estimates, residuals and leverages are exact before they
 * are rounded. Refuses `invalid_input`, `empty_arm`, `too_few` and `no_variation` (a covariate that does not vary
 * within arms, or follows from the others); single estimates are refused where only they do not exist. Deng, Xu,
 * Kohavi & Walker (2013); Lin (2013); MacKinnon & White (1985) for HC2.
 */
export function adjustedRows(rows: readonly (readonly Row[])[], level: number): OrRefusal<AdjustedRows> {
  const impossible = impossibleLevel(level) ?? impossibleRows(rows);
  if (impossible) return impossible;
  const outcomes = rows[0]?.[0]?.length ?? 0;
  const arms = rows.map((arm) => arm.map(crossSumsOf).reduce(addCrossSums, emptyCrossSums(outcomes)));
  const unfit = unfitForAdjustment(arms);
  if (unfit) return unfit;
  const all = arms.reduce(addCrossSums);
  const [total, within] = [withinFit([all]), withinFit(arms)];
  if (within.inverse.kept.length < outcomes - 1) {
    return refuse('no_variation', 'A covariate does not vary within the arms, or follows from the others.');
  }
  const model = { rows, arms, all, total, within, level };
  return {
    thetaTotal: rounded(total),
    thetaWithin: rounded(within),
    comparisons: arms.slice(1).map((_, i) => compare(model, i + 1)),
  };
}

function impossibleRows(rows: readonly (readonly Row[])[]): Refusal | undefined {
  if (rows.length < 2) return refuse('invalid_input', 'At least two arms are needed.');
  if (rows.some((arm) => arm.length === 0)) return refuse('empty_arm', 'An arm has no recipients.');
  const outcomes = rows[0]?.[0]?.length ?? 0;
  if (outcomes < 2 || outcomes > MOST_OUTCOMES) {
    return refuse(
      'invalid_input',
      `A row is an outcome and between one and ${MOST_OUTCOMES - 1} covariates.`,
    );
  }
  if (rows.every((arm) => arm.every((row) => row.length === outcomes))) return undefined;
  return refuse('invalid_input', 'All rows must have the same covariates.');
}

function compare(model: Model, treatment: number): RowComparison {
  const { arms, all, within, level } = model;
  const none: ExactSlopes = { numerators: within.numerators.map(() => 0n), denominator: 1n };
  const value = differenceAt(model, treatment, within);
  const bySums = (slopes: ExactSlopes) => {
    const variance = [0, treatment].map((k) => residualVariance(arms[k] ?? all, slopes));
    const se = Math.sqrt(variance.reduce((sum, v) => sum + v, 0));
    return tested(differenceAt(model, treatment, slopes), se, Infinity, level);
  };
  const df = Number(all.n) - arms.length - within.numerators.length;
  const errors = commonSlopeErrors(model.rows, arms, within, treatment, df);
  return {
    unadjusted: bySums(none),
    classic: bySums(model.total),
    within: bySums(within),
    ancova: tested(value, errors.ordinary, df, level),
    ancovaHc2: tested(value, errors.hc2, df, level),
    lin: lin(model, treatment),
  };
}

function lin({ rows, arms, all, level }: Model, treatment: number): OrRefusal<TestedEstimate> {
  const own = arms.map((arm) => withinFit([arm]));
  const used = own.reduce((sum, fit) => sum + 1 + fit.inverse.kept.length, 0);
  const [c, t] = [0, treatment].map((k) => {
    const [arm, fit] = [arms[k], own[k]];
    if (!arm || !fit || fit.inverse.kept.length < all.sums.length - 1) return undefined;
    return { mean: adjustedMean(arm, fit, all), error: ownSlopeError(rows[k] ?? [], arm, fit, all) };
  });
  if (!c || !t) {
    return refuse('too_few', 'In an arm the covariates do not vary enough for slopes of its own.');
  }
  const se = c.error === undefined || t.error === undefined ? undefined : Math.sqrt(c.error + t.error);
  return tested(difference(c.mean, t.mean), se, Number(all.n) - used, level);
}

function differenceAt({ arms, all }: Model, treatment: number, slopes: ExactSlopes): number {
  const at = (k: number) => adjustedMean(arms[k] ?? all, slopes, all);
  return difference(at(0), at(treatment));
}

/** treatment - control of two fractions, rounded once. */
function difference(control: Fraction, treatment: Fraction): number {
  return ratio(
    treatment.numerator * control.denominator - control.numerator * treatment.denominator,
    treatment.denominator * control.denominator,
  );
}

type Fraction = ReturnType<typeof adjustedMean>;

function tested(value: number, se: number | undefined, df: number, level: number): OrRefusal<TestedEstimate> {
  if (df < 1) return refuse('too_few', 'There are not enough recipients for so many covariates.');
  if (se === undefined)
    return refuse('too_few', 'A recipient alone decides a slope, so its error is unknown.');
  return adjustedEstimate({ value, se, df }, level, 'adjustment.rows');
}

function rounded({ numerators, denominator }: ExactSlopes): number[] {
  return numerators.map((t) => ratio(t, denominator));
}

export const adjustedRowsMethod = {
  id: 'adjustment.rows',
  title: 'Differences adjusted recipient by recipient',
  needs: ['outcomes'],
  parameters: [LEVEL],
  reference: 'Deng, Xu, Kohavi & Walker (2013); Lin (2013); MacKinnon & White (1985)',
  compute: adjustedRows,
} as const satisfies Method;
