import { impossibleCounts, type Count } from '../count.js';
import { deviance } from '../distributions/deviance.js';
import { leastSquares, predict, type LeastSquares } from '../numerics/least-squares.js';
import { logistic } from '../numerics/logistic.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import { impossibleDesign, impossibleOrder, modelDesign, type EffectColumn } from './design.js';
import { isSeparated } from './separation.js';

/** A logit model fitted by maximum likelihood. */
export interface LogitModel {
  readonly terms: readonly (readonly number[])[];
  readonly columns: readonly EffectColumn[];
  readonly coefficients: readonly number[];
  /** Of the coefficients: the inverse of the information. */
  readonly covariance: readonly (readonly number[])[];
  /** Fitted log odds of every cell. */
  readonly logits: readonly number[];
}

/**
 * Fits a binomial logit model with all interactions of up to `order` factors. Refuses `invalid_input`, `missing_cell`
 * (the recipients there are cannot tell the coefficients apart; always for an empty cell in the full model) and
 * `separation` (a coefficient would be infinite).
 */
export function fitLogit(
  levelCounts: readonly number[],
  cells: readonly Count[],
  order: number,
): OrRefusal<LogitModel> {
  const impossible =
    impossibleDesign(levelCounts, cells.length) ??
    impossibleOrder(levelCounts, order) ??
    impossibleCells(cells);
  if (impossible) return impossible;
  const design = modelDesign(
    levelCounts,
    order,
    cells.map(({ n }) => n),
  );
  if (isRefusal(design)) return design;
  const { terms, columns, values, occupied } = design;
  const rows = cells.map((_, i) => values.map((column) => column[i] ?? 0));
  const there = (_: unknown, i: number) => occupied[i] === true;
  if (isSeparated(rows.filter(there), cells.filter(there))) {
    return refuse('separation', 'A combination at 0 % or 100 % makes an effect on the log odds infinite.');
  }
  const fit = maximumLikelihood(values, cells, cells.map(empiricalLogit));
  if (isRefusal(fit)) return fit;
  const { coefficients, logits } = fit;
  return { terms, columns, coefficients, covariance: fit.covariance(), logits };
}

/** Log odds with half a success and half a failure added, so that they are finite. */
function empiricalLogit({ successes, n }: Count): number {
  return Math.log((Number(successes) + 0.5) / (Number(n - successes) + 0.5));
}

/** Counts as everywhere, except that a cell may be empty. */
function impossibleCells(cells: readonly Count[]): Refusal | undefined {
  if (cells.every(({ n }) => n === 0n)) return refuse('missing_cell', 'No combination has recipients.');
  return impossibleCounts(cells.filter(({ n, successes }) => n !== 0n || successes !== 0n));
}

/** The model without some of its columns: likelihood-ratio tests compare the two. */
export function withoutColumns(
  model: LogitModel,
  cells: readonly Count[],
  dropped: readonly number[],
): OrRefusal<Pick<LogitModel, 'logits'>> {
  const kept = model.columns.filter((_, i) => !dropped.includes(i)).map((column) => column.values);
  return maximumLikelihood(kept, cells, model.logits);
}

interface Fit extends LeastSquares {
  readonly logits: readonly number[];
}

/**
 * Newton's method, which is iteratively reweighted least squares here, with halved steps where the deviance would rise:
 * it is convex, so this ends at its minimum. Near the end every step squares the error, so one step after a small one
 * is the last. Needs a finite solution.
 */
