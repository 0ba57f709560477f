import type { Arm, Factor, Level } from './experiment.js';

/** Every combination of levels, row-major, first factor slowest: the order that weights and draws rely on. */
export function armsOf(factors: readonly Pick<Factor, 'levels'>[]): Arm[] {
  let combinations: Level[][] = [[]];
  for (const factor of factors) {
    combinations = combinations.flatMap((head) => factor.levels.map((level) => [...head, level]));
  }
  return combinations.map((levels, index) => ({
    index,
    key: levels.map((level) => level.key).join('/'),
    levels,
  }));
}

/** How many arms a design has, without making them. */
export function armCount(factors: readonly { readonly levels: readonly unknown[] }[]): number {
  return factors.reduce((count, factor) => count * factor.levels.length, 1);
}

/** Level keys by factor key, as answers and reports show them. */
export function levelsByFactor(factors: readonly Factor[], arm: Arm): Record<string, string> {
  return Object.fromEntries(factors.map((factor, i) => [factor.key, arm.levels[i]?.key ?? '']));
}
