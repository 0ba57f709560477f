import { seededRandom, shuffled } from '../evaluation/random.js';

/** `even-odd`: rows 0, 2, 4, … of the file to learn from, the others to measure on. `random`: half of them drawn from a seed. */
export type FileSplit = 'even-odd' | 'random';

export const splitNotes: Readonly<Record<FileSplit, string>> = {
  'even-odd': 'rows 0, 2, 4, … of the file to learn from, rows 1, 3, 5, … to measure on',
  random: 'half of the rows drawn from the seed to learn from, the others to measure on',
};

/** For each row whether it is to learn from. */
export function learningRows(split: FileSplit, rows: number, seed: string): Uint8Array {
  const learns = new Uint8Array(rows);
  if (split === 'even-odd') return learns.map((_, row) => (row % 2 === 0 ? 1 : 0));
  for (const row of shuffled(rows, seededRandom(`${seed}:split`)).subarray(0, Math.ceil(rows / 2)))
    learns[row] = 1;
  return learns;
}
