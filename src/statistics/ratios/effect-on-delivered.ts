import { agreeWithTest, impossibleLevel } from '../confidence.js';
import { covariance, impossibleCrossSums, momentsOf, product, type CrossSums } from '../cross-sums.js';
import { logTwoSidedNormal, normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import {
  refuse,
  type EstimateWithSe,
  type Interval,
  type OrRefusal,
  type Refusal,
  type TestResult,
} from '../result.js';
import { mean, meanVariance, tooLarge, unknownSpread } from '../sums.js';

export interface EffectOnDelivered {
  /** Mean effect among those to whom it is delivered if they are assigned to it; standard error by the delta method. */
  readonly effect: EstimateWithSe;
  /** Whether there is any effect of the assignment: z test, which the interval agrees with. */
  readonly test: TestResult;
  /** Share of the treatment arm minus share of the control arm to whom it was delivered. */
  readonly delivered: number;
}

/**
 * What a treatment does to those to whom it was really delivered, with the assignment as instrument: the effect of the
 * assignment on the outcome, divided by its effect on the delivery (complier average causal effect). Outcome 0 of the cross
 * sums is y, outcome 1 is 1 for those to whom it was delivered and 0 for all others. The interval is Fieller's, which is that
 * of Anderson & Rubin: every effect θ for which y - θ d differs between the arms no more than chance allows; honest also
 * where few are delivered to. Takes for granted that to be assigned and not delivered to is as to be in the control arm.
 * Refuses `invalid_input` (a delivery other than 0 and 1), `empty_arm`, `too_few`, `no_variation`, and `weak_instrument` where
 * delivery in the two arms is not separated. Angrist, Imbens & Rubin (1996); Fieller (1954); Anderson & Rubin (1949).
 */
export function effectOnDelivered(
  control: CrossSums,
  treatment: CrossSums,
  level: number,
): OrRefusal<EffectOnDelivered> {
  const impossible = impossibleLevel(level) ?? unfit(control) ?? unfit(treatment);
  if (impossible) return impossible;
  const quantile = normal.isf((1 - level) / 2);
  const [vy, vd] = [varianceOf(control, treatment, 0), varianceOf(control, treatment, 1)];
  const cov = covarianceOfMeans(control) + covarianceOfMeans(treatment);
  const [y, d] = [differenceOf(control, treatment, 0), differenceOf(control, treatment, 1)];
  if (vy === 0) return refuse('no_variation', 'All recipients have the same outcome.');
  if (!(d * d > quantile * quantile * vd)) {
    return refuse(
      'weak_instrument',
      'The assignment changed too little of what was delivered to tell the effect of delivery.',
    );
  }
  const value = y / d;
  const se = Math.sqrt(Math.max(0, vy - 2 * value * cov + value * value * vd)) / Math.abs(d);
  const statistic = y / Math.sqrt(vy);
  if (!Number.isFinite(value) || !Number.isFinite(se) || !Number.isFinite(statistic)) return tooLarge;
  const logP = logTwoSidedNormal(statistic);
  const p = Math.exp(logP);
  const sides = limits(value, { vy: vy / d / d, vd: vd / d / d, cov: cov / d / d }, quantile, level);
  return {
    effect: { value, se, interval: agreeWithTest(sides, p < 1 - level) },
    test: { method: 'ratio.delivered', statistic, df: [], p, logP, warnings: [] },
    delivered: d,
  };
}

/** The roots θ of (value - θ)² = quantile² (vy - 2 θ cov + θ² vd), everything in units of the difference of delivery. */
function limits(
  value: number,
  { vy, vd, cov }: { readonly vy: number; readonly vd: number; readonly cov: number },
  quantile: number,
  level: number,
): Interval {
  const [sy, sd, sc] = [vy, vd, cov].map((one) => one * quantile * quantile) as [number, number, number];
  const a = 1 - sd;
  const b = value - sc;
  const slope = sd === 0 ? 0 : sc / sd;
  // The discriminant b² - a (value² - sy) as a sum of two terms that are never negative.
  const root = Math.sqrt(sd * (value - slope) ** 2 + Math.max(0, sy - slope * sc) * a);
  return { lower: (b - root) / a, upper: (b + root) / a, level };
}

function unfit(arm: CrossSums): Refusal | undefined {
  const impossible = impossibleCrossSums(arm);
  if (impossible) return impossible;
  if (arm.sums.length < 2) return refuse('invalid_input', 'Two outcomes are needed: result and delivery.');
  if (arm.n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
  const delivered = arm.sums[1] ?? 0n;
  if (delivered < 0n || delivered > arm.n || product(arm, 1, 1) !== delivered) {
    return refuse('invalid_input', 'Delivery must be 0 or 1 for every recipient.');
  }
  return unknownSpread(arm);
}

function differenceOf(control: CrossSums, treatment: CrossSums, outcome: number): number {
  return mean(momentsOf(treatment, outcome)) - mean(momentsOf(control, outcome));
}

function varianceOf(control: CrossSums, treatment: CrossSums, outcome: number): number {
  return meanVariance(momentsOf(control, outcome)) + meanVariance(momentsOf(treatment, outcome));
}

function covarianceOfMeans(arm: CrossSums): number {
  return covariance(arm, 0, 1) / Number(arm.n);
}

export const effectOnDeliveredMethod = {
  id: 'ratio.delivered',
  title: 'Effect among those to whom it was delivered',
  needs: ['cross_sums'],
  parameters: [LEVEL],
  reference: 'Angrist, Imbens & Rubin (1996); Fieller (1954); Anderson & Rubin (1949)',
  compute: effectOnDelivered,
} as const satisfies Method;
