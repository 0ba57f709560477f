import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type Refusal } from '../result.js';
import { impossibleSums, type OutcomeSums } from '../sums.js';
import type { TestedEstimate } from '../tested-estimate.js';
import type { CellKind, RateVariance } from './cell-moments.js';
import { contrast } from './contrast.js';
import { designTerms, impossibleDesign } from './design.js';
import { effectRows, sharesOf, type EffectRow, type EffectWeights } from './effect-rows.js';
import { factorialContrasts } from './factorial-contrasts.js';
import { LEVEL_COUNTS } from './parameters.js';

/** One effect with its estimate; an effect that needs an empty cell is refused, the others stand. */
export interface FactorialEffect extends EffectRow {
  readonly kind: 'interaction' | 'main' | 'simple';
  /** Simple effects only: the level of every factor; the varied one's entry is the non-baseline level. */
  readonly at?: readonly number[];
  readonly result: OrRefusal<TestedEstimate>;
  /**
   * Interactions only: the chance that this test finds an interaction as large as the largest main effect of its
   * factors. Below 0.2, "no interaction was found" means little. Undefined where one of the two is refused.
   */
  readonly power?: number | undefined;
}

export interface FactorialEffects {
  /** How interactions and main effects are averaged over the other factors. */
  readonly weights: EffectWeights;
  /** Interactions of all factors first, then of fewer; then main effects; simple effects last. */
  readonly effects: readonly FactorialEffect[];
}

/**
 * All effects of a full factorial as contrasts of its cells, nothing left out and no variance shared: interactions of
 * every order, main effects, and the simple effects at each combination of the other factors (none for a single
 * factor). Levels are compared with level 0. The average over the other factors gives all their combinations the same
 * weight, or ('proportional') the weight of their recipients: then a main effect answers for this audience's mix only.
 * Estimates and refusals of each effect are those of `contrast`; `invalid_input` for a bad design. Dasgupta, Pillai &
 * Rubin (2015).
 */
export function factorialEffects(
  kind: CellKind,
  levelCounts: readonly number[],
  cells: readonly OutcomeSums[],
  level: number,
  weights: EffectWeights = 'equal',
  rates: RateVariance = 'plain',
): OrRefusal<FactorialEffects> {
  const impossible = impossibleLevel(level) ?? unfit(levelCounts, cells, weights);
  if (impossible) return impossible;
  const terms = designTerms(levelCounts.length, levelCounts.length).toSorted((a, b) => b.length - a.length);
  const averaged = terms.flatMap((factors): FactorialEffect[] =>
    effectRows(levelCounts, factors, sharesOf(levelCounts, factors, cells, weights)).map((row) => ({
      ...row,
      kind: factors.length > 1 ? 'interaction' : 'main',
      result: contrast(kind, cells, row.coefficients, level, rates),
    })),
  );
  const simple = factorialContrasts(levelCounts)
    .filter((one) => one.kind === 'simple')
    .map(({ factors, levels, at = [], coefficients }): FactorialEffect => {
      const result = contrast(kind, cells, coefficients, level, rates);
      return { kind: 'simple', factors, levels, at, coefficients, result };
    });
  return { weights, effects: [...averaged.map((one) => withPower(one, averaged, level)), ...simple] };
}

const ways: readonly string[] = ['equal', 'proportional'] satisfies EffectWeights[];

function unfit(
  levelCounts: readonly number[],
  cells: readonly OutcomeSums[],
  weights: EffectWeights,
): Refusal | undefined {
  if (!ways.includes(weights)) {
    return refuse('invalid_input', "weights must be 'equal' or 'proportional'.");
  }
  const impossible = impossibleDesign(levelCounts, cells.length);
  return impossible ?? cells.map(impossibleSums).find((one) => one !== undefined);
}

function withPower(effect: FactorialEffect, all: readonly FactorialEffect[], level: number): FactorialEffect {
  if (effect.kind !== 'interaction') return effect;
  const mains = all.filter(
    ({ kind, factors }) => kind === 'main' && factors.every((f) => effect.factors.includes(f)),
  );
  const sizes = mains.map(({ result }) => (isRefusal(result) ? NaN : Math.abs(result.estimate.value)));
  const size = Math.max(...sizes);
  if (isRefusal(effect.result) || Number.isNaN(size)) return { ...effect, power: undefined };
  return { ...effect, power: interactionPower(size, effect.result.estimate.se, 1 - level) };
}

/** Chance that a two-sided z test at `alpha` in (0, 1) finds a true effect of this size; `se` > 0. */
export function interactionPower(size: number, se: number, alpha: number): number {
  const critical = normal.isf(alpha / 2);
  return Math.min(1, normal.sf(critical - size / se) + normal.sf(critical + size / se));
}

const PARAMETERS = [
  LEVEL_COUNTS,
  LEVEL,
  { name: 'weights', meaning: '`equal` or `proportional` (to recipients) for the levels averaged over' },
] as const;

export const factorialRateEffectsMethod = {
  id: 'factorial.rate_effects',
  title: 'Effects and interactions of every order on rates',
  needs: ['n', 'nonZero', 'design'],
  parameters: PARAMETERS,
  reference: 'Dasgupta, Pillai & Rubin (2015)',
  compute: (
    levelCounts: readonly number[],
    cells: readonly OutcomeSums[],
    level: number,
    weights?: EffectWeights,
  ) => factorialEffects('proportion', levelCounts, cells, level, weights),
} as const satisfies Method;

export const factorialMeanEffectsMethod = {
  id: 'factorial.mean_effects',
  title: 'Effects and interactions of every order on means',
  needs: ['n', 'sum', 'sumSquares', 'design'],
  parameters: PARAMETERS,
  reference: 'Dasgupta, Pillai & Rubin (2015)',
  compute: (
    levelCounts: readonly number[],
    cells: readonly OutcomeSums[],
    level: number,
    weights?: EffectWeights,
  ) => factorialEffects('mean', levelCounts, cells, level, weights),
} as const satisfies Method;
