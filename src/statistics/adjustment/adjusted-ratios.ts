import { product, type CrossSums } from '../cross-sums.js';
import type { Method } from '../method.js';
import { residualSquares, unfitForRatios } from '../ratios/ratio-arm.js';
import type { OrRefusal } from '../result.js';
import { adjustedMeans, SLOPES, type AdjustedMeans } from './adjusted-means.js';
import type { SlopeChoice } from './choose-slopes.js';
import { unfitForAdjustment } from './within-fit.js';

/**
 * Ratios Σy / Σd of all arms, adjusted for covariates (CUPED for ratio metrics). Outcome 0 of the cross sums is y,
 * outcome 1 is d, the others are covariates. Every recipient's R + (y - R d)/d̄, whose mean is R and whose standard
 * error is that of the delta method, takes the place of the outcome in `adjustedMeans`; contrasts and uplifts follow
 * as for means. Refuses what `ratioDelta` and `adjustedMeans` refuse. Deng, Xu, Kohavi & Walker (2013), section 3.4;
 * Deng, Knoblich & Lu (2018).
 */
export function adjustedRatios(
  arms: readonly CrossSums[],
  choice: SlopeChoice = 'auto',
): OrRefusal<AdjustedMeans> {
  const impossible = unfitForAdjustment(arms) ?? unfitForRatios(arms);
  if (impossible) return impossible;
  // Times a common multiple of all (Σd)² the linearised outcomes are whole numbers.
  const unit = arms.reduce((all, { sums }) => leastCommonMultiple(all, sums[1] ?? 1n), 1n) ** 2n;
  return adjustedMeans(
    arms.map((arm) => linearised(arm, unit)),
    choice,
    unit,
  );
}

/** Cross sums of unit · (R + (y - R d)/d̄) and the covariates; `unit` must be a multiple of (Σd)². */
function linearised(arm: CrossSums, unit: bigint): CrossSums {
  const { n, sums, products } = arm;
  const [y = 0n, d = 1n] = sums;
  const factor = unit / (d * d);
  const squares = n * (y * d) ** 2n + n * n * residualSquares(arm);
  const covariates = sums.slice(2);
  const withOutcome = covariates.map(
    (x, i) => factor * (y * d * x + n * (d * product(arm, 0, i + 2) - y * product(arm, 1, i + 2))),
  );
  return {
    n,
    sums: [factor * n * y * d, ...covariates],
    products: [
      [factor * factor * squares],
      ...withOutcome.map((value, i) => [value, ...(products[i + 2] ?? []).slice(2)]),
    ],
  };
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [divisor, rest] = [a, b];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}

export const adjustedRatiosMethod = {
  id: 'adjustment.ratios',
  title: 'Ratios of totals adjusted for what was known before the send',
  needs: ['cross_sums'],
  parameters: [SLOPES],
  reference: 'Deng, Xu, Kohavi & Walker (2013); Deng, Knoblich & Lu (2018)',
  compute: (arms: readonly CrossSums[], slopes: SlopeChoice) => adjustedRatios(arms, slopes),
} as const satisfies Method;
