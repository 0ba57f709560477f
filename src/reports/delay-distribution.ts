import { normal } from '../statistics/distributions/normal.js';
import { refuse, type Interval, type OrRefusal } from '../statistics/result.js';

/** Conversions counted by how long they took and by how long their recipient has been watched, both in whole bins. */
export interface DelayCount {
  /** 0: within the first bin after the window began. */
  readonly delay: number;
  /** Whole bins since the window began, as of now; more than the window is as good as the window. */
  readonly age: number;
  readonly count: number;
}

export interface DelayShare {
  /** Bins since the window began; the share is of conversions within them. */
  readonly age: number;
  readonly share: number;
  readonly interval: Interval;
}

/** Fewer conversions say too little; fewer from full windows, or at risk at some delay, too little of the end. */
const fewest = 30;
const fewestAtRisk = 10;

/**
 * The share of the conversions of a full window that have happened by each age, from delays of which the longer ones are
 * seen only of recipients who have been watched long enough (right truncation). The product-limit estimator in reversed
 * time: F(t) = Π over s > t of 1 - d(s) / N(s), where d(s) conversions took s bins and N(s) took at most s although they
 * could have been seen at s (delay <= s < age). Conversions in a recipient's current, unfinished bin wait until it is
 * over. Where every window is over this is the plain share. Greenwood's variance in reversed time, Σ over s > t of
 * d(s) / (N(s) (N(s) - d(s))), with an interval on the scale of log(-log F), which stays within 0 and 1.
 *
 * It takes for granted that early and late recipients are equally quick; nothing can be said of delays that nobody has
 * been watched for. Refuses `invalid_input` and `too_few`. Lynden-Bell (1971); Lagakos, Barraj & De Gruttola (1988);
 * Kalbfleisch & Lawless (1989).
 */
export function delayDistribution(
  counts: readonly DelayCount[],
  window: number,
  level: number,
): OrRefusal<readonly DelayShare[]> {
  const impossible = impossibleDelays(counts, window, level);
  if (impossible) return impossible;
  const { taken, atRisk } = tally(counts, window);
  const all = taken.reduce((sum, d) => sum + d, 0);
  if (all < fewest) return refuse('too_few', `Fewer than ${fewest} conversions say too little about delays.`);
  const first = taken.findIndex((d) => d > 0);
  const thin = atRisk.slice(first + 1).some((n, i) => n < fewestAtRisk || n <= (taken[first + 1 + i] ?? 0));
  if (thin || (atRisk[window - 1] ?? 0) < fewestAtRisk)
    return refuse(
      'too_few',
      'Too few recipients have been watched for a full window to tell how many are to come.',
    );
  return sharesOf(taken, atRisk, level);
}

function impossibleDelays(counts: readonly DelayCount[], window: number, level: number) {
  const whole = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
  if (!whole(window) || window < 1)
    return refuse('invalid_input', 'The window must be a whole number of bins, at least 1.');
  if (!(level > 0 && level < 1))
    return refuse('invalid_input', 'A confidence level must lie between 0 and 1.');
  if (counts.every(({ delay, age, count }) => whole(delay) && whole(age) && whole(count))) return undefined;
  return refuse('invalid_input', 'Delays, ages and counts must be whole numbers from 0.');
}

/** d(s) and N(s) for every bin of the window. Delays beyond the window belong to no full window. */
function tally(counts: readonly DelayCount[], window: number): { taken: number[]; atRisk: number[] } {
  const taken = Array.from({ length: window }, () => 0);
  const change = Array.from({ length: window + 1 }, () => 0);
  for (const { delay, age, count } of counts) {
    const end = Math.min(age, window);
    if (delay >= end) continue;
    taken[delay] = (taken[delay] ?? 0) + count;
    change[delay] = (change[delay] ?? 0) + count;
    change[end] = (change[end] ?? 0) - count;
  }
  let running = 0;
  return { taken, atRisk: taken.map((_, s) => (running += change[s] ?? 0)) };
}

function sharesOf(taken: readonly number[], atRisk: readonly number[], level: number): DelayShare[] {
  const z = normal.isf((1 - level) / 2);
  const shares: DelayShare[] = [];
  let [share, variance] = [1, 0];
  for (let s = taken.length - 1; s >= 0; s--) {
    shares.push({ age: s + 1, share, interval: { ...intervalOf(share, variance, z), level } });
    const [d, n] = [taken[s] ?? 0, atRisk[s] ?? 0];
    if (n === 0 || d === 0) continue;
    share *= 1 - d / n;
    variance += n > d ? d / (n * (n - d)) : 0;
  }
  return shares.reverse();
}

/** Nothing before the first conversion, everything at the end of the window: both by definition, without uncertainty. */
function intervalOf(share: number, variance: number, z: number): { lower: number; upper: number } {
  if (share === 0 || share === 1) return { lower: share, upper: share };
  const half = (z * Math.sqrt(variance)) / -Math.log(share);
  return { lower: share ** Math.exp(half), upper: share ** Math.exp(-half) };
}
