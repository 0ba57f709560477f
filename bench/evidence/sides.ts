import type { Chance } from './chance.js';
import { counted, type Row } from './study.js';

/** The columns of `sideRows`. */
export const SIDES_AND_NONE = ['lies too high (2.5 %)', 'too low (2.5 %)', 'no interval'] as const;

export type Ends = readonly [number, number];

/** What an interval is for: the ends that one run gives it, and the truth. */
export interface Aim {
  readonly method: string;
  readonly truth: number;
}

/**
 * Draws experiments and counts on which side intervals miss the truth, of the runs that have one.
 *
 * @param ends of one run: those of each aim, in their order; undefined where it is refused.
 */
export function sideRows(
  condition: string,
  aims: readonly Aim[],
  ends: (random: Chance, run: number) => readonly (Ends | undefined)[],
  runs: number,
  random: Chance,
): Row[] {
  const tallies = aims.map(() => ({ high: 0, low: 0, none: 0 }));
  for (let run = 0; run < runs; run += 1) {
    const found = ends(random, run);
    for (const [i, tally] of tallies.entries()) {
      const [interval, truth] = [found[i], aims[i]?.truth ?? NaN];
      if (!interval) tally.none += 1;
      else if (interval[0] > truth) tally.high += 1;
      else if (interval[1] < truth) tally.low += 1;
    }
  }
  return aims.map(({ method }, i) => {
    const { high = 0, low = 0, none = 0 } = tallies[i] ?? {};
    const known = runs - none;
    return { condition, method, observed: [counted(high, known), counted(low, known), counted(none, runs)] };
  });
}
