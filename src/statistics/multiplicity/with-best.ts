import { impossibleLevel } from '../confidence.js';
import { refuse, type Interval, type OrRefusal, type Warning } from '../result.js';
import { tooLarge } from '../sums.js';
import { largest } from './largest.js';
import { MOST_ARMS, tooManyArms, type Pair, type PairOf } from './pairs.js';

/** One arm against the best of the others. */
export interface WithBest {
  /** This arm minus the largest of the others. */
  readonly value: number;
  /** Never wholly above or below 0: its upper end is 0 for an arm that cannot be the best. */
  readonly interval: Interval;
  /** Whether this arm may be the best: its upper end lies above 0. */
  readonly mayBeBest: boolean;
  /** p-value, adjusted for all the others, of "this arm is the best or as good": small for an arm that is not. */
  readonly p: number;
  readonly logP: number;
}

export interface WithBestResult {
  /** In the order of the arms. */
  readonly arms: readonly WithBest[];
  readonly warnings: readonly Warning[];
}

/**
 * Hsu's constrained multiple comparisons with the best: intervals for each arm minus the best of the others that hold
 * together at `level`. Each arm in turn is the control of a one-sided Dunnett procedure, with Edwards & Hsu's form for
 * unequal sizes; where the pairs of an arm have different degrees of freedom, it takes the fewest. Larger is better.
 * `variances` are the squared standard errors of the arms' means. Refuses `invalid_input` (fewer than two arms, a level
 * outside (0, 1), numbers that are not finite), `too_many` (more than MOST_ARMS arms) and `no_variation` (a standard
 * error of 0). Hsu (1996), Multiple Comparisons, ch. 4; Edwards & Hsu (1983), JASA 78.
 */
export function withBest(
  variances: readonly number[],
  pairOf: PairOf,
  level: number,
  warnings: readonly Warning[],
): OrRefusal<WithBestResult> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (variances.length < 2) return refuse('invalid_input', 'A best arm needs another one beside it.');
  if (variances.length > MOST_ARMS) return tooManyArms;
  const pairs = variances.map((_, i) => variances.map((__, j) => pairOf(i, j)));
  for (const { difference, variance } of pairs.flatMap((row, i) => row.filter((_, j) => i !== j))) {
    if (!Number.isFinite(difference) || !Number.isFinite(variance)) {
      return tooLarge;
    }
    if (!(variance > 0)) return refuse('no_variation', 'All outcomes are equal within two of the arms.');
  }
  const bounds = pairs.map((row, i) => upperBound(row, i, variances[i] ?? NaN, level));
  const candidates = bounds.flatMap(({ upper }, i) => (upper > 0 ? [i] : []));
  const arms = bounds.map(({ value, upper, logP }, i): WithBest => {
    const lower = lowerBound(i, candidates, pairs, bounds);
    return { value, interval: { lower, upper, level }, mayBeBest: upper > 0, p: Math.exp(logP), logP };
  });
  return { arms, warnings };
}

interface UpperBound {
  readonly value: number;
  readonly upper: number;
  readonly logP: number;
  /** One-sided critical value of this arm as the control. */
  readonly critical: number;
}

/** The smallest, over the other arms, of the difference plus its half width; 0 where that lies below. */
function upperBound(row: readonly Pair[], i: number, variance: number, level: number): UpperBound {
  const others = row.filter((_, j) => j !== i);
  const loadings = others.map((pair) => Math.sqrt(variance / pair.variance));
  const df = Math.min(...others.map((pair) => pair.df));
  const family = largest(loadings, 'upper');
  const critical = Math.max(0, family.isf(1 - level, df));
  const value = -Math.max(...others.map(({ difference }) => difference));
  const statistic = Math.max(...others.map((pair) => pair.difference / Math.sqrt(pair.variance)));
  const logP = family.logSf(statistic, df);
  const ends = others.map((pair) => critical * Math.sqrt(pair.variance) - pair.difference);
  const rejects = Math.exp(logP) < 1 - level;
  const upper = rejects ? 0 : Math.max(Number.MIN_VALUE, Math.min(...ends));
  return { value, upper, logP, critical };
}

/** The smallest, over the arms that may be the best, of the difference less that arm's half width; never above 0. */
function lowerBound(
  i: number,
  candidates: readonly number[],
  pairs: readonly (readonly Pair[])[],
  bounds: readonly UpperBound[],
): number {
  let lower = 0;
  for (const j of candidates) {
    const pair = pairs[j]?.[i];
    if (j === i || !pair) continue;
    lower = Math.min(lower, pair.difference - (bounds[j]?.critical ?? NaN) * Math.sqrt(pair.variance));
  }
  return lower;
}
