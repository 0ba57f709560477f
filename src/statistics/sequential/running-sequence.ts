import type { Method } from '../method.js';
import { isRefusal, refuse, type Interval, type OrRefusal } from '../result.js';

/** One look at a sequence: its interval, and the logarithm of its always-valid p-value. */
export interface SequenceLook {
  readonly interval: Interval;
  readonly logP: number;
}

/** What all looks up to one say together. */
export interface RunningLook {
  /** The effects in the intervals of all looks so far; refused once there are none. */
  readonly interval: OrRefusal<Interval>;
  /** The smallest p so far. */
  readonly p: number;
  readonly logP: number;
}

/**
 * Intervals of one confidence sequence intersected, and the smallest always-valid p, look after look: both stay valid
 * because the sequence holds at all looks together, and once "no effect" is left out it stays out. An empty
 * intersection is refused (`contradictory_looks`): either a look was unlucky, or the effect is not the same all the
 * time. Refuses `invalid_input` (different levels, lower above upper, NaN) and `too_few` (no look). Howard, Ramdas,
 * McAuliffe & Sekhon (2021), Annals of Statistics.
 */
export function runningSequence(
  looks: readonly SequenceLook[],
): OrRefusal<{ readonly looks: readonly RunningLook[] }> {
  const [first] = looks;
  if (!first) return refuse('too_few', 'There has been no look yet.');
  const { level } = first.interval;
  if (!(level > 0 && level < 1) || looks.some(({ interval }) => interval.level !== level))
    return refuse('invalid_input', 'All looks must have the same level between 0 and 1.');
  if (!looks.every(({ interval, logP }) => interval.lower <= interval.upper && logP <= 0))
    return refuse('invalid_input', 'Every look needs an interval and the logarithm of a p-value.');
  const running: RunningLook[] = [];
  let together: OrRefusal<Interval> = first.interval;
  let logP = 0;
  for (const look of looks) {
    if (!isRefusal(together)) together = intersection(together, look.interval);
    logP = Math.min(logP, look.logP);
    running.push({ interval: together, p: Math.exp(logP), logP });
  }
  return { looks: running };
}

function intersection(a: Interval, b: Interval): OrRefusal<Interval> {
  const [lower, upper] = [Math.max(a.lower, b.lower), Math.min(a.upper, b.upper)];
  if (lower <= upper) return { lower, upper, level: a.level };
  return refuse('contradictory_looks', 'No constant effect lies in the intervals of all looks so far.');
}

export const runningSequenceMethod = {
  id: 'sequential.running',
  title: 'All looks of a confidence sequence together',
  needs: ['effects', 'p_values'],
  parameters: [],
  reference: 'Howard, Ramdas, McAuliffe & Sekhon (2021)',
  compute: runningSequence,
} as const satisfies Method;
