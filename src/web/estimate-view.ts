import { bare } from '../reports/format.js';
import type { KnownMean } from '../reports/report-metric.js';
import type { ReportEstimate } from '../reports/report-figures.js';
import type { Refusal } from '../statistics/result.js';

export interface EstimateView {
  readonly text: string;
  /** Interval, or the reason of a refusal. */
  readonly detail: string;
  readonly refused: boolean;
}

/** A number and its interval as shown, or a dash and the reason. */
export function estimateView(estimate: ReportEstimate | Refusal): EstimateView {
  if ('refused' in estimate) return { text: '–', detail: estimate.reason, refused: true };
  return { text: typeset(estimate.text), detail: typeset(estimate.intervalText), refused: false };
}

/** A rate or mean; one whose interval is refused stands with the reason for that. */
export function levelView(estimate: ReportEstimate | Refusal, mean: KnownMean | undefined): EstimateView {
  if (!('refused' in estimate) || !mean) return estimateView(estimate);
  return { text: typeset(mean.text), detail: estimate.reason, refused: false };
}

export function testText(test: { readonly text: string } | Refusal): string {
  return 'refused' in test ? '–' : bare(test.text);
}

/** A hyphen before a number becomes a minus sign; what belongs together stays on one line. */
export function typeset(text: string): string {
  const joined = text
    .replace(/\bp ([=<>]) /g, 'p\u00a0$1\u00a0')
    .replace(/(\d) (pp|d|h|min)\b/g, '$1\u00a0$2')
    .replace(/(\d\u00a0[dh]) (?=\d)/g, '$1\u00a0');
  return joined.replace(/(^|[\s(])-(?=[\d$€£¥]|[A-Z]{2,3}\s?\d)/g, '$1−');
}
