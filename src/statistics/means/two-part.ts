import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { logRatio } from '../numerics/log-ratio.js';
import { ratio } from '../numerics/ratio.js';
import {
  isRefusal,
  refuse,
  type Estimate,
  type OrRefusal,
  type Refusal,
  type TestResult,
} from '../result.js';
import { impossibleSums, logMeanVariance, meanVariance, type Moments, type OutcomeSums } from '../sums.js';

/** One factor of revenue per recipient, treatment over control. */
export interface LogRatio extends Estimate {
  /** Natural log of treatment / control; the interval is on this scale, too. */
  readonly value: number;
  /** Delta-method standard error of the log. */
  readonly se: number;
  /** The same as an uplift, treatment / control - 1. */
  readonly uplift: Estimate;
  /** The difference (not the log ratio) over its own standard error, with each arm's own variance. */
  readonly z: number;
}

export interface TwoPart {
  /** Buyers per recipient. */
  readonly conversion: OrRefusal<LogRatio>;
  /** Revenue per buyer. */
  readonly value: OrRefusal<LogRatio>;
  /** Revenue per recipient; its log ratio is the sum of the other two. */
  readonly revenue: OrRefusal<LogRatio>;
  /** Both parts at once: X² with 2 degrees of freedom. */
  readonly test: OrRefusal<TestResult>;
}

/**
 * Revenue per recipient as conversion times value per buyer: log(revenue ratio) = log(conversion ratio) + log(value
 * ratio), each with its delta-method error; and the z statistics of the differences of both parts squared and added as
 * a chi-squared test that neither differs. Buyers are the recipients with an outcome other than zero. Value per buyer
 * compares different people in each arm: it explains a result and does not decide. A part without an answer is refused
 * by itself: `baseline_zero` or `too_few` without buyers, `too_few` with one buyer (value), `baseline_zero` or
 * `not_positive` for revenue not above zero, `no_variation` for an error of 0. Refuses everything with `invalid_input`
 * or `empty_arm`. Lachenbruch (2002).
 */
export function twoPart(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<TwoPart> {
  const impossible = impossibleLevel(level) ?? impossibleSums(control) ?? impossibleSums(treatment);
  if (impossible) return impossible;
  if (control.n === 0n || treatment.n === 0n) return refuse('empty_arm', 'An arm has no recipients.');
  const missing = noBuyers(control, treatment);
  if (missing) return { conversion: missing, value: missing, revenue: missing, test: missing };
  const conversion = compareParts(buying(control), buying(treatment), level);
  const value = meanRatio(ofBuyers(control), ofBuyers(treatment), level);
  const revenue = meanRatio(control, treatment, level);
  return { conversion, value, revenue, test: jointTest(conversion, value) };
}

/** A mean as a fraction, its squared standard error, and that of its logarithm. */
interface Part {
  readonly above: bigint;
  readonly below: bigint;
  readonly variance: number;
  readonly logVariance: number;
}

function ofBuyers({ nonZero, sum, sumSquares }: OutcomeSums): Moments {
  return { n: nonZero, sum, sumSquares };
}

function noBuyers(control: OutcomeSums, treatment: OutcomeSums): Refusal | undefined {
  if (control.nonZero === 0n) {
    return refuse('baseline_zero', 'Nobody in the control arm bought, so a ratio to it has no meaning.');
  }
  if (treatment.nonZero === 0n) {
    return refuse('too_few', 'Nobody in the treatment arm bought, so the ratio has no logarithm.');
  }
  return undefined;
}

function buying({ n, nonZero }: OutcomeSums): Part {
  const misses = n - nonZero;
  return {
    above: nonZero,
    below: n,
    variance: ratio(nonZero * misses, n ** 3n),
    logVariance: ratio(misses, n * nonZero),
  };
}

function paying(moments: Moments): Part {
  return {
    above: moments.sum,
    below: moments.n,
    variance: meanVariance(moments),
    logVariance: logMeanVariance(moments),
  };
}

function meanRatio(control: Moments, treatment: Moments, level: number): OrRefusal<LogRatio> {
  if (control.n < 2n || treatment.n < 2n) {
    return refuse('too_few', 'An arm has only one buyer or recipient, so the spread of values is unknown.');
  }
  if (control.sum <= 0n) {
    return refuse(
      'baseline_zero',
      'The revenue of the control arm is not above zero, so a ratio has no meaning.',
    );
  }
  if (treatment.sum <= 0n) {
    return refuse('not_positive', 'The revenue of the treatment arm is not above zero: no logarithm exists.');
  }
  return compareParts(paying(control), paying(treatment), level);
}

function compareParts(control: Part, treatment: Part, level: number): OrRefusal<LogRatio> {
  const variance = control.variance + treatment.variance;
  const relative = control.logVariance + treatment.logVariance;
  if (variance === 0 || relative === 0)
    return refuse('no_variation', 'The outcomes do not vary in either arm.');
  const [above, below] = [treatment.above * control.below, control.above * treatment.below];
  const value = logRatio(above, below);
  const se = Math.sqrt(relative);
  const half = normal.isf((1 - level) / 2) * se;
  const [lower, upper] = [value - half, value + half];
  const uplift = { lower: Math.expm1(lower), upper: Math.expm1(upper), level };
  return {
    value,
    se,
    interval: { lower, upper, level },
    uplift: { value: ratio(above - below, below), interval: uplift },
    z: ratio(above - below, control.below * treatment.below) / Math.sqrt(variance),
  };
}

/** The upper tail of chi-squared with 2 degrees of freedom is exp(-x/2). */
function jointTest(conversion: OrRefusal<LogRatio>, value: OrRefusal<LogRatio>): OrRefusal<TestResult> {
  if (isRefusal(conversion)) return conversion;
  if (isRefusal(value)) return value;
  const statistic = conversion.z ** 2 + value.z ** 2;
  const logP = 0 - statistic / 2;
  return { method: 'mean.two_part', statistic, df: [2], p: Math.exp(logP), logP, warnings: [] };
}

export const twoPartMethod = {
  id: 'mean.two_part',
  title: 'Two-part view of revenue: conversion and value per buyer',
  needs: ['n', 'nonZero', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Lachenbruch (2002)',
  compute: twoPart,
} as const satisfies Method;
