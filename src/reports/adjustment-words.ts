import type { ArmAnalysis } from './arm-analysis.js';
import { listText } from './format.js';
import type { ReportMetricInput } from './report-input.js';
import type { Adjustment, Comparison } from './report.js';

/** What the reader must know of an adjustment: for what, by which slopes, and what it gained. */
export function adjustmentOf(
  { covariate }: ReportMetricInput,
  { slopes = 'none' }: ArmAnalysis,
  comparisons: readonly Comparison[],
): Adjustment | undefined {
  if (covariate === undefined) return undefined;
  if (slopes === 'none') return { covariate, slopes, text: `Not adjusted for ${covariate}.` };
  const gains = comparisons.flatMap((one) => one.varianceReduction?.text ?? []);
  const gained = gains.length > 0 ? `: ${listText([...new Set(gains)])}` : '';
  return { covariate, slopes, text: `Levels and differences are adjusted for ${covariate}${gained}.` };
}
