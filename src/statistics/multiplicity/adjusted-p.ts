import type { Parameter } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';

/** p-values corrected for the number of tests, in the order in which they were given. */
export interface AdjustedPs {
  readonly p: readonly number[];
  /** Natural logarithms of the same, which still rank where `p` underflows to 0. */
  readonly logP: readonly number[];
}

export const PLANNED: Parameter = {
  name: 'planned',
  meaning: 'number of tests planned, those included that were refused',
};

/**
 * A whole refusal (`invalid_input`) if a p-value is missing, or more tests were made than planned. To drop the missing
 * one would make all others too small.
 */
export function adjustWith(
  logPs: readonly number[],
  planned: number,
  adjust: (logPs: readonly number[], planned: number) => number[],
): OrRefusal<AdjustedPs> {
  if (!logPs.every((logP) => logP <= 0)) {
    return refuse('invalid_input', 'logPs: every p-value must be there, as a logarithm of at most 0.');
  }
  if (!Number.isSafeInteger(planned) || planned < logPs.length) {
    return refuse('invalid_input', 'planned must be a whole number, at least the number of p-values.');
  }
  const logP = adjust(logPs, planned).map((value) => Math.min(0, value));
  return { p: logP.map(Math.exp), logP };
}

/**
 * From the smallest p-value to the largest, each corrected for its rank (0 for the smallest) and none below the one
 * before it.
 */
export function stepDown(logPs: readonly number[], corrected: (logP: number, rank: number) => number) {
  const adjusted = [...logPs];
  let highest = -Infinity;
  ascending(logPs).forEach((index, rank) => {
    highest = Math.max(highest, corrected(logPs[index] ?? NaN, rank));
    adjusted[index] = highest;
  });
  return adjusted;
}

/** From the largest p-value to the smallest, each corrected for its rank and none above the one before it. */
export function stepUp(logPs: readonly number[], corrected: (logP: number, rank: number) => number) {
  const adjusted = [...logPs];
  let lowest = 0;
  const order = ascending(logPs);
  for (let rank = order.length - 1; rank >= 0; rank -= 1) {
    const index = order[rank] ?? -1;
    lowest = Math.min(lowest, corrected(logPs[index] ?? NaN, rank));
    adjusted[index] = lowest;
  }
  return adjusted;
}

/** Indices from the smallest value to the largest; of equal values the first comes first. */
function ascending(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((i, j) => compare(values[i] ?? NaN, values[j] ?? NaN));
}

/** Subtracting would make NaN of two logarithms of -Infinity. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
