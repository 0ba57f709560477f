import { ArgumentError } from '../../../src/statistics/argument-error.js';
import type { CrossSums } from '../../../src/statistics/cross-sums.js';
import {
  adjustedContrast,
  type AdjustedContrast,
} from '../../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans, type AdjustedMeans } from '../../../src/statistics/adjustment/adjusted-means.js';
import { adjustedRows } from '../../../src/statistics/adjustment/adjusted-rows.js';
import type { TestedEstimate } from '../../../src/statistics/tested-estimate.js';
import { isRefusal, type OrRefusal } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { scaled } from './moments.js';
import { pair, type RawPair } from './ratios.js';
import { sameLength } from './reference-inputs.js';

export const adjustmentAdapters: Adapters = {
  'cuped.rows': { covers: ['adjustment.rows'], run: rows },
  'cuped.sums': { covers: ['adjustment.means', 'adjustment.contrast'], run: fromSums },
};

function rows(input: { y: number[]; x: number[]; arm: number[] }): Record<string, unknown> {
  sameLength(input.y, input.x, input.arm);
  const [y, x] = [scaled(input.y), scaled(input.x)];
  const arms: bigint[][][] = [];
  input.arm.forEach((arm, i) => {
    if (!Number.isInteger(arm) || arm < 0 || arm >= input.arm.length)
      throw new ArgumentError('arm', 'must number the arms from 0');
    while (arms.length <= arm) arms.push([]);
    arms[arm]!.push([y.whole[i]!, x.whole[i]!]);
  });
  const result = adjustedRows(arms, 0.95);
  if (isRefusal(result)) return {};
  const slopeUnit = 10 ** (y.places - x.places);
  const part = (tested: OrRefusal<TestedEstimate>) => (isRefusal(tested) ? undefined : tested);
  const value = (tested: OrRefusal<TestedEstimate>) => over(part(tested)?.estimate.value, 10 ** y.places);
  const se = (tested: OrRefusal<TestedEstimate>) => over(part(tested)?.estimate.se, 10 ** y.places);
  return {
    theta_total: over(result.thetaTotal[0], slopeUnit),
    theta_within: over(result.thetaWithin[0], slopeUnit),
    arms: result.comparisons.map(({ classic, within, ancova, ancovaHc2, lin }, i) => ({
      arm: i + 1,
      classic_diff: value(classic),
      classic_se: se(classic),
      within_diff: value(within),
      within_se: se(within),
      ancova_diff: value(ancova),
      ancova_se_ols: se(ancova),
      ancova_se_hc2: se(ancovaHc2),
      ancova_df: part(ancova)?.test.df[0],
      ancova_p_ols: part(ancova)?.test.p,
      lin_diff: value(lin),
      lin_se_hc2: se(lin),
    })),
  };
}

function over(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value / unit;
}

function fromSums(input: { arms: RawPair[] }): Record<string, unknown> {
  const arms = input.arms.map(pair);
  const [common, own] = [adjustedMeans(arms, 'pooled'), adjustedMeans(arms, 'per_arm')];
  if (isRefusal(common) || isRefusal(own)) return {};
  const adjusts = common.slopeKind === 'pooled';
  return {
    theta_within: adjusts ? common.slopes[0]?.[0] : undefined,
    grand_mean_x: common.covariateMeans[0],
    arms: arms.slice(1).map((_, i) => comparison(arms, common, own, i + 1)),
  };
}

function comparison(
  arms: readonly CrossSums[],
  common: AdjustedMeans,
  own: AdjustedMeans,
  treatment: number,
): Record<string, unknown> {
  const coefficients = arms.map((_, k) => (k === treatment ? 1 : k === 0 ? -1 : 0));
  const read = (adjusted: AdjustedMeans): AdjustedContrast | undefined => {
    const result = adjustedContrast(adjusted, coefficients, 0.95);
    return isRefusal(result) ? undefined : result;
  };
  const within = read(common);
  const adjusted = common.slopeKind === 'pooled' ? within : undefined;
  const perArm = own.slopeKind === 'per_arm' ? read(own) : undefined;
  return {
    raw_diff: within?.unadjusted.value,
    raw_se: within?.unadjusted.se,
    within_diff: adjusted?.estimate.value,
    within_se: adjusted?.estimate.se,
    variance_ratio: adjusted?.varianceRatio,
    p: adjusted?.test.p,
    log_p: adjusted?.test.logP,
    perarm_diff: perArm?.estimate.value,
    perarm_se: perArm?.estimate.se,
  };
}
