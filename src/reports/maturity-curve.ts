import { spellDuration } from '../experiments/duration.js';
import { isRefusal, type Refusal } from '../statistics/result.js';
import { delayDistribution, type DelayCount } from './delay-distribution.js';
import { levelText, shareText } from './format.js';

export interface MaturityQuestion {
  readonly counts: readonly DelayCount[];
  /** Length of a bin in milliseconds. */
  readonly binMs: number;
  /** The window in bins. */
  readonly window: number;
  readonly level: number;
  /** What is counted: `orders`, `conversions`. */
  readonly what: string;
}

export interface MaturityCurve {
  readonly points: readonly MaturityPoint[];
  /** From when on most of it is in, as a sentence. */
  readonly sentence: string;
}

export interface MaturityPoint {
  /** Since the start of the window, in milliseconds. */
  readonly ageMs: number;
  /** Share of what a full window brings. */
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
  readonly text: string;
}

/** The sentence is about the first age by which this much is in. */
const most = 0.8;

/** How much of what a full window brings has come in by each age, from the experiment's own delays. */
export function maturityCurve({
  counts,
  binMs,
  window,
  level,
  what,
}: MaturityQuestion): MaturityCurve | Refusal {
  const shares = delayDistribution(counts, window, level);
  if (isRefusal(shares)) return shares;
  const points = shares.map(({ age, share, interval: { lower, upper } }): MaturityPoint => {
    const text = `${shareText(share)} (${shareText(lower)} to ${shareText(upper)})`;
    return { ageMs: age * binMs, share, lower, upper, text };
  });
  return { points, sentence: sentenceOf(points, { binMs, window, level, what }) };
}

function sentenceOf(
  points: readonly MaturityPoint[],
  { binMs, window, level, what }: Omit<MaturityQuestion, 'counts'>,
): string {
  const reached = points.find(({ share }) => share >= most);
  if (!reached) return '';
  const full = spellDuration(window * binMs);
  if (reached.ageMs === window * binMs)
    return `Most ${what} come late: less than ${shareText(most)} of those of a full window of ${full} come in before its last ${spellDuration(binMs)}.`;
  const interval = `${levelText(level)} interval ${shareText(reached.lower)} to ${shareText(reached.upper)}`;
  return `After ${spellDuration(reached.ageMs)} ${shareText(reached.share)} of the ${what} of a full window of ${full} have come in (${interval}).`;
}
