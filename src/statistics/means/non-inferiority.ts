import { studentT } from '../distributions/student-t.js';
import type { Method } from '../method.js';
import {
  isRefusal,
  refuse,
  type Estimate,
  type Interval,
  type OrRefusal,
  type TestResult,
} from '../result.js';
import { mean, meanVariance, type OutcomeSums } from '../sums.js';
import { fieller } from './fieller.js';
import { welch } from './welch.js';

/** How much worse than control the treatment may be and still pass. */
export interface Margin {
  /** `absolute`: in the outcome's own units; `relative`: as a share of the control mean, in [0, 1). */
  readonly kind: 'absolute' | 'relative';
  /** At least 0; 0 asks whether treatment is better. */
  readonly size: number;
  /** Which direction is good for this outcome: revenue is better `higher`, complaints are better `lower`. */
  readonly better: 'higher' | 'lower';
}

export interface NonInferiorityResult {
  /**
   * Difference of the means (absolute margin) or uplift (relative margin) with a one-sided interval at level 1 - alpha:
   * its bound on the bad side lies within the margin exactly when the test rejects; the other side is infinite.
   */
  readonly effect: Estimate;
  /** One-sided: p is the probability of a result this good if treatment were worse by the whole margin. */
  readonly test: TestResult;
  readonly nonInferior: boolean;
}

/**
 * One-sided t test that treatment is not worse than control by a margin, for guardrails. Absolute: (d + margin) / se of
 * the difference. Relative: the linear combination mt - (1 - margin) mc over its own standard error, so that it decides
 * as Fieller's one-sided bound does; both with Welch's degrees of freedom. Mirrored where lower is better. Refuses what
 * `welch` refuses, `invalid_input` (a margin below 0 or not finite, a relative one of 1 or more, alpha outside (0,
 * 0.5)), and for relative margins `baseline_zero` when the control mean is not above zero or not separated from it at
 * this alpha. Wellek, Testing Statistical Hypotheses of Equivalence and Noninferiority, 2nd ed.; Sasabuchi (1988).
 */
export function nonInferiority(
  control: OutcomeSums,
  treatment: OutcomeSums,
  margin: Margin,
  alpha: number,
): OrRefusal<NonInferiorityResult> {
  const impossible = impossibleMargin(margin, alpha);
  if (impossible) return impossible;
  const both = welch(control, treatment, 1 - 2 * alpha);
  if (isRefusal(both)) return both;
  const relative = margin.kind === 'relative';
  const effect = relative ? upliftOver(control, treatment, 1 - 2 * alpha) : both.difference;
  if (isRefusal(effect)) return effect;
  // Outcomes that are better lower are turned around, so that only one direction is left.
  const good = margin.better === 'higher' ? 1 : -1;
  const allowed = relative ? margin.size * mean(control) : margin.size;
  const share = relative ? 1 - good * margin.size : 1;
  const se = Math.hypot(Math.sqrt(meanVariance(treatment)), share * Math.sqrt(meanVariance(control)));
  const statistic = (good * both.difference.value + allowed) / se;
  const df = both.test.df[0] ?? NaN;
  const logP = studentT.logSf(statistic, df);
  const p = Math.exp(logP);
  const nonInferior = p < alpha;
  const interval = oneSided(effect.interval, margin, nonInferior, 1 - alpha);
  return {
    effect: { value: effect.value, interval },
    test: { method: 'mean.non_inferiority', statistic, df: [df], p, logP, warnings: [] },
    nonInferior,
  };
}

function impossibleMargin({ kind, size, better }: Margin, alpha: number) {
  if (!(alpha > 0 && alpha < 0.5)) {
    return refuse('invalid_input', 'A one-sided alpha must lie between 0 and 0.5, for example 0.05.');
  }
  if (!['absolute', 'relative'].includes(kind) || !['higher', 'lower'].includes(better)) {
    return refuse('invalid_input', 'A margin is absolute or relative, and higher or lower is better.');
  }
  if (!(size >= 0 && size < (kind === 'relative' ? 1 : Infinity))) {
    return refuse('invalid_input', 'A margin must be a number from 0, and below 1 where it is relative.');
  }
  return undefined;
}

function upliftOver(control: OutcomeSums, treatment: OutcomeSums, level: number): OrRefusal<Estimate> {
  if (control.sum > 0n) return fieller(control, treatment, level);
  return refuse('baseline_zero', 'The control mean is not above zero, so a share of it is no margin.');
}

/** The bad side of a two-sided interval; on the margin itself the test decides, not a rounding. */
function oneSided(both: Interval, { size, better }: Margin, passes: boolean, level: number): Interval {
  const bad = better === 'higher' ? both.lower : -both.upper;
  const beyond = -size + Math.max(size * Number.EPSILON, Number.MIN_VALUE);
  const bound = passes ? Math.max(bad, beyond) : Math.min(bad, -size);
  return better === 'higher'
    ? { lower: bound, upper: Infinity, level }
    : { lower: -Infinity, upper: 0 - bound, level };
}

export const nonInferiorityMethod = {
  id: 'mean.non_inferiority',
  title: 'One-sided test that a mean is not worse by a margin',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [
    {
      name: 'margin',
      meaning: 'kind (`absolute`, `relative`), size from 0, and whether `higher` or `lower` is better',
    },
    { name: 'alpha', meaning: 'one-sided significance level in (0, 0.5), for example 0.05' },
  ],
  reference: 'Wellek (2010); Sasabuchi (1988)',
  compute: nonInferiority,
} as const satisfies Method;
