import { combinations } from './combinations.js';
import { designTerms } from './design.js';
import { effectRows, equalShares, signAt, type EffectRow } from './effect-rows.js';

/** A question to a full factorial experiment, as coefficients of its cells. */
export interface FactorialContrast extends EffectRow {
  readonly kind: 'main' | 'interaction' | 'simple';
  /** Simple effects only: the level of every factor; the varied one's entry is the non-baseline level. */
  readonly at?: readonly number[];
}

/**
 * The contrasts of a full factorial with the given number of levels per factor; level 0 is each factor's baseline and
 * cells are row-major, first factor slowest.
 * - main: a level against the baseline level, averaged over the other factors with equal weights;
 * - interaction: the difference of two such differences, for every pair of factors and of non-baseline levels;
 * - simple: a level against the baseline level at one combination of the other factors (none for a single factor,
 *   where it would be the main effect again).
 * Searle, Speed & Milliken (1980); Dasgupta, Pillai & Rubin (2015). Empty for a factor with fewer than two levels.
 */
export function factorialContrasts(levelCounts: readonly number[]): FactorialContrast[] {
  if (!levelCounts.every(canBeCompared)) return [];
  const averaged = designTerms(levelCounts.length, Math.min(2, levelCounts.length)).flatMap((factors) =>
    averagedRows(levelCounts, factors).map((row): FactorialContrast => {
      return { kind: factors.length === 1 ? 'main' : 'interaction', ...row };
    }),
  );
  return [...averaged, ...simpleEffects(levelCounts)];
}

/**
 * Coefficients of all interactions of three or more factors: whether effects of one and of two factors suffice. None
 * for fewer than three factors.
 */
export function higherOrderRows(levelCounts: readonly number[]): number[][] {
  if (!levelCounts.every(canBeCompared)) return [];
  const terms = designTerms(levelCounts.length, levelCounts.length).filter((factors) => factors.length >= 3);
  return terms.flatMap((factors) => averagedRows(levelCounts, factors).map((row) => [...row.coefficients]));
}

function canBeCompared(count: number): boolean {
  return Number.isInteger(count) && count >= 2;
}

function averagedRows(levelCounts: readonly number[], factors: readonly number[]): EffectRow[] {
  return effectRows(levelCounts, factors, equalShares(levelCounts, factors));
}

function simpleEffects(levelCounts: readonly number[]): FactorialContrast[] {
  if (levelCounts.length < 2) return [];
  const cells = combinations(levelCounts);
  return levelCounts.flatMap((_, factor) =>
    cells
      .filter((at) => at[factor] !== 0)
      .map((at): FactorialContrast => {
        const level = at[factor] ?? 0;
        const alike = (cell: readonly number[]) => cell.every((value, i) => i === factor || value === at[i]);
        const coefficients = cells.map((cell) => (alike(cell) ? signAt(cell[factor], level) : 0));
        return { kind: 'simple', factors: [factor], levels: [level], at, coefficients };
      }),
  );
}
