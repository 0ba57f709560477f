import type { Refusal } from '../statistics/result.js';
import type { ReportEstimate } from '../reports/report-figures.js';

/** Coordinates of an interval bar in a box of `barWidth` by `barHeight`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly zero: number;
  /** An arrow head instead of an end: the interval goes on. */
  readonly openLeft: boolean;
  readonly openRight: boolean;
  /** Whether the interval lies on one side of zero. */
  readonly side: 'above' | 'below' | 'both';
  readonly label: string;
}

export const barWidth = 200;
export const barHeight = 24;
const margin = 8;

/** Bars on one common scale that includes zero; a refusal has none. */
export function drawBars(estimates: readonly (ReportEstimate | Refusal)[]): (Bar | undefined)[] {
  const shown = estimates.flatMap((one) => ('refused' in one ? [] : [one]));
  const ends = shown.flatMap((one) => [one.value, one.lower, one.upper]).filter((end) => end !== null);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const span = high - low > 0 ? high - low : 1;
  const x = (value: number): number =>
    Math.round((margin + ((value - low) / span) * (barWidth - 2 * margin)) * 10) / 10;
  return estimates.map((one) => ('refused' in one ? undefined : drawBar(one, x)));
}

function drawBar(estimate: ReportEstimate, x: (value: number) => number): Bar {
  const { lower, upper, value, text, intervalText } = estimate;
  return {
    from: lower === null ? 0 : x(lower),
    to: upper === null ? barWidth : x(upper),
    value: x(value),
    zero: x(0),
    openLeft: lower === null,
    openRight: upper === null,
    side: sideOf(lower, upper),
    label: `${text}, interval ${intervalText}`,
  };
}

function sideOf(lower: number | null, upper: number | null): Bar['side'] {
  if (lower !== null && lower > 0) return 'above';
  return upper !== null && upper < 0 ? 'below' : 'both';
}
