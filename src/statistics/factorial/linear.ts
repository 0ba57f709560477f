import { impossibleLevel } from '../confidence.js';
import { studentT } from '../distributions/student-t.js';
import { fTest } from '../f-test.js';
import { LEVEL, type Method } from '../method.js';
import { cholesky, squaredLength } from '../numerics/cholesky.js';
import { quadraticForm } from '../numerics/least-squares.js';
import { isRefusal, refuse, type EstimateWithSe, type OrRefusal, type TestResult } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { combinations } from './combinations.js';
import { columnsOf, MOST_CELLS } from './design.js';
import { fitLinear, type LinearModel } from './linear-model.js';
import type { EffectCoefficient } from './logit.js';
import { LEVEL_COUNTS, ORDER } from './parameters.js';

export interface LinearTerm {
  readonly factors: readonly number[];
  /** F test of the columns of this term in the presence of all others. */
  readonly test: TestResult;
  /** Type III sum of squares, in squared units of the outcome. */
  readonly sumOfSquares: number;
}

/** The mean at one level of a factor, over the levels of the others with equal weights. */
export interface MarginalMean {
  readonly factor: number;
  readonly level: number;
  readonly mean: EstimateWithSe;
}

export interface LinearResult {
  readonly coefficients: readonly EffectCoefficient[];
  /** Single factors first, then pairs, and so on. */
  readonly terms: readonly LinearTerm[];
  /** Residual standard deviation, one for all cells. */
  readonly sigma: number;
  readonly dfResidual: number;
  readonly marginalMeans: readonly MarginalMean[];
  /** Whether interactions that the model leaves out show; undefined where nothing can tell. */
  readonly lackOfFit: TestResult | undefined;
}

/**
 * Means of the cells of a full factorial by least squares, in effect coding, with all interactions of up to `order`
 * factors: the classic analysis of variance with type III sums of squares, from exact sums instead of rows. It assumes
 * one variance in all cells; `contrast` does not. A model that leaves interactions out is held against the cells,
 * warning `lack_of_fit` at p < 0.05. Refuses `invalid_input`, `missing_cell`, `too_few` (no residual degree of freedom)
 * and `no_variation`. Searle, Speed & Milliken (1980).
 */
export function factorialLinear(
  levelCounts: readonly number[],
  cells: readonly OutcomeSums[],
  order: number,
  level: number,
): OrRefusal<LinearResult> {
  const model = impossibleLevel(level) ?? fitLinear(levelCounts, cells, order);
  if (isRefusal(model)) return model;
  const terms = model.terms.map((factors) => testTerm(model, factors)).filter((term) => term !== undefined);
  if (terms.length < model.terms.length) {
    return refuse('invalid_input', 'The combinations differ too much in size for a linear model.');
  }
  return {
    coefficients: model.columns.map(({ factors, levels }, i) => ({
      factors,
      levels,
      value: (model.coefficients[i] ?? NaN) + (i === 0 ? model.centre : 0),
      se: model.sigma * Math.sqrt(model.covariance[i]?.[i] ?? NaN),
    })),
    terms,
    sigma: model.sigma,
    dfResidual: model.dfResidual,
    marginalMeans: levelCounts.flatMap((count, factor) =>
      Array.from({ length: count }, (_, at) => marginalMean(model, levelCounts, factor, at, level)),
    ),
    lackOfFit: lackOfFit(model),
  };
}

/** bᵀ C⁻¹ b of the term's coefficients: what the residual sum of squares would grow by without them. */
function testTerm(model: LinearModel, factors: readonly number[]): LinearTerm | undefined {
  const own = columnsOf(model.columns, factors);
  const root = cholesky(own.map((i) => own.map((j) => model.covariance[i]?.[j] ?? NaN)));
  if (!root) return undefined;
  const values = own.map((i) => model.coefficients[i] ?? NaN);
  const scaled = values.map((b) => b / model.sigma);
  const statistic = squaredLength(root, scaled) / own.length;
  const sumOfSquares = squaredLength(root, values);
  return { factors, test: fTest('factorial.linear', statistic, own.length, model.dfResidual), sumOfSquares };
}

function marginalMean(
  model: LinearModel,
  levelCounts: readonly number[],
  factor: number,
  at: number,
  level: number,
): MarginalMean {
  const cells = combinations(levelCounts);
  const size = cells.length / (levelCounts[factor] ?? MOST_CELLS);
  const weights = model.columns.map(
    ({ values }) => values.reduce((sum, x, i) => (cells[i]?.[factor] === at ? sum + x : sum), 0) / size,
  );
  const value = weights.reduce((sum, w, i) => sum + w * (model.coefficients[i] ?? NaN), 0) + model.centre;
  const se = model.sigma * Math.sqrt(quadraticForm(model.covariance, weights));
  const half = se * studentT.isf((1 - level) / 2, model.dfResidual);
  return {
    factor,
    level: at,
    mean: { value, se, interval: { lower: value - half, upper: value + half, level } },
  };
}

/** What lies between the cells beyond the model, against what lies within them. */
function lackOfFit({ between, within }: LinearModel): TestResult | undefined {
  if (between.df === 0 || within.df === 0 || within.sumOfSquares === 0) return undefined;
  const test = fTest(
    'factorial.linear',
    between.sumOfSquares / between.df / (within.sumOfSquares / within.df),
    between.df,
    within.df,
  );
  const message =
    'The combinations differ by more than this model and chance explain: it leaves out an interaction.';
  return { ...test, warnings: test.p < 0.05 ? [{ code: 'lack_of_fit', message }] : [] };
}

export const factorialLinearMethod = {
  id: 'factorial.linear',
  title: 'Linear model of a factorial (classic analysis of variance)',
  needs: ['n', 'sum', 'sumSquares', 'design'],
  parameters: [LEVEL_COUNTS, ORDER, LEVEL],
  reference: 'Searle, Speed & Milliken (1980)',
  compute: factorialLinear,
} as const satisfies Method;
