import { impossibleLevel } from '../confidence.js';
import type { CrossSums } from '../cross-sums.js';
import { LEVEL, type Method, type Parameter } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import {
  refuse,
  type EstimateWithSe,
  type OrRefusal,
  type Refusal,
  type TestResult,
  type Warning,
  type ValueWithSe,
} from '../result.js';
import { testedEstimate } from '../tested-estimate.js';
import { denominatorWarnings, ratioOf, ratioVariance, residualSquares, unfitForRatios } from './ratio-arm.js';
import { ratioUplift, type RatioUplift } from './ratio-uplift.js';

/** Whether the denominator was fixed by the assignment (sends) or happened after it (opens, orders). */
export type DenominatorKind = 'assigned' | 'after_assignment';

export interface RatioComparison {
  readonly control: ValueWithSe;
  readonly treatment: ValueWithSe;
  /** Ratio of treatment minus ratio of control. */
  readonly difference: EstimateWithSe;
  readonly test: TestResult;
  /** Refused (`baseline_zero`) where the control's ratio is zero. */
  readonly uplift: OrRefusal<RatioUplift>;
  /** True where the denominator was measured after assignment: to be shown, not to be decided on. */
  readonly diagnostic: boolean;
}

/**
 * Compares Σy / Σd of two arms (click-to-open, revenue per order, opens per send) by the delta method on sums over
 * recipients; outcome 0 of the cross sums is y, outcome 1 is d. z test and interval, which excludes 0 exactly when p <
 * 1 - level; so does Fieller's interval of the uplift. A denominator measured after assignment always warns
 * `diagnostic_ratio`; see `denominatorWarnings` for the others. Refuses `invalid_input`, `empty_arm`, `too_few` (one
 * recipient, or Σd = 0) and `no_variation` (y proportional to d in both arms). Deng, Knoblich & Lu (2018); Cochran
 * (1977), 6.3.
 */
export function ratioDelta(
  control: CrossSums,
  treatment: CrossSums,
  level: number,
  denominator: DenominatorKind = 'after_assignment',
): OrRefusal<RatioComparison> {
  const impossible =
    impossibleLevel(level) ?? impossibleKind(denominator) ?? unfitForRatios([control, treatment]);
  if (impossible) return impossible;
  if (residualSquares(control) === 0n && residualSquares(treatment) === 0n) {
    return refuse('no_variation', 'Outcome and denominator are proportional within both arms.');
  }
  const [vc, vt] = [ratioVariance(control), ratioVariance(treatment)];
  const value = ratioDifference(control, treatment);
  const se = Math.sqrt(vc + vt);
  if (!(se > 0 && Number.isFinite(value / se) && Number.isFinite(se))) {
    return refuse('invalid_input', 'The sums are too large, or too far apart in size, to compute with.');
  }
  const diagnostic = denominator === 'after_assignment';
  const warnings = [...(diagnostic ? [DIAGNOSTIC] : []), ...denominatorWarnings([control, treatment])];
  const tested = testedEstimate({ value, se, df: Infinity }, level, 'ratio.delta', warnings);
  return {
    control: { value: ratioOf(control), se: Math.sqrt(vc) },
    treatment: { value: ratioOf(treatment), se: Math.sqrt(vt) },
    difference: tested.estimate,
    test: tested.test,
    uplift: ratioUplift(control, treatment, tested.estimate, tested.test.p < 1 - level),
    diagnostic,
  };
}

/** Ratio of treatment minus ratio of control, rounded once. Needs denominators other than zero. */
export function ratioDifference(control: CrossSums, treatment: CrossSums): number {
  const [yc = 0n, dc = 0n] = control.sums;
  const [yt = 0n, dt = 0n] = treatment.sums;
  return ratio(yt * dc - yc * dt, dt * dc);
}

const DIAGNOSTIC: Warning = {
  code: 'diagnostic_ratio',
  message:
    'The denominator was measured after assignment, so the arms compare different people: decide per recipient.',
};

const KINDS: readonly string[] = ['assigned', 'after_assignment'] satisfies DenominatorKind[];

function impossibleKind(kind: DenominatorKind): Refusal | undefined {
  if (KINDS.includes(kind)) return undefined;
  return refuse('invalid_input', "The denominator must be said to be 'assigned' or 'after_assignment'.");
}

const DENOMINATOR_KIND: Parameter = {
  name: 'denominator',
  meaning:
    "'assigned' if the denominator was fixed by the assignment (sends), else 'after_assignment' (opens)",
};

export const ratioDeltaMethod = {
  id: 'ratio.delta',
  title: 'Difference and uplift of a ratio of totals',
  needs: ['cross_sums'],
  parameters: [LEVEL, DENOMINATOR_KIND],
  reference: 'Deng, Knoblich & Lu (2018), section 3; Cochran, Sampling Techniques, 3rd ed. (1977), 6.3',
  compute: ratioDelta,
} as const satisfies Method;
