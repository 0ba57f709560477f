import type { ArmAnalysis } from './arm-analysis.js';
import type { ReportMetricInput } from './report-input.js';
import type { Adjustment } from './report-metric.js';

/** What the reader must know of an adjustment: for what, and by which slopes. */
export function adjustmentOf(
  { covariate }: ReportMetricInput,
  { slopes = 'none' }: ArmAnalysis,
): Adjustment | undefined {
  if (covariate === undefined) return undefined;
  if (slopes === 'none') return { covariate, slopes, text: `Not adjusted for ${covariate}.` };
  return { covariate, slopes, text: `Levels and differences are adjusted for ${covariate}.` };
}
