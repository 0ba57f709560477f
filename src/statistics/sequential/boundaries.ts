import { normal } from '../distributions/normal.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type Refusal } from '../result.js';
import { logExit, logTotal, notYetLooked, runOn, type Running } from './running.js';

/** Looks of one trial: fractions of the planned information, and the |z| that ends the trial at each. */
export interface Boundaries {
  readonly fractions: readonly number[];
  /** Infinite where nothing, or less than a double can hold, is spent. */
  readonly bounds: readonly number[];
  /** Those that come to each look, without drift; one for each look. */
  readonly arriving: readonly Running[];
}

/** Two looks closer than this share of the last information are one look. */
const LEAST_GAP = 1e-4;
const MOST_LOOKS = 100;

/** A refusal (`invalid_input`) unless the fractions ascend, and none but the last is above 1. */
export function unfitFractions(fractions: readonly number[]): Refusal | undefined {
  const count = fractions.length;
  if (count < 1 || count > MOST_LOOKS)
    return refuse('invalid_input', `There must be between 1 and ${MOST_LOOKS} looks.`);
  if (!fractions.every((t) => t > 0 && t <= 1000))
    return refuse(
      'invalid_input',
      'Information fractions must be above 0, as 0.5 for half of what was planned.',
    );
  const last = fractions.at(-1) ?? NaN;
  if (fractions.some((t, i) => i > 0 && t - (fractions[i - 1] ?? NaN) < LEAST_GAP * last))
    return refuse('invalid_input', 'Information must grow from look to look, by a ten-thousandth at least.');
  if (fractions.some((t, i) => i < count - 1 && t >= 1))
    return refuse('invalid_input', 'Only the last look may have all the planned information or more.');
  return undefined;
}

/**
 * The boundaries that spend alpha as given: `cumulative` alpha of both sides after each look. Each bound solves
 * P(first exit at look k) = what look k may spend, by Armitage, McPherson and Rowe's recursion.
 */
export function spendingBoundaries(fractions: readonly number[], cumulative: readonly number[]): Boundaries {
  return walk(fractions, (arriving, t, look) => {
    const share = ((cumulative[look] ?? 0) - (cumulative[look - 1] ?? 0)) / 2;
    return share > 1e-300 ? solveBound(arriving, t, share) : Infinity;
  });
}

/** The recursion for bounds that are known, or are found look by look from those who arrive there. */
export function walk(
  fractions: readonly number[],
  boundAt: (arriving: Running, t: number, look: number) => number,
): Boundaries {
  const bounds: number[] = [];
  const arriving: Running[] = [];
  let now = notYetLooked;
  fractions.forEach((t, look) => {
    arriving.push(now);
    const bound = boundAt(now, t, look);
    bounds.push(bound);
    const next = fractions[look + 1];
    if (next !== undefined) now = runOn(now, t, -bound, bound, next);
  });
  return { fractions, bounds, arriving };
}

/** z > 0 with P(run up to now, then Z(t) > z) = share. */
function solveBound(arriving: Running, t: number, share: number): number {
  // As if nobody had left yet: exact at the first look, too high later, and by next to nothing where share is tiny.
  const highest = normal.isf(share);
  if (arriving === notYetLooked) return highest;
  const target = Math.log(share);
  return findRoot((z) => logExit(arriving, t, z, 1, 0) - target, 0, highest * (1 + 1e-9));
}

/** Probability of ending at each look, on both sides together, with drift δ. */
export function exitProbabilities({ fractions, bounds, arriving }: Boundaries, drift: number): number[] {
  return arriving.map((running, k) => {
    const [t, bound] = [fractions[k] ?? NaN, bounds[k] ?? NaN];
    return Math.exp(logTotal([logExit(running, t, bound, 1, drift), logExit(running, t, -bound, -1, drift)]));
  });
}
