import { impossibleLevel } from '../confidence.js';
import type { Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { dot, quadraticForm } from '../numerics/least-squares.js';
import { logistic } from '../numerics/logistic.js';
import { isRefusal, type OrRefusal } from '../result.js';
import { testedEstimate, type TestedEstimate } from '../tested-estimate.js';
import { combinations } from './combinations.js';
import { fitLogit, type LogitModel } from './logit-model.js';
import { LEVEL_COUNTS, ORDER } from './parameters.js';

/** Two levels of a factor: the effect is `to` minus `from`. */
export interface LevelPair {
  readonly factor: number;
  readonly to: number;
  readonly from: number;
}

export interface MarginalEffect extends TestedEstimate {
  /**
   * One pair, or two for an interaction (the difference of the first pair's effects between the levels of the second).
   */
  readonly pairs: readonly LevelPair[];
  /** Simple effects only: the level of every other factor; the varied one's entry is `to`. */
  readonly at?: readonly number[];
}

export interface MarginalEffects {
  /** Differences of log odds, averaged over the other factors with equal weights. */
  readonly logOdds: readonly MarginalEffect[];
  /** Differences of rates, averaged over the other factors with equal weights. */
  readonly main: readonly MarginalEffect[];
  /** Differences of rates at each combination of the other factors. */
  readonly simple: readonly MarginalEffect[];
  /** Differences of differences of rates, averaged over the factors that are not in the pair. */
  readonly interactions: readonly MarginalEffect[];
}

/**
 * Effects from a logit model (see `factorialLogit`) on the scale of log odds and on that of rates, for every pair of
 * levels; the higher level is compared with the lower. Rates are the model's and their standard errors follow by the
 * delta method; tests are z tests, and an interval excludes 0 exactly when p < 1 - level. Refuses what `factorialLogit`
 * refuses. Searle, Speed & Milliken (1980); Lenth, emmeans (2023).
 */
export function marginalEffects(
  levelCounts: readonly number[],
  cells: readonly Count[],
  order: number,
  level: number,
): OrRefusal<MarginalEffects> {
  const model = impossibleLevel(level) ?? fitLogit(levelCounts, cells, order);
  if (isRefusal(model)) return model;
  const grid = combinations(levelCounts);
  const pairs = levelCounts.map((count, factor) => levelPairs(factor, count));
  const rate = (of: readonly LevelPair[], at?: readonly number[]) =>
    effect(model, contrastOf(grid, of, at), 'rate', of, level, at);
  return {
    logOdds: pairs.flat().map((pair) => effect(model, contrastOf(grid, [pair]), 'logOdds', [pair], level)),
    main: pairs.flat().map((pair) => rate([pair])),
    simple: pairs.flat().flatMap((pair) => placesOf(grid, pair).map((at) => rate([pair], at))),
    interactions: pairs.flatMap((first, a) =>
      pairs.slice(a + 1).flatMap((second) => second.flatMap((two) => first.map((one) => rate([one, two])))),
    ),
  };
}

/** All pairs of levels of a factor, each level with every one before it. */
function levelPairs(factor: number, count: number): LevelPair[] {
  return Array.from({ length: count }, (_, to) =>
    Array.from({ length: to }, (__, from): LevelPair => ({ factor, to, from })),
  ).flat();
}

/** Coefficients of the cells: over all other factors with equal weights, or at one combination of them. */
function contrastOf(
  grid: readonly (readonly number[])[],
  pairs: readonly LevelPair[],
  at?: readonly number[],
): number[] {
  const varied = pairs.map((pair) => pair.factor);
  const counts = at === undefined ? (cell: readonly number[]) => cell.length > 0 : alike(at, varied);
  const signs = grid.map((cell) =>
    counts(cell)
      ? pairs.reduce(
          (sign, { factor, to, from }) => sign * (cell[factor] === to ? 1 : cell[factor] === from ? -1 : 0),
          1,
        )
      : 0,
  );
  const weight = signs.filter((sign) => sign !== 0).length / 2 ** pairs.length;
  return signs.map((sign) => sign / weight);
}

/** Combinations at the pair's higher level; none for a single factor, whose simple effects are its main effects. */
function placesOf(grid: readonly number[][], { factor, to }: LevelPair): number[][] {
  return grid.filter((at) => at.length > 1 && at[factor] === to);
}

function alike(at: readonly number[], varied: readonly number[]) {
  return (cell: readonly number[]) => cell.every((value, f) => varied.includes(f) || value === at[f]);
}

function effect(
  model: LogitModel,
  coefficients: readonly number[],
  scale: 'logOdds' | 'rate',
  pairs: readonly LevelPair[],
  level: number,
  at?: readonly number[],
): MarginalEffect {
  const isRate = scale === 'rate';
  const value = dot(coefficients, isRate ? model.logits.map(logistic) : model.logits);
  // The slope of a rate in its log odds is p(1 - p).
  const slope = (eta: number) => (isRate ? logistic(eta) * logistic(-eta) : 1);
  const slopes = coefficients.map((c, i) => c * slope(model.logits[i] ?? 0));
  const se = Math.sqrt(
    quadraticForm(
      model.covariance,
      model.columns.map(({ values }) => dot(values, slopes)),
    ),
  );
  const { estimate, test } = testedEstimate({ value, se, df: Infinity }, level, 'factorial.marginal_effects');
  return { pairs, ...(at === undefined ? {} : { at }), estimate, test };
}

export const marginalEffectsMethod = {
  id: 'factorial.marginal_effects',
  title: 'Effects of a factorial on log odds and on rates, from a logit model',
  needs: ['n', 'nonZero', 'design'],
  parameters: [LEVEL_COUNTS, ORDER, LEVEL],
  reference: 'Searle, Speed & Milliken (1980)',
  compute: marginalEffects,
} as const satisfies Method;
