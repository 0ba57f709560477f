import { adjustedContrast } from '../statistics/adjustment/adjusted-contrast.js';
import { adjustedJointContrasts } from '../statistics/adjustment/adjusted-joint-contrasts.js';
import { adjustedMeans, type AdjustedMeans } from '../statistics/adjustment/adjusted-means.js';
import { adjustedRatios } from '../statistics/adjustment/adjusted-ratios.js';
import { adjustedUplift } from '../statistics/adjustment/adjusted-uplift.js';
import { withinRange } from '../statistics/confidence.js';
import type { CrossSums } from '../statistics/cross-sums.js';
import { normal } from '../statistics/distributions/normal.js';
import { skewGuard } from '../statistics/means/skew-guard.js';
import {
  isRefusal,
  type Estimate,
  type OrRefusal,
  type TestResult,
  type Warning,
} from '../statistics/result.js';
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
import { crossOf } from './cross-of.js';
import { isRate } from './metric-unit.js';
import type { MetricSums } from './report-input.js';

/** With fewer recipients on one side of a yes or no, a straight line through them is no better than none. */
const fewestToAdjust = 10n;

interface Fit {
  readonly means: AdjustedMeans;
  /** Places of the arms that it speaks of: those with two recipients or more. */
  readonly arms: readonly number[];
}

/**
 * All arms adjusted at once for a covariate from before the assignment, to the covariate's mean over all of them. Where
 * that cannot be done, or gains nothing, the plain analysis stands, with a warning that says so.
 */
export function adjustedAnalysis(
  metric: MethodBasis,
  plain: ArmAnalysis,
  arms: readonly MetricSums[],
  level: number,
): ArmAnalysis {
  const fit = fitOf(metric, arms);
  if ('code' in fit) return { ...plain, pair: withWarning(plain, fit), slopes: 'none' };
  return {
    level: (arm) => levelOf(metric, fit, arm, plain, level),
    observed: (arm) => plain.level(arm),
    pair: (control, treatment, at = level) =>
      compareAdjusted(metric, { fit, plain, arms }, [control, treatment], at),
    alike: () => jointOf(fit, everyAgainstFirst(arms.length)),
    contrast: (coefficients, at = level) => contrastOf(fit, coefficients, at),
    joint: (rows) => jointOf(fit, rows),
    slopes: fit.means.slopeKind,
  };
}

function withWarning(plain: ArmAnalysis, warning: Warning): ArmAnalysis['pair'] {
  return (control, treatment, at) => {
    const raw = plain.pair(control, treatment, at);
    return isRefusal(raw.test) ? raw : { ...raw, warnings: [...raw.warnings, warning] };
  };
}

function fitOf(metric: MethodBasis, arms: readonly MetricSums[]): Fit | Warning {
  const places = arms.flatMap(({ n }, place) => (n > 1n ? [place] : []));
  const used = places.map((place) => sumsAt(arms, place));
  const cross = used.map((sums) => crossOf(metric, sums));
  if (cross.some(isRefusal)) return notAdjusted('what was known before the assignment is missing in an arm.');
  if (isRate(metric) && used.some(isOneSided))
    return notAdjusted(`an arm has fewer than ${fewestToAdjust} recipients who did it, or who did not.`);
  const known = cross as readonly CrossSums[];
  const means = metric.denominator === undefined ? adjustedMeans(known) : adjustedRatios(known);
  if (isRefusal(means)) return notAdjusted(means.reason);
  if (means.slopeKind === 'none')
    return notAdjusted('what was known before the assignment explains nothing of it.');
  return { means, arms: places };
}

function isOneSided({ n, nonZero }: MetricSums): boolean {
  return nonZero < fewestToAdjust || n - nonZero < fewestToAdjust;
}

function notAdjusted(why: string): Warning {
  return { code: 'left_out', message: `Not adjusted: ${why}` };
}

function levelOf(
  metric: MethodBasis,
  { means, arms }: Fit,
  arm: number,
  plain: ArmAnalysis,
  level: number,
): OrRefusal<Estimate> {
  const place = arms.indexOf(arm);
  const value = means.means[place];
  const se = Math.sqrt(means.covariance[place]?.[place] ?? 0);
  if (value === undefined || se === 0) return plain.level(arm);
  const half = normal.isf((1 - level) / 2) * se;
  const interval = { lower: value - half, upper: value + half, level };
  return { value, se, interval: isRate(metric) ? withinRange(interval, 0, 1) : interval };
}

interface Adjusted {
  readonly fit: Fit;
  readonly plain: ArmAnalysis;
  readonly arms: readonly MetricSums[];
}

function compareAdjusted(
  metric: MethodBasis,
  { fit, plain, arms }: Adjusted,
  [control, treatment]: readonly [number, number],
  level: number,
): RawComparison {
  const unadjusted = plain.pair(control, treatment, level);
  const [c, t] = [fit.arms.indexOf(control), fit.arms.indexOf(treatment)];
  if (c < 0 || t < 0) return unadjusted;
  const coefficients = fit.arms.map((_, k) => (k === t ? 1 : k === c ? -1 : 0));
  const result = adjustedContrast(fit.means, coefficients, level);
  if (isRefusal(result)) return refusedComparison(result);
  const uplift = adjustedUplift(fit.means, c, t, level);
  const skewed = !isRate(metric) && metric.denominator === undefined;
  const skew = skewed ? skewGuard(sumsAt(arms, control), sumsAt(arms, treatment)) : undefined;
  const ofRatio = metric.denominator === undefined ? [] : unadjusted.warnings;
  return {
    difference: result.estimate,
    uplift: isRefusal(uplift) ? uplift : uplift.uplift,
    test: result.test,
    warnings: [...result.test.warnings, ...ofRatio, ...(skew ? [skew] : [])],
    unadjusted: { difference: unadjusted.difference, uplift: unadjusted.uplift, test: unadjusted.test },
    varianceReduction: 1 - result.varianceRatio,
  };
}

function contrastOf(
  { means, arms }: Fit,
  coefficients: readonly number[],
  level: number,
): OrRefusal<TestedEstimate> {
  const missing = coefficients.some((c, place) => c !== 0 && !arms.includes(place));
  if (missing) return nobodyThere;
  return adjustedContrast(
    means,
    arms.map((place) => coefficients[place] ?? 0),
    level,
  );
}

function jointOf({ means, arms }: Fit, rows: readonly (readonly number[])[]): OrRefusal<TestResult> {
  if (rows.some((row) => row.some((c, place) => c !== 0 && !arms.includes(place)))) return nobodyThere;
  return adjustedJointContrasts(
    means,
    rows.map((row) => arms.map((place) => row[place] ?? 0)),
  );
}
