import { chiSquaredTest } from '../chi-squared-test.js';
import type { CrossSums } from '../cross-sums.js';
import { weightedMean } from '../factorial/cell-moments.js';
import type { Method } from '../method.js';
import { cholesky, squaredLength } from '../numerics/cholesky.js';
import { isRefusal, refuse, type OrRefusal, type Refusal, type TestResult } from '../result.js';
import { tooLarge } from '../sums.js';
import { adjustedMeans, SLOPES, type AdjustedMeans } from './adjusted-means.js';
import type { SlopeChoice } from './choose-slopes.js';
import { sharedVariance } from './shared-variance.js';

/**
 * Tests several contrasts of adjusted means at once, for instance all arms against the control or all levels of a
 * factor: Wald's (Cm)ᵀ(C V Cᵀ)⁻¹(Cm) on chi-squared with r = number of rows, V the covariance of the adjusted means.
 * One row gives the square of `adjustedContrast`'s z. Refuses `invalid_input` (also where a row follows from the others)
 * and `no_variation`. Wald (1943); Ye, Shao, Yi & Zhao (2023).
 */
export function adjustedJointContrasts(
  adjusted: AdjustedMeans,
  rows: readonly (readonly number[])[],
): OrRefusal<TestResult> {
  const impossible = impossibleRows(rows, adjusted.means.length);
  if (impossible) return impossible;
  const { parts, warnings } = adjusted;
  const covariance = rows.map((a) => rows.map((b) => covarianceOf(adjusted, a, b)));
  if (covariance.some((row, i) => row[i] === 0))
    return refuse('no_variation', 'Nothing is left to vary within the arms, so no error is known.');
  const values = rows.map((row) =>
    weightedMean(
      { centre: parts.centre, means: parts.adjusted, variances: parts.residualVariances, df: [] },
      row,
    ),
  );
  if (![...covariance.flat(), ...values].every(Number.isFinite)) return tooLarge;
  const root = cholesky(covariance);
  if (!root) return refuse('invalid_input', 'One of the contrasts follows from the others.');
  const statistic = squaredLength(root, values);
  if (!Number.isFinite(statistic)) return tooLarge;
  return chiSquaredTest('adjustment.joint_contrasts', statistic, rows.length, warnings);
}

function impossibleRows(rows: readonly (readonly number[])[], arms: number): Refusal | undefined {
  const fits = (row: readonly number[]): boolean =>
    row.length === arms && row.every(Number.isFinite) && row.some((c) => c !== 0);
  if (rows.length > 0 && rows.every(fits)) return undefined;
  return refuse('invalid_input', 'Every row must be one finite number per arm, not all of them zero.');
}

/** The part through the covariates by the difference of two squares, each of which cancels exactly where slopes agree. */
function covarianceOf({ parts }: AdjustedMeans, a: readonly number[], b: readonly number[]): number {
  const own = parts.residualVariances.reduce((sum, v, k) => sum + (a[k] ?? 0) * (b[k] ?? 0) * v, 0);
  const shared = (sign: 1 | -1): number =>
    sharedVariance(
      a.map((c, k) => c + sign * (b[k] ?? 0)),
      parts.slopes,
      parts.covariateSpread,
    );
  return own + (shared(1) - shared(-1)) / 4;
}

export const adjustedJointContrastsMethod = {
  id: 'adjustment.joint_contrasts',
  title: 'Several contrasts of adjusted means at once',
  needs: ['cross_sums'],
  parameters: [
    { name: 'rows', meaning: 'coefficients of each contrast, one finite number per arm, not all zero' },
    SLOPES,
  ],
  reference: 'Wald (1943); Ye, Shao, Yi & Zhao (2023)',
  compute: (arms: readonly CrossSums[], rows: readonly (readonly number[])[], slopes: SlopeChoice) => {
    const adjusted = adjustedMeans(arms, slopes);
    return isRefusal(adjusted) ? adjusted : adjustedJointContrasts(adjusted, rows);
  },
} as const satisfies Method;
