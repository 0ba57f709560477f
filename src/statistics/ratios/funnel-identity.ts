import { impossibleLevel } from '../confidence.js';
import { momentsOf, type CrossSums } from '../cross-sums.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { logRatio } from '../numerics/log-ratio.js';
import { refuse, type EstimateWithSe, type OrRefusal } from '../result.js';
import { logMeanVariance, tooLarge, type Moments } from '../sums.js';
import { logRatioVariance, unfitForRatios } from './ratio-arm.js';

/** Logarithms of treatment / control, with delta-method standard errors and normal intervals. */
export interface FunnelIdentity {
  /** Of y per recipient, for instance clicks per recipient: the one to decide on. */
  readonly perRecipient: EstimateWithSe;
  /** Of d per recipient, for instance opens per recipient. */
  readonly denominator: EstimateWithSe;
  /** Of y / d, for instance click-to-open. */
  readonly ratio: EstimateWithSe;
}

/**
 * Splits a change of y per recipient into the change of d per recipient and the change of y / d: log(clicks per
 * recipient) = log(opens per recipient) + log(click-to-open), treatment over control. It shows when a ratio falls only
 * because more people came into its denominator. Outcome 0 of the cross sums is y, outcome 1 is d. Refuses
 * `invalid_input`, `empty_arm`, `too_few` and `baseline_zero` (a total that is not above zero).
 */
export function funnelIdentity(
  control: CrossSums,
  treatment: CrossSums,
  level: number,
): OrRefusal<FunnelIdentity> {
  const impossible = impossibleLevel(level) ?? unfitForRatios([control, treatment]);
  if (impossible) return impossible;
  const [yc, yt] = [momentsOf(control, 0), momentsOf(treatment, 0)];
  const [dc, dt] = [momentsOf(control, 1), momentsOf(treatment, 1)];
  if (yc.sum <= 0n || yt.sum <= 0n) {
    return refuse('baseline_zero', 'A total is not above zero, so it has no logarithm.');
  }
  const z = normal.isf((1 - level) / 2);
  const estimate = (value: number, se: number) => ({
    value,
    se,
    interval: { lower: value - z * se, upper: value + z * se, level },
  });
  const identity = {
    perRecipient: estimate(logRatio(yt.sum * yc.n, yc.sum * yt.n), logMeanSe(yc, yt)),
    denominator: estimate(logRatio(dt.sum * dc.n, dc.sum * dt.n), logMeanSe(dc, dt)),
    ratio: estimate(
      logRatio(yt.sum * dc.sum, yc.sum * dt.sum),
      Math.sqrt(logRatioVariance(control) + logRatioVariance(treatment)),
    ),
  };
  const finite = Object.values(identity).every(
    ({ value, se }) => Number.isFinite(value) && Number.isFinite(se),
  );
  return finite ? identity : tooLarge;
}

/** Standard error of the logarithm of a quotient of means. */
function logMeanSe(control: Moments, treatment: Moments): number {
  return Math.sqrt(logMeanVariance(control) + logMeanVariance(treatment));
}

export const funnelIdentityMethod = {
  id: 'ratio.identity',
  title: 'A change per recipient as change of the denominator and of the ratio',
  needs: ['cross_sums'],
  parameters: [LEVEL],
  reference: 'Delta method; Deng, Knoblich & Lu (2018)',
  compute: funnelIdentity,
} as const satisfies Method;
