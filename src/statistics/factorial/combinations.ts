/** Every combination of levels, row-major, first factor slowest: the order of the cells. */
export function combinations(levelCounts: readonly number[]): number[][] {
  return levelCounts.reduce<number[][]>(
    (rows, count) => rows.flatMap((row) => Array.from({ length: count }, (_, level) => [...row, level])),
    [[]],
  );
}
