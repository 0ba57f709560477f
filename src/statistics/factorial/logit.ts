import { chiSquaredTest } from '../chi-squared-test.js';
import type { Count } from '../count.js';
import type { Method } from '../method.js';
import { cholesky, squaredLength } from '../numerics/cholesky.js';
import { isRefusal, refuse, type OrRefusal, type TestResult, type Warning } from '../result.js';
import { columnsOf } from './design.js';
import { fitLogit, likelihoodRatio, logitDeviance, withoutColumns, type LogitModel } from './logit-model.js';
import { LEVEL_COUNTS, ORDER } from './parameters.js';

/** A coefficient of effect coding: half the difference for a factor of two levels, first level minus last. */
export interface EffectCoefficient {
  /** Empty for the overall mean. */
  readonly factors: readonly number[];
  readonly levels: readonly number[];
  readonly value: number;
  readonly se: number;
}

export interface LogitTerm {
  readonly factors: readonly number[];
  /** Likelihood-ratio test against the model without the columns of this term. */
  readonly likelihoodRatio: TestResult;
  /** For comparison with other tools; the likelihood ratio decides. */
  readonly wald: TestResult;
}

export interface LogitResult {
  readonly coefficients: readonly EffectCoefficient[];
  /** Single factors first, then pairs, and so on. */
  readonly terms: readonly LogitTerm[];
  /** Twice the gap in log likelihood to the observed rates; 0 for the full model. */
  readonly deviance: number;
  readonly dfResidual: number;
  /** Whether interactions that the model leaves out show; undefined for the full model. */
  readonly lackOfFit: TestResult | undefined;
}

/**
 * Log odds of the cells of a full factorial, in effect coding, with all interactions of up to `order` factors. Every
 * term is tested in the presence of all others (type III). A model that leaves interactions out is held against the
 * cells, warning `lack_of_fit` at p < 0.05. Refuses `invalid_input`, `missing_cell`, `separation` (0 % or 100 % makes a
 * coefficient infinite; differences of rates still have estimates). Searle, Speed & Milliken (1980); Agresti (2013),
 * ch. 5-6.
 */
export function factorialLogit(
  levelCounts: readonly number[],
  cells: readonly Count[],
  order: number,
): OrRefusal<LogitResult> {
  const model = fitLogit(levelCounts, cells, order);
  if (isRefusal(model)) return model;
  const terms: LogitTerm[] = [];
  for (const factors of model.terms) {
    const term = testTerm(model, cells, factors);
    if (isRefusal(term)) return term;
    terms.push(term);
  }
  const dfResidual = cells.filter(({ n }) => n > 0n).length - model.columns.length;
  const deviance = dfResidual === 0 ? 0 : logitDeviance(cells, model.logits);
  return {
    coefficients: model.columns.map(({ factors, levels }, i) => ({
      factors,
      levels,
      value: model.coefficients[i] ?? NaN,
      se: Math.sqrt(model.covariance[i]?.[i] ?? NaN),
    })),
    terms,
    deviance,
    dfResidual,
    lackOfFit: dfResidual === 0 ? undefined : lackOfFit(deviance, dfResidual),
  };
}

function testTerm(
  model: LogitModel,
  cells: readonly Count[],
  factors: readonly number[],
): OrRefusal<LogitTerm> {
  const own = columnsOf(model.columns, factors);
  const smaller = withoutColumns(model, cells, own);
  const root = cholesky(own.map((i) => own.map((j) => model.covariance[i]?.[j] ?? NaN)));
  if (isRefusal(smaller)) return smaller;
  if (!root) return refuse('invalid_input', 'The combinations differ too much in size for a logit model.');
  const values = own.map((i) => model.coefficients[i] ?? NaN);
  const wald = squaredLength(root, values);
  const ratio = likelihoodRatio(cells, model.logits, smaller.logits);
  return {
    factors,
    likelihoodRatio: chiSquaredTest('factorial.logit', ratio, own.length),
    wald: chiSquaredTest('factorial.logit', wald, own.length),
  };
}

function lackOfFit(deviance: number, df: number): TestResult {
  const test = chiSquaredTest('factorial.logit', deviance, df);
  const message =
    'The combinations differ by more than this model and chance explain: it leaves out an interaction.';
  return { ...test, warnings: test.p < 0.05 ? [{ code: 'lack_of_fit', message } satisfies Warning] : [] };
}

export const factorialLogitMethod = {
  id: 'factorial.logit',
  title: 'Logit model of a factorial',
  needs: ['n', 'nonZero', 'design'],
  parameters: [LEVEL_COUNTS, ORDER],
  reference: 'Searle, Speed & Milliken (1980); Agresti, Categorical Data Analysis, 3rd ed. (2013), ch. 5',
  compute: factorialLogit,
} as const satisfies Method;
