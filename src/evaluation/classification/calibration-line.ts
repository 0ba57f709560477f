import { logistic } from '../../statistics/numerics/logistic.js';
import { isRefusal, type OrRefusal, refuse } from '../refusal.js';
import type { Value } from './auc.js';
import { clippedAt, logLossAt, probabilityProblem } from './mean-loss.js';
import { type RankedRows, rankRows } from './ranked-rows.js';

/**
 * Calibration on the scale of log odds (Cox 1958; Van Calster and others, BMC Medicine 17:230, 2019).
 *
 * - slope: b in logit P(label = 1) = a + b logit(prediction), by maximum likelihood. 1 is best; below 1 the predictions are too
 *   extreme, which is what overfitting looks like; above 1 too timid.
 * - intercept: a where b is fixed at 1. 0 is best; below 0 the predictions are too high on the whole.
 *
 * Predictions are clipped as for `logLoss`.
 */
export interface CalibrationLine {
  readonly slope: OrRefusal<Value>;
  readonly intercept: OrRefusal<Value>;
}

/**
 * Refuses `no_variation` where all labels are alike (the slope also where all predictions are) and `separation` where the
 * predictions tell the labels apart without a mistake; `invalid_input` for what is no probability.
 */
export function calibrationLine(labels: Uint8Array, probabilities: Float64Array): OrRefusal<CalibrationLine> {
  const ranked = rankRows(labels, probabilities);
  if (isRefusal(ranked)) return ranked;
  const problem = probabilityProblem(probabilities);
  if (problem) return problem;
  const fit = fitLine(ranked);
  return isRefusal(fit) ? fit : { slope: asValue(fit.slope), intercept: asValue(fit.intercept) };
}

const asValue = (fit: OrRefusal<Redrawn>): OrRefusal<Value> => (isRefusal(fit) ? fit : { value: fit.value });

/** A coefficient, and what it is nearly under other weights: one Newton step away (Moulton and Zeger 1991). */
export interface Redrawn {
  readonly value: number;
  /** @param weights by place. */
  readonly redraw: (weights: Float64Array) => number | undefined;
}

export interface RedrawnLine {
  readonly slope: OrRefusal<Redrawn>;
  readonly intercept: OrRefusal<Redrawn>;
}

export function fitLine({ labels, scores, ends }: RankedRows): OrRefusal<RedrawnLine> {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length) {
    return refuse(
      'no_variation',
      'All rows have the same label, so there is nothing to hold the predictions against.',
    );
  }
  const x = Float64Array.from(scores, logit);
  const a = newton(labels, x, 0, 1, false);
  const intercept = a
    ? { value: a.intercept, redraw: oneStep(labels, x, a, false) }
    : refuse('separation', 'The predictions are so extreme that no shift of them fits.');
  if (ends.length === 1) {
    return {
      intercept,
      slope: refuse('no_variation', 'All predictions are the same, so they have no slope.'),
    };
  }
  const b = isSeparated(labels, ends) ? undefined : newton(labels, x, 0, 0, true);
  const slope = b
    ? { value: b.slope, redraw: oneStep(labels, x, b, true) }
    : refuse(
        'separation',
        'The predictions tell the labels apart without a mistake, so their slope has no end.',
      );
  return { intercept, slope };
}

export function logit(p: number): number {
  const clipped = Math.min(1 - clippedAt, Math.max(clippedAt, p));
  return Math.log(clipped) - Math.log1p(-clipped);
}

/** Whether every row of one label stands before every row of the other, but for one tie at most. */
function isSeparated(labels: Uint8Array, ends: Int32Array): boolean {
  const runs = Array.from(ends, (end, i) => {
    const run = labels.subarray(i === 0 ? 0 : ends[i - 1], end);
    const positives = run.reduce((sum, label) => sum + label, 0);
    return positives === 0 ? -1 : positives === run.length ? 1 : 0;
  });
  const falls = runs.every((sign, i) => i === 0 || sign <= (runs[i - 1] as number));
  const rises = runs.every((sign, i) => i === 0 || sign >= (runs[i - 1] as number));
  return (falls || rises) && runs.filter((sign) => sign === 0).length <= 1;
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

interface Sums {
  readonly gradient: readonly [number, number];
  readonly curvature: readonly [number, number, number];
  readonly loss: number;
}

function sumsAt(
  labels: Uint8Array,
  x: Float64Array,
  { intercept, slope }: Line,
  weights?: Float64Array,
): Sums {
  let [g0, g1, h00, h01, h11, loss] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const weight = weights ? (weights[i] as number) : 1;
    if (weight === 0) continue;
    const xi = x[i] as number;
    const eta = intercept + slope * xi;
    const p = logistic(eta);
    const rest = weight * ((labels[i] as number) - p);
    const spread = weight * p * (1 - p);
    g0 += rest;
    g1 += rest * xi;
    h00 += spread;
    h01 += spread * xi;
    h11 += spread * xi * xi;
    loss += weight * logLossAt(labels[i] as number, eta);
  }
  return { gradient: [g0, g1], curvature: [h00, h01, h11], loss };
}

/** One Newton step; undefined where the curvature is gone. */
function stepOf({ gradient, curvature }: Sums, withSlope: boolean): readonly [number, number] | undefined {
  const [g0, g1] = gradient;
  const [h00, h01, h11] = curvature;
  if (!withSlope) return h00 > 0 ? [g0 / h00, 0] : undefined;
  const determinant = h00 * h11 - h01 * h01;
  if (!(determinant > 1e-12 * h00 * h11)) return undefined;
  return [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
}

/** Newton's method, a step halved until the loss falls; undefined where it does not settle. */
function newton(
  labels: Uint8Array,
  x: Float64Array,
  intercept: number,
  slope: number,
  withSlope: boolean,
): Line | undefined {
  let line: Line = { intercept, slope };
  let sums = sumsAt(labels, x, line);
  for (let round = 0; round < 50; round++) {
    const step = stepOf(sums, withSlope);
    if (!step) return undefined;
    const size = Math.max(Math.abs(step[0]), Math.abs(step[1]));
    if (size < 1e-10) return line;
    for (let share = 1; ; share /= 2) {
      const next = { intercept: line.intercept + share * step[0], slope: line.slope + share * step[1] };
      const nextSums = sumsAt(labels, x, next);
      // The more rows, the more of the loss is rounding.
      if (!(nextSums.loss <= sums.loss + 1e-9 * (1 + sums.loss)) && share > 1e-6) continue;
      [line, sums] = [next, nextSums];
      break;
    }
  }
  return undefined;
}

function oneStep(labels: Uint8Array, x: Float64Array, line: Line, withSlope: boolean): Redrawn['redraw'] {
  const [rest, spread] = [new Float64Array(x.length), new Float64Array(x.length)];
  for (let i = 0; i < x.length; i++) {
    const p = logistic(line.intercept + line.slope * (x[i] as number));
    rest[i] = (labels[i] as number) - p;
    spread[i] = p * (1 - p);
  }
  return (weights) => {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const weight = weights[i] as number;
      const xi = x[i] as number;
      const [r, s] = [weight * (rest[i] as number), weight * (spread[i] as number)];
      g0 += r;
      g1 += r * xi;
      h00 += s;
      h01 += s * xi;
      h11 += s * xi * xi;
    }
    const step = stepOf({ gradient: [g0, g1], curvature: [h00, h01, h11], loss: 0 }, withSlope);
    if (!step) return undefined;
    return withSlope ? line.slope + step[1] : line.intercept + step[0];
  };
}
