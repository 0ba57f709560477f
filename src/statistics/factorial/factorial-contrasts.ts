/** A question to a full factorial experiment, as coefficients of its cells. */
export interface FactorialContrast {
  readonly kind: 'main' | 'interaction' | 'simple';
  /** The factors whose levels are compared: one, or two for an interaction. */
  readonly factors: readonly number[];
  /** The non-baseline level of each factor in `factors`. */
  readonly levels: readonly number[];
  /** Simple effects only: the level of every factor; the varied one's entry is the non-baseline level. */
  readonly at?: readonly number[];
  /** One per cell, row-major with the first factor slowest. */
  readonly coefficients: readonly number[];
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
  if (levelCounts.some((count) => !Number.isInteger(count) || count < 2)) return [];
  const cells = combinations(levelCounts);
  return [
    ...mainEffects(levelCounts, cells),
    ...interactions(levelCounts, cells),
    ...simpleEffects(levelCounts, cells),
  ];
}

/**
 * Coefficients of all interactions of three or more factors: whether effects of one and of two factors suffice. A set of
 * factors and non-baseline levels is the product of their differences, averaged over the other factors with equal
 * weights. None for fewer than three factors.
 */
export function higherOrderRows(levelCounts: readonly number[]): number[][] {
  if (levelCounts.some((count) => !Number.isInteger(count) || count < 2)) return [];
  const cells = combinations(levelCounts);
  // Level 0 stands for a factor that is averaged over.
  const chosen = cells.filter((levels) => levels.filter((level) => level > 0).length >= 3);
  return chosen.map((levels) => {
    const others = levels.reduce((n, level, f) => (level > 0 ? n : n * (levelCounts[f] ?? 1)), 1);
    const signs = (cell: readonly number[]) =>
      levels.reduce((product, level, f) => (level > 0 ? product * sign(cell[f], level) : product), 1);
    return cells.map((cell) => signs(cell) / others);
  });
}

/** Every combination of levels, row-major, first factor slowest: the order of the cells. */
export function combinations(levelCounts: readonly number[]): number[][] {
  return levelCounts.reduce<number[][]>(
    (rows, count) => rows.flatMap((row) => Array.from({ length: count }, (_, level) => [...row, level])),
    [[]],
  );
}

function mainEffects(levelCounts: readonly number[], cells: readonly number[][]): FactorialContrast[] {
  return levelCounts.flatMap((count, factor) =>
    nonBaseline(count).map((level): FactorialContrast => {
      const others = cells.length / count;
      const coefficients = cells.map((cell) => sign(cell[factor], level) / others);
      return { kind: 'main', factors: [factor], levels: [level], coefficients };
    }),
  );
}

function interactions(levelCounts: readonly number[], cells: readonly number[][]): FactorialContrast[] {
  return levelCounts.flatMap((countA, a) =>
    levelCounts.slice(a + 1).flatMap((countB, offset) => {
      const b = a + 1 + offset;
      const others = cells.length / (countA * countB);
      return combinations([countA - 1, countB - 1]).map(([i = 0, j = 0]): FactorialContrast => {
        const levels = [i + 1, j + 1];
        const coefficients = cells.map((cell) => (sign(cell[a], i + 1) * sign(cell[b], j + 1)) / others);
        return { kind: 'interaction', factors: [a, b], levels, coefficients };
      });
    }),
  );
}

function simpleEffects(levelCounts: readonly number[], cells: readonly number[][]): FactorialContrast[] {
  if (levelCounts.length < 2) return [];
  return levelCounts.flatMap((_, factor) =>
    cells
      .filter((at) => at[factor] !== 0)
      .map((at): FactorialContrast => {
        const level = at[factor] ?? 0;
        const alike = (cell: readonly number[]) => cell.every((value, i) => i === factor || value === at[i]);
        const coefficients = cells.map((cell) => (alike(cell) ? sign(cell[factor], level) : 0));
        return { kind: 'simple', factors: [factor], levels: [level], at, coefficients };
      }),
  );
}

function nonBaseline(count: number): number[] {
  return Array.from({ length: count - 1 }, (_, i) => i + 1);
}

/** +1 at the level, -1 at the baseline, 0 elsewhere. */
function sign(value: number | undefined, level: number): number {
  return value === level ? 1 : value === 0 ? -1 : 0;
}
