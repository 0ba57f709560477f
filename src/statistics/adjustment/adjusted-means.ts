import { addCrossSums, centredProduct, type CrossSums } from '../cross-sums.js';
import type { Method, Parameter } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type OrRefusal, type Warning } from '../result.js';
import { tooLarge } from '../sums.js';
import { chooseSlopes, impossibleChoice, type SlopeChoice, type SlopeKind } from './choose-slopes.js';
import { covariateSpread, sharedCovariances, type CovariateSpread } from './shared-variance.js';
import {
  adjustedMean,
  residualVariance,
  unfitForAdjustment,
  withinFit,
  type ExactSlopes,
} from './within-fit.js';

/** The means of all arms as if every arm had the same covariates, with what their contrasts are made of. */
export interface AdjustedMeans {
  /** At the covariates' mean over all arms, in the order of the arms. */
  readonly means: readonly number[];
  /** Covariances of the adjusted means, arm by arm; they share the estimated mean of the covariates. */
  readonly covariance: readonly (readonly number[])[];
  /** The plain means of the arms, and the squares of their standard errors. */
  readonly unadjusted: readonly number[];
  readonly unadjustedVariances: readonly number[];
  /** Of every arm: one slope per covariate, 0 for one that was left out. */
  readonly slopes: readonly (readonly number[])[];
  readonly slopeKind: SlopeKind;
  /** Means of the covariates over all arms. */
  readonly covariateMeans: readonly number[];
  readonly warnings: readonly Warning[];
  readonly parts: AdjustedParts;
}

/** What keeps contrasts of large means exact. */
export interface AdjustedParts {
  /** A number near all means; `adjusted` and `unadjusted` are less it, rounded once. */
  readonly centre: number;
  readonly adjusted: readonly number[];
  readonly unadjusted: readonly number[];
  /** s²_res / n of every arm. */
  readonly residualVariances: readonly number[];
  readonly slopes: readonly ExactSlopes[];
  readonly covariateSpread: CovariateSpread;
}

/**
 * Adjusts the mean of every arm for covariates known before assignment: m_k = ȳ_k - θ_k(x̄_k - x̄). Outcome 0 of the
 * cross sums is y, the others are covariates. With 'per_arm' slopes this is Lin's estimator, with 'pooled' analysis of
 * covariance (CUPED); 'auto' takes the first, and the second where an arm has fewer than 100 recipients or hardly
 * varies in a covariate (warning `common_slope`), and none where they take off less than 0.1 % of the variance
 * (warning `left_out`). The covariance matrix is diag(s²_res,k / n_k) + θ_k S_x θ_l / N, and slopes, means and
 * variances are exact until their last step. Outcomes (not covariates) count in 1/unit. Refuses `invalid_input`,
 * `empty_arm` and `too_few`. Lin (2013); Ye, Shao, Yi & Zhao (2023).
 */
export function adjustedMeans(
  arms: readonly CrossSums[],
  choice: SlopeChoice = 'auto',
  unit = 1n,
): OrRefusal<AdjustedMeans> {
  const impossible = impossibleChoice(choice) ?? unfitForAdjustment(arms);
  if (impossible) return impossible;
  const all = arms.reduce(addCrossSums);
  const pooled = withinFit(arms);
  if (BigInt(pooled.inverse.kept.length) >= all.n - BigInt(arms.length) && pooled.inverse.kept.length > 0) {
    return refuse('too_few', 'There are not enough recipients for so many covariates.');
  }
  const { exact, kind, warnings } = chooseSlopes(arms, pooled, choice);
  const slopes = exact.map((arm) => arm.numerators.map((t) => ratio(t, arm.denominator * unit)));
  const parts = partsOf(arms, exact, all, unit);
  const plain = arms.map((arm) => ratio(arm.sums[0] ?? 0n, arm.n * unit));
  const plainVariance = (arm: CrossSums) =>
    ratio(centredProduct(arm, 0, 0), arm.n ** 2n * (arm.n - 1n) * unit ** 2n);
  const covariance = sharedCovariances(exact, parts.covariateSpread).map((row, k) =>
    row.map((shared, l) => (k === l ? shared + (parts.residualVariances[k] ?? 0) : shared)),
  );
  if (!covariance.flat().every(Number.isFinite)) return tooLarge;
  return {
    means: arms.map((arm, k) => {
      const { numerator, denominator } = adjustedMean(arm, exact[k] ?? pooled, all);
      return ratio(numerator, denominator * unit);
    }),
    covariance,
    unadjusted: plain,
    unadjustedVariances: arms.map(plainVariance),
    slopes,
    slopeKind: kind,
    covariateMeans: all.sums.slice(1).map((sum) => ratio(sum, all.n)),
    warnings,
    parts,
  };
}

function partsOf(
  arms: readonly CrossSums[],
  slopes: readonly ExactSlopes[],
  all: CrossSums,
  unit: bigint,
): AdjustedParts {
  const centre = (all.sums[0] ?? 0n) / all.n;
  const none = { numerators: [], denominator: 1n };
  return {
    centre: ratio(centre, unit),
    adjusted: arms.map((arm, k) => {
      const { numerator, denominator } = adjustedMean(arm, slopes[k] ?? none, all);
      return ratio(numerator - centre * denominator, denominator * unit);
    }),
    unadjusted: arms.map((arm) => ratio((arm.sums[0] ?? 0n) - centre * arm.n, arm.n * unit)),
    residualVariances: arms.map((arm, k) => residualVariance(arm, slopes[k] ?? none, unit)),
    slopes,
    covariateSpread: covariateSpread(all, unit),
  };
}

export const SLOPES: Parameter = {
  name: 'slopes',
  meaning: "'auto', or 'per_arm' (Lin) or 'pooled' (analysis of covariance) wherever the data allow",
};

export const adjustedMeansMethod = {
  id: 'adjustment.means',
  title: 'Means adjusted for what was known before the send',
  needs: ['cross_sums'],
  parameters: [SLOPES],
  reference: 'Lin (2013); Ye, Shao, Yi & Zhao (2023); Deng, Xu, Kohavi & Walker (2013)',
  compute: (arms: readonly CrossSums[], slopes: SlopeChoice) => adjustedMeans(arms, slopes),
} as const satisfies Method;
