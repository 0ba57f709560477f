import type { Arm, Factor } from './experiment.js';

/** One of each list, in every combination, the first list slowest. */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>(
    (heads, list) => heads.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

/** Every combination of levels, row-major, first factor slowest: the order that weights and draws rely on. */
export function armsOf(factors: readonly Pick<Factor, 'levels'>[]): Arm[] {
  return combinations(factors.map((factor) => factor.levels)).map((levels, index) => ({
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
