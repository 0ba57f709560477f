import { adjustedContrast } from '../statistics/adjustment/adjusted-contrast.js';
import { adjustedJointContrasts } from '../statistics/adjustment/adjusted-joint-contrasts.js';
import type { AdjustedMeans } from '../statistics/adjustment/adjusted-means.js';
import { adjustedRatios } from '../statistics/adjustment/adjusted-ratios.js';
import { withinRange } from '../statistics/confidence.js';
import type { CrossSums } from '../statistics/cross-sums.js';
import { clusterMean } from '../statistics/ratios/cluster-mean.js';
import { ratioDelta, type RatioComparison } from '../statistics/ratios/ratio-delta.js';
import { isRefusal, type Estimate, type OrRefusal, type TestResult } from '../statistics/result.js';
import type { TestedEstimate } from '../statistics/tested-estimate.js';
import {
  everyAgainstFirst,
  nobodyThere,
  refusedComparison,
  sumsAt,
  type ArmAnalysis,
  type MethodBasis,
  type RawComparison,
} from './arm-analysis.js';
import { crossOf, firstOf } from './cross-of.js';
import { isRate } from './metric-unit.js';
import type { MetricSums } from './report-input.js';

/** Σy / Σd by the delta method on sums per recipient, who may carry a denominator of any size. */
export function ratioAnalysis(metric: MethodBasis, arms: readonly MetricSums[], level: number): ArmAnalysis {
  const at = (place: number): OrRefusal<CrossSums> => crossOf(metric, sumsAt(arms, place));
  return {
    level: (arm) => levelOf(metric, at(arm), level),
    pair: (control, treatment, other = level) => compareRatios(metric, at(control), at(treatment), other),
    alike: () =>
      jointOf(
        arms.map((_, i) => at(i)),
        everyAgainstFirst(arms.length),
      ),
    joint: (rows) =>
      jointOf(
        arms.map((_, i) => at(i)),
        rows,
      ),
    contrast: (coefficients, other = level) =>
      contrastOf(
        arms.map((_, i) => at(i)),
        coefficients,
        other,
      ),
  };
}

/** With the interval of recipients as clusters, whose standard error is that of the comparison; a share stays within 0 and 1. */
function levelOf(metric: MethodBasis, arm: OrRefusal<CrossSums>, level: number): OrRefusal<Estimate> {
  const result = isRefusal(arm) ? arm : clusterMean(arm, level);
  if (isRefusal(result)) return result;
  const { mean } = result;
  return isRate(metric) ? { ...mean, interval: withinRange(mean.interval, 0, 1) } : mean;
}

function compareRatios(
  { diagnostic }: MethodBasis,
  control: OrRefusal<CrossSums>,
  treatment: OrRefusal<CrossSums>,
  level: number,
): RawComparison {
  if (isRefusal(control)) return refusedComparison(control);
  if (isRefusal(treatment)) return refusedComparison(treatment);
  const result = ratioDelta(control, treatment, level, diagnostic ? 'after_assignment' : 'assigned');
  if (isRefusal(result)) return refusedComparison(result);
  const { difference, test } = result;
  return { difference, uplift: upliftOf(result), test, warnings: test.warnings };
}

function upliftOf({ uplift }: RatioComparison): OrRefusal<Estimate> {
  if (isRefusal(uplift)) return uplift;
  const { value, interval } = uplift;
  return isRefusal(interval) ? interval : { value, interval };
}

/** Arms that play a part, linearised: as means, whose contrasts are those of the delta method. */
interface Linearised {
  readonly means: AdjustedMeans;
  /** Their places. */
  readonly places: readonly number[];
}

function linearised(
  arms: readonly OrRefusal<CrossSums>[],
  rows: readonly (readonly number[])[],
): OrRefusal<Linearised> {
  const places = arms.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== 0));
  const known: CrossSums[] = [];
  for (const place of places) {
    const arm = arms[place];
    if (!arm || isRefusal(arm)) return arm ?? nobodyThere;
    if (arm.n === 0n) return nobodyThere;
    known.push(firstOf(arm, 2));
  }
  const means = adjustedRatios(known);
  return isRefusal(means) ? means : { means, places };
}

function contrastOf(
  arms: readonly OrRefusal<CrossSums>[],
  coefficients: readonly number[],
  level: number,
): OrRefusal<TestedEstimate> {
  const used = linearised(arms, [coefficients]);
  if (isRefusal(used)) return used;
  const own = used.places.map((place) => coefficients[place] ?? 0);
  const result = adjustedContrast(used.means, own, level);
  return isRefusal(result) ? result : { ...result, test: { ...result.test, method: 'ratio.delta' } };
}

function jointOf(
  arms: readonly OrRefusal<CrossSums>[],
  rows: readonly (readonly number[])[],
): OrRefusal<TestResult> {
  const used = linearised(arms, rows);
  if (isRefusal(used)) return used;
  const own = rows.map((row) => used.places.map((place) => row[place] ?? 0));
  return adjustedJointContrasts(used.means, own);
}
