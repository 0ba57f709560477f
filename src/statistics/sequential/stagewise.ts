import { agreeWithTest } from '../confidence.js';
import { findRoot } from '../numerics/find-root.js';
import type { Estimate, TestResult } from '../result.js';
import type { Boundaries } from './boundaries.js';
import { logExit, logTotal } from './running.js';

/** What an experiment that has ended says, in units of the mean of z at the planned information. */
export interface StagewiseInference {
  /** Median-unbiased: as likely too high as too low. */
  readonly estimate: Estimate;
  readonly test: TestResult;
}

/**
 * Inference after the experiment ended at a look with statistic z, under the stage-wise ordering: ending earlier is
 * more extreme than ending later, and at the same look the larger z is. Two-sided p, the median-unbiased drift and its
 * interval, which leaves out 0 exactly when p < alpha. Looks that are still to come play no part, so they need not
 * be known. Tsiatis, Rosner & Mehta (1984); Jennison & Turnbull (2000), ch. 8.
 */
export function stagewiseInference(
  boundaries: Boundaries,
  look: number,
  z: number,
  alpha: number,
): StagewiseInference {
  const above = (drift: number) => logMoreExtreme(boundaries, look, z, 1, drift);
  const below = (drift: number) => logMoreExtreme(boundaries, look, z, -1, drift);
  const logP = Math.min(0, Math.LN2 + Math.min(above(0), below(0)));
  const p = Math.exp(logP);
  const scale = Math.sqrt(boundaries.fractions[look] ?? NaN);
  const centre = z / scale;
  const solve = (tail: (drift: number) => number, share: number, slope: 1 | -1) =>
    solveDrift((drift) => slope * (tail(drift) - Math.log(share)), centre, 1 / scale);
  const value = solve(above, 0.5, 1);
  const lower = Math.min(value, solve(above, alpha / 2, 1));
  const upper = Math.max(value, solve(below, alpha / 2, -1));
  const interval = agreeWithTest({ lower, upper, level: 1 - alpha }, p < alpha);
  const test = {
    method: 'sequential.group_sequential_analysis',
    statistic: z,
    df: [],
    p,
    logP,
    warnings: [],
  };
  return { estimate: { value, interval }, test };
}

/** log P(crossing on this side before the look, or coming to it and standing at z or beyond). */
function logMoreExtreme(
  { fractions, bounds, arriving }: Boundaries,
  look: number,
  z: number,
  side: 1 | -1,
  drift: number,
): number {
  return logTotal(
    arriving.slice(0, look + 1).map((running, k) => {
      const edge = k === look ? z : side * (bounds[k] ?? NaN);
      return logExit(running, fractions[k] ?? NaN, edge, side, drift);
    }),
  );
}

/** The root of an increasing function, searched from `centre` outwards. */
function solveDrift(rising: (drift: number) => number, centre: number, step: number): number {
  const side = rising(centre) < 0 ? 1 : -1;
  let [near, width] = [centre, step];
  while (side * rising(near + side * width) < 0) [near, width] = [near + side * width, 2 * width];
  return findRoot(rising, near, near + side * width);
}
