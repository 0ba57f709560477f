import { ArgumentError } from '../../../src/statistics/argument-error.js';
import { aliasTable } from '../../../src/statistics/factorial/alias.js';
import { cellMoments, unfitCells, weightedMean } from '../../../src/statistics/factorial/cell-moments.js';
import { contrast } from '../../../src/statistics/factorial/contrast.js';
import { factorialLinear } from '../../../src/statistics/factorial/linear.js';
import { factorialLogit } from '../../../src/statistics/factorial/logit.js';
import { marginalEffects, type MarginalEffect } from '../../../src/statistics/factorial/marginal-effects.js';
import { isRefusal, type TestResult } from '../../../src/statistics/result.js';
import type { Adapters } from './adapter.js';
import { exactSums, type Moments } from './moments.js';
import { binary, count, sums, type RawCount, type RawSums } from './reference-inputs.js';

export const factorialAdapters: Adapters = {
  'factorial.contrast': { covers: ['proportion.contrast', 'mean.contrast'], run: contrasts },
  'factorial.logit': { covers: ['factorial.logit'], run: logit },
  'factorial.linear': { covers: ['factorial.linear'], run: linear },
  'factorial.emmeans_logit': { covers: ['factorial.marginal_effects'], run: effects },
  'factorial.alias': { covers: ['factorial.alias'], run: aliases },
};

interface Cells<Cell> {
  dims: number[];
  order: number;
  cells: (Cell & { levels: number[] })[];
}

/** Cells in row-major order, first factor slowest. */
function inOrder<Cell>({ dims, cells }: Cells<Cell>): Cell[] {
  const place = ({ levels }: { levels: number[] }) =>
    levels.reduce((index, level, f) => index * dims[f]! + level, 0);
  const ordered = cells.toSorted((a, b) => place(a) - place(b));
  const known = ({ levels }: { levels: number[] }) => levels.every((level, f) => level < dims[f]!);
  if (!ordered.every((cell, i) => place(cell) === i && known(cell)))
    throw new ArgumentError('cells', 'must hold every combination of levels once');
  return ordered;
}

function letters(factors: readonly number[]): string {
  return factors.map((f) => String.fromCharCode(65 + f)).join(':');
}

function logit(input: Cells<RawCount>): Record<string, unknown> {
  const result = factorialLogit(input.dims, inOrder(input).map(count), input.order);
  if (isRefusal(result)) return {};
  const terms = result.terms.map(({ factors, likelihoodRatio, wald }) => [
    letters(factors),
    {
      lr_chi2: likelihoodRatio.statistic,
      df: likelihoodRatio.df[0],
      p: likelihoodRatio.p,
      log_p: likelihoodRatio.logP,
      wald_chi2: wald.statistic,
    },
  ]);
  return {
    coef: result.coefficients.map((one) => one.value),
    se: result.coefficients.map((one) => one.se),
    deviance: result.deviance,
    df_residual: result.dfResidual,
    terms: Object.fromEntries(terms) as unknown,
  };
}

function linear(input: Cells<RawSums>): Record<string, unknown> {
  const result = factorialLinear(input.dims, inOrder(input).map(sums), input.order, 0.95);
  if (isRefusal(result)) return {};
  const terms = result.terms.map(({ factors, test, sumOfSquares }) => [
    letters(factors),
    { F: test.statistic, df1: test.df[0], p: test.p, log_p: test.logP, ss_type3: sumOfSquares },
  ]);
  const means = input.dims.map((_, factor) => [
    letters([factor]),
    result.marginalMeans
      .filter((one) => one.factor === factor)
      .map(({ level, mean }) => ({ level, mean: mean.value, se: mean.se })),
  ]);
  return {
    coef: result.coefficients.map((one) => one.value),
    se: result.coefficients.map((one) => one.se),
    sigma: result.sigma,
    df_residual: result.dfResidual,
    terms: Object.fromEntries(terms) as unknown,
    marginal_means: Object.fromEntries(means) as unknown,
  };
}

/** As emmeans prints them: first factor fastest, a single effect without a list. */
function effects(input: Cells<RawCount>): Record<string, unknown> {
  const result = marginalEffects(input.dims, inOrder(input).map(count), input.order, 0.95);
  if (isRefusal(result)) return {};
  const byFactor = (list: readonly MarginalEffect[]) =>
    Object.fromEntries(
      input.dims.map((_, f) => [letters([f]), columns(list.filter(({ pairs }) => pairs[0]?.factor === f))]),
    );
  const simple = result.simple.filter(({ pairs }) => pairs[0]?.factor === 0);
  const place = ({ at = [] }: MarginalEffect) =>
    at.slice(1).reduceRight((index, level, f) => index * input.dims[f + 1]! + level, 0);
  return {
    main_logit: byFactor(result.logOdds),
    main_response: byFactor(result.main),
    simple: columns(simple.toSorted((a, b) => place(a) - place(b))),
    interaction: input.dims.length === 2 ? columns(result.interactions) : [],
  };
}

function columns(list: readonly { estimate: { value: number; se: number }; test: TestResult }[]) {
  const one = <T>(values: T[]) => (values.length === 1 ? values[0] : values);
  return {
    estimate: one(list.map(({ estimate }) => estimate.value)),
    se: one(list.map(({ estimate }) => estimate.se)),
    p: one(list.map(({ test }) => test.p)),
  };
}

function contrasts(input: {
  kind: 'prop' | 'mean';
  level: number;
  weights: number[];
  cells: (RawCount | Moments)[];
}): Record<string, unknown> {
  const isMean = input.kind === 'mean';
  const kind = isMean ? 'mean' : 'proportion';
  const { arms: cells, unit } = isMean
    ? exactSums(input.cells as Moments[])
    : { arms: (input.cells as RawCount[]).map(binary), unit: 1 };
  const result = contrast(kind, cells, input.weights, input.level);
  if (isRefusal(result)) {
    if (unfitCells(kind, cells, [input.weights])) return {};
    return { estimate: weightedMean(cellMoments(kind, cells, 'plain'), input.weights) * unit };
  }
  const { value, se, interval } = result.estimate;
  return {
    estimate: value * unit,
    se: se * unit,
    df: result.test.df[0],
    [isMean ? 't' : 'z']: result.test.statistic,
    ci: [interval.lower * unit, interval.upper * unit],
    p: result.test.p,
    log_p: result.test.logP,
  };
}

function aliases(input: { base_factors: string[]; generators: string[] }): Record<string, unknown> {
  const result = aliasTable(input.base_factors, input.generators);
  if (isRefusal(result)) return {};
  return {
    defining_words: result.definingWords,
    resolution: result.resolution,
    aliases: result.aliases,
  };
}
