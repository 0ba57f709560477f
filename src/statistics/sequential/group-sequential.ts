import { impossibleAlpha } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { ALPHA, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';
import { exitProbabilities, spendingBoundaries, unfitFractions, type Boundaries } from './boundaries.js';
import { SPENDING, spent, unfitSpending, type Spending } from './spending.js';

export interface PlannedLook {
  /** Share of the planned information at this look. */
  readonly fraction: number;
  /** |z| above which the experiment ends here; infinite where next to nothing is spent. */
  readonly bound: number;
  /** The bound as an ordinary two-sided p-value. */
  readonly nominalP: number;
  /** Alpha spent up to and with this look, both sides together. */
  readonly cumulativeAlpha: number;
  /** Probability of crossing the bound first at this look, without an effect and with the one planned for. */
  readonly stops: { readonly null: number; readonly design: number };
}

export interface GroupSequentialDesign {
  readonly looks: readonly PlannedLook[];
  /** Mean of z at the planned information that gives the power; crossings on either side count. */
  readonly drift: number;
  /** Planned size over that of a test with one look and the same power, the ratio of their squared drifts. */
  readonly inflation: number;
  /** Information at which the experiment ends on average, as a fraction of the planned one. */
  readonly expectedFraction: { readonly null: number; readonly design: number };
}

/**
 * Plans the looks of a staged send: at which |z| to stop at each, what it costs and how soon it ends. `fractions` are
 * matured over planned recipients, ascending; the last may pass 1, where all of alpha is spent while correlations
 * follow the information that is there. Alpha is split evenly over both sides. Refuses `invalid_input`.
 * Lan & DeMets (1983); Jennison & Turnbull (2000), Group Sequential Methods, ch. 7 and 19.
 */
export function groupSequential(
  fractions: readonly number[],
  spending: Spending,
  alpha: number,
  power: number,
): OrRefusal<GroupSequentialDesign> {
  const unfit = unfitFractions(fractions) ?? impossibleAlpha(alpha) ?? unfitSpending(spending);
  if (unfit) return unfit;
  if (!(power > alpha && power < 1)) return refuse('invalid_input', 'power must lie between alpha and 1.');
  const cumulative = fractions.map((t) => spent(spending, t, alpha));
  const boundaries = spendingBoundaries(fractions, cumulative);
  const drift = driftFor(boundaries, power);
  const singleLook = driftFor(spendingBoundaries([1], [alpha]), power);
  if (drift === undefined || singleLook === undefined)
    return refuse('invalid_input', 'These looks spend next to no alpha: the last one must come later.');
  const stops = { null: exitProbabilities(boundaries, 0), design: exitProbabilities(boundaries, drift) };
  return {
    looks: fractions.map((fraction, k) => ({
      fraction,
      bound: boundaries.bounds[k] ?? NaN,
      nominalP: 2 * normal.sf(boundaries.bounds[k] ?? NaN),
      cumulativeAlpha: cumulative[k] ?? NaN,
      stops: { null: stops.null[k] ?? NaN, design: stops.design[k] ?? NaN },
    })),
    drift,
    inflation: (drift / singleLook) ** 2,
    expectedFraction: {
      null: expectedFraction(fractions, stops.null),
      design: expectedFraction(fractions, stops.design),
    },
  };
}

/** Drift at which some bound is crossed, on either side, with probability `power`. */
export function driftFor(boundaries: Boundaries, power: number): number | undefined {
  const { fractions, bounds } = boundaries;
  const crossed = (drift: number) => exitProbabilities(boundaries, drift).reduce((sum, p) => sum + p, 0);
  // A drift that is enough for a single look alone is more than enough for all of them.
  const enough = bounds.map((bound, k) => (bound + normal.isf(1 - power)) / Math.sqrt(fractions[k] ?? NaN));
  const highest = Math.min(...enough);
  if (highest === Infinity || crossed(0) >= power) return undefined;
  return findRoot((drift) => crossed(drift) - power, 0, highest * (1 + 1e-9));
}

/** Mean information at the end, from the probabilities of ending at each look. */
export function expectedFraction(fractions: readonly number[], stops: readonly number[]): number {
  const last = fractions.at(-1) ?? NaN;
  return stops.reduce((expected, p, k) => expected - p * (last - (fractions[k] ?? NaN)), last);
}

export const FRACTIONS = {
  name: 'fractions',
  meaning: 'information at each look over the planned one, ascending, as 0.5; only the last may be 1 or more',
} as const;

export const POWER = {
  name: 'power',
  meaning: 'probability of a finding with the drift planned for',
} as const;

export const groupSequentialMethod = {
  id: 'sequential.group_sequential',
  title: 'Group sequential plan',
  needs: ['design'],
  parameters: [FRACTIONS, SPENDING, ALPHA, POWER],
  reference: 'Lan & DeMets (1983); Jennison & Turnbull (2000), ch. 7 and 19',
  compute: groupSequential,
} as const satisfies Method;
