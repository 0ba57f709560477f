import { type CellSums, cellSumNames } from '../engagement/cell-sums.js';
import { type Cell, cellKey } from '../engagement/cells.js';

/**
 * What is different between cells that were made and those that are stored, as sentences. A cell of nothing but zeros is no
 * cell.
 */
export function cellDifferences(made: ReadonlyMap<string, Cell>, cells: readonly Cell[]): string[] {
  const known = new Map(cells.map((cell) => [cellKey(cell), cell]));
  const differences: string[] = [];
  for (const key of new Set([...made.keys(), ...known.keys()])) {
    const [stored, remade] = [known.get(key)?.sums, made.get(key)?.sums];
    if (stored && remade && cellSumNames.every((name) => stored[name] === remade[name])) continue;
    const [before, after] = [sumsText(stored), sumsText(remade)];
    if (before !== after) differences.push(`cell ${key}: ${before} should be ${after}`);
  }
  return differences;
}

function sumsText(sums: CellSums | undefined): string {
  if (!sums) return 'nothing';
  const some = cellSumNames.filter((name) => sums[name] !== 0n);
  return some.length === 0 ? 'nothing' : some.map((name) => `${name} ${sums[name]}`).join(', ');
}
