import { foldMeanDifference, foldMeanUplift } from '../../../src/statistics/means/fold-jackknife.js';
import { sumUp } from '../arbitrary.js';

/** Spend in cents of a few recipients. */
const spend = {
  control: [0, 0, 1250, 0, 0, 480, 0, 2999, 0, 730],
  treatment: [0, 990, 0, 0, 3450, 0, 620, 0, 1800, 0, 0, 5400],
};
const control = sumUp(spend.control.map(BigInt));
const treatment = sumUp(spend.treatment.map(BigInt));
const large = {
  control: {
    n: 90_000n,
    nonZero: 900n,
    sum: 4_500_000n,
    sumSquares: 90_000_000_000n,
    sumCubes: 5n * 10n ** 15n,
  },
  treatment: {
    n: 10_000n,
    nonZero: 110n,
    sum: 580_000n,
    sumSquares: 12_000_000_000n,
    sumCubes: 6n * 10n ** 14n,
  },
};
const folds = [0, 1, 2, 3, 4].map((fold) => ({
  control: sumUp(spend.control.slice(2 * fold, 2 * fold + 2).map(BigInt)),
  treatment: sumUp(spend.treatment.slice(2 * fold, 2 * fold + 3).map(BigInt)),
}));

export const meansSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'mean.interval': [[control, 0.95]],
  'mean.welch': [[control, treatment, 0.95]],
  'mean.student': [[control, treatment, 0.95]],
  'mean.fieller': [
    [large.control, large.treatment, 0.95],
    [large.control, large.treatment, 0.95, 'normal'],
  ],
  'mean.log_uplift': [[control, treatment, 0.95]],
  'mean.delta_uplift': [[control, treatment, 0.95]],
  'mean.non_inferiority': [
    [control, treatment, { kind: 'absolute', size: 500, better: 'higher' }, 0.05],
    [large.control, large.treatment, { kind: 'relative', size: 0.05, better: 'lower' }, 0.05],
  ],
  'mean.welch_anova': [[[control, treatment, large.control]]],
  'mean.anova': [[[control, treatment, large.control]]],
  'mean.two_part': [[control, treatment, 0.95]],
  'mean.common_cap': [[[spend.control, spend.treatment], 0.9]],
  'mean.winsor_welch': [[spend.control, spend.treatment, 2500.5, 0.95]],
  'mean.hall': [[large.control, large.treatment, 0.95]],
  'quantile.type7': [[spend.treatment, [0.5, 0.9], 0.8]],
  'mean.fold_jackknife': [
    [folds, foldMeanDifference, 0.95],
    [folds, foldMeanUplift, 0.9],
  ],
  'mean.skew_guard': [[large.control, large.treatment]],
  'mean.revenue_guard': [
    [
      [control, treatment],
      [2999n, 5400n],
    ],
    [[large.control, large.treatment]],
  ],
};
