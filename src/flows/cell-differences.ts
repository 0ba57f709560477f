import { type CellSums, cellSumNames } from '../engagement/cell-sums.js';
import { type Cell, cellKey } from '../engagement/cells.js';

/** What is different between cells and those that are stored, as sentences. A cell of nothing but zeros is no cell. */
export function cellDifferences(made: ReadonlyMap<string, Cell>, stored: readonly Cell[]): string[] {
  const known = new Map(stored.map((cell) => [cellKey(cell), cell]));
  const differences: string[] = [];
  for (const key of new Set([...made.keys(), ...known.keys()])) {
    const before = sumsText(known.get(key)?.sums);
    const after = sumsText(made.get(key)?.sums);
    if (before !== after) differences.push(`cell ${key}: ${before} should be ${after}`);
  }
  return differences;
}

function sumsText(sums: CellSums | undefined): string {
  if (!sums) return 'nothing';
  const some = cellSumNames.filter((name) => sums[name] !== 0n);
  return some.length === 0 ? 'nothing' : some.map((name) => `${name} ${sums[name]}`).join(', ');
}