function maximumLikelihood(
  columns: readonly (readonly number[])[],
  cells: readonly Count[],
  start: readonly number[],
): OrRefusal<Fit> {
  let coefficients: readonly number[] = firstCoefficients(columns, cells, start);
  let last = false;
  for (let round = 0; round < 200; round += 1) {
    const logits = predict(columns, coefficients);
    const { roots, residuals } = workingData(cells, logits);
    const step = leastSquares(columns, roots, residuals);
    if (!step) break;
    if (last) return { coefficients, covariance: step.covariance, logits };
    const moves = predict(columns, step.coefficients);
    const size = Math.max(...moves.map((move, i) => Math.abs(move) / (1 + Math.abs(logits[i] ?? 0))));
    last = size < 1e-8;
    const share = last ? 1 : shareOfStep(cells, logits, moves);
    coefficients = coefficients.map((b, i) => b + share * (step.coefficients[i] ?? 0));
  }
  return refuse('separation', 'The rates of these combinations are too extreme for a logit model.');
}

/** Those nearest to the given logits, or one rate for all cells where that fits better. */
function firstCoefficients(
  columns: readonly (readonly number[])[],
  cells: readonly Count[],
  start: readonly number[],
): number[] {
  const sum = (of: (cell: Count) => bigint) => cells.reduce((total, cell) => total + of(cell), 0n);
  const alike = empiricalLogit({ successes: sum((cell) => cell.successes), n: sum((cell) => cell.n) });
  const same = columns.map((_, i) => (i === 0 ? alike : 0));
  const { roots } = workingData(cells, start);
  const scaled = start.map((eta, i) => eta * (roots[i] ?? 0));
  const near = leastSquares(columns, roots, scaled)?.coefficients;
  const fit = (coefficients: readonly number[]) => logitDeviance(cells, predict(columns, coefficients));
  return near && fit(near) < fit(same) ? [...near] : same;
}

/** Square roots of the information of each cell, and its residual over them. */
function workingData(cells: readonly Count[], logits: readonly number[]) {
  const roots = logits.map((eta, i) => Math.sqrt(Number(cells[i]?.n ?? 0n) * logistic(eta) * logistic(-eta)));
  const residuals = logits.map((eta, i) => {
    const { successes = 0n, n = 0n } = cells[i] ?? {};
    const rest = Number(successes) * logistic(-eta) - Number(n - successes) * logistic(eta);
    const root = roots[i] ?? 0;
    return root === 0 ? 0 : rest / root;
  });
  return { roots, residuals };
}

/**
 * Where rates lie near 0 or 1 a full step may be absurdly long: no logit moves by more than 4, nor does the fit get
 * worse.
 */
function shareOfStep(cells: readonly Count[], logits: readonly number[], moves: readonly number[]): number {
  const now = logitDeviance(cells, logits);
  const moved = (share: number) => logits.map((eta, i) => eta + share * (moves[i] ?? 0));
  let share = Math.min(1, 4 / Math.max(...moves.map(Math.abs)));
  for (let half = 0; half < 40 && !(logitDeviance(cells, moved(share)) <= now * (1 + 1e-12)); half += 1)
    share /= 2;
  return share;
}

/** Twice the gap in log likelihood between the observed rates and the fitted ones. */
export function logitDeviance(cells: readonly Count[], logits: readonly number[]): number {
  return cells.reduce((sum, { successes, n }, i) => {
    const size = Number(n);
    const eta = logits[i] ?? 0;
    if (n === 0n) return sum;
    const yes = deviance(Number(successes), size * logistic(eta));
    return sum + 2 * (yes + deviance(Number(n - successes), size * logistic(-eta)));
  }, 0);
}

/**
 * Likelihood-ratio chi-squared of a model against one within it. The residuals of a maximum likelihood fit have nothing
 * in common with the columns, so it is the divergence of the one fit from the other: no difference of large deviances.
 */
export function likelihoodRatio(
  cells: readonly Count[],
  larger: readonly number[],
  smaller: readonly number[],
): number {
  return cells.reduce((sum, { n }, i) => {
    const [one = 0, other = 0] = [larger[i], smaller[i]];
    if (n === 0n) return sum;
    const yes = deviance(logistic(one), logistic(other));
    return sum + 2 * Number(n) * (yes + deviance(logistic(-one), logistic(-other)));
  }, 0);
}
