import { impossibleAlpha } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { ALPHA, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import { spendingBoundaries, unfitFractions } from './boundaries.js';
import { driftFor, expectedFraction, FRACTIONS, POWER } from './group-sequential.js';
import { logExit, logTotal, notYetLooked, runOn, type Running } from './running.js';
import { SPENDING, spent, unfitSpending, type Spending } from './spending.js';

export interface FutilityLook {
  readonly fraction: number;
  /** z above which the treatment is better; the same as without futility. */
  readonly bound: number;
  /** z below which going on is futile; meets the bound at the last look. */
  readonly futility: number;
}

export interface FutilityDesign {
  readonly looks: readonly FutilityLook[];
  /** Mean of z at the planned information that gives the power although futile experiments end. */
  readonly drift: number;
  /** Planned size over that of a test with one look and the same power. */
  readonly inflation: number;
  /** Information at which the experiment ends on average, as a fraction of the planned one. */
  readonly expectedFraction: { readonly null: number; readonly design: number };
}

/** The lower boundary for one drift, and who comes to each look between both. */
interface Path {
  readonly futility: readonly number[];
  readonly arriving: readonly Running[];
}

/**
 * A group sequential plan that also ends experiments unlikely to show a better treatment: the type II error 1 - power
 * is spent by `futilitySpending` as alpha is by `spending`. Non-binding: the upper bounds are those of
 * `groupSequential`, so the type I error holds whether or not futile experiments go on. A treatment that is worse than
 * the control counts as futile. The last fraction must be 1 or more, so that all is spent. Refuses `invalid_input`.
 * Pampallona, Tsiatis & Kim (2001); DeMets & Ware (1982); as gsDesign's test type 4.
 */
export function futilityBounds(
  fractions: readonly number[],
  spending: Spending,
  futilitySpending: Spending,
  alpha: number,
  power: number,
): OrRefusal<FutilityDesign> {
  const unfit = unfitPlan(fractions, spending, futilitySpending, alpha, power);
  if (unfit) return unfit;
  const efficacy = spendingBoundaries(
    fractions,
    fractions.map((t) => spent(spending, t, alpha)),
  );
  const { bounds } = efficacy;
  // One side only, where `spent` counts two.
  const errors = fractions.map((t) => spent(futilitySpending, t, 2 * (1 - power)) / 2);
  const least = driftFor(efficacy, power);
  const singleLook = driftFor(spendingBoundaries([1], [alpha]), power);
  if (least === undefined || singleLook === undefined)
    return refuse('invalid_input', 'These looks spend next to no alpha.');
  const missing = (drift: number) =>
    found(fractions, bounds, pathFor(fractions, bounds, errors, drift), drift) - power;
  let most = least * 1.1;
  while (missing(most) < 0) most *= 1.1;
  const drift = findRoot(missing, least * (1 - 1e-9), most);
  const path = pathFor(fractions, bounds, errors, drift);
  const expected = (truth: number) => expectedFraction(fractions, endings(fractions, bounds, path, truth));
  return {
    looks: fractions.map((fraction, k) => ({
      fraction,
      bound: bounds[k] ?? NaN,
      futility: k === fractions.length - 1 ? (bounds[k] ?? NaN) : (path.futility[k] ?? NaN),
    })),
    drift,
    inflation: (drift / singleLook) ** 2,
    expectedFraction: { null: expected(0), design: expected(drift) },
  };
}

function unfitPlan(
  fractions: readonly number[],
  spending: Spending,
  futilitySpending: Spending,
  alpha: number,
  power: number,
): Refusal | undefined {
  const unfit =
    unfitFractions(fractions) ??
    impossibleAlpha(alpha) ??
    unfitSpending(spending) ??
    unfitSpending(futilitySpending);
  if (unfit) return unfit;
  if (!((fractions.at(-1) ?? NaN) >= 1))
    return refuse('invalid_input', 'With futility the last look must have all the planned information.');
  if (power > 0.5 && power > alpha && power < 1) return undefined;
  return refuse('invalid_input', 'power must lie between 0.5 and 1, and above alpha.');
}

function pathFor(
  fractions: readonly number[],
  bounds: readonly number[],
  errors: readonly number[],
  drift: number,
): Path {
  const futility: number[] = [];
  const arriving: Running[] = [];
  let now = notYetLooked;
  fractions.forEach((t, k) => {
    arriving.push(now);
    const bound = bounds[k] ?? NaN;
    const share = (errors[k] ?? NaN) - (errors[k - 1] ?? 0);
    const lower = share > 1e-300 ? lowerBound(now, t, share, bound, drift) : -Infinity;
    futility.push(lower);
    const next = fractions[k + 1];
    if (next !== undefined) now = runOn(now, t, lower, bound, next);
  });
  return { futility, arriving };
}

/** z with P(run up to now, then Z(t) < z) = share with this drift, at most the upper bound. */
function lowerBound(now: Running, t: number, share: number, bound: number, drift: number): number {
  const lowest = normal.quantile(share) + drift * Math.sqrt(t);
  const excess = (z: number) => logExit(now, t, z, -1, drift) - Math.log(share);
  const highest = Math.min(bound, lowest + 80);
  if (lowest >= highest || excess(highest) <= 0) return highest;
  return excess(lowest) >= 0 ? lowest : findRoot(excess, lowest, highest);
}

/** Probability that the upper bound is crossed. */
function found(fractions: readonly number[], bounds: readonly number[], path: Path, drift: number): number {
  return Math.exp(
    logTotal(path.arriving.map((now, k) => logExit(now, fractions[k] ?? NaN, bounds[k] ?? NaN, 1, drift))),
  );
}

/** Probability of ending at each look, on either side. */
function endings(
  fractions: readonly number[],
  bounds: readonly number[],
  path: Path,
  drift: number,
): number[] {
  return path.arriving.map((now, k) => {
    const t = fractions[k] ?? NaN;
    const up = logExit(now, t, bounds[k] ?? NaN, 1, drift);
    return Math.exp(logTotal([up, logExit(now, t, path.futility[k] ?? NaN, -1, drift)]));
  });
}

export const futilityMethod = {
  id: 'sequential.futility',
  title: 'Group sequential plan that ends futile experiments',
  needs: ['design'],
  parameters: [
    FRACTIONS,
    SPENDING,
    { name: 'futilitySpending', meaning: 'how 1 - power is given out, as `spending`' },
    ALPHA,
    POWER,
  ],
  reference: 'Pampallona, Tsiatis & Kim (2001)',
  compute: futilityBounds,
} as const satisfies Method;
