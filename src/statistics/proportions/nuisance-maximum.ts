import type { Count } from '../count.js';
import { refuse, type Refusal } from '../result.js';
import { regionProbability } from './region-probability.js';
import type { Region } from './rejection-region.js';

/** Largest product of the sizes of two arms for which all tables are looked through. */
const MOST_PAIRS = 1_000_000n;

/** A refusal (`too_many`) for arms too large for an unconditional test. */
export function tooManyPairs(control: Count, treatment: Count): Refusal | undefined {
  if (control.n * treatment.n <= MOST_PAIRS) return undefined;
  const reason = 'An unconditional exact test takes arms of at most 1,000,000 recipients multiplied.';
  return refuse('too_many', reason);
}

/**
 * The largest probability of a region over the common rate of both arms, and that rate. With the angle asin(√rate) the
 * probability has waves no narrower than a few 1/√N; the grid is eight times as fine as that, and the highest of its
 * local maxima are climbed. A region that holds a table without any, or with nothing but, successes has probability 1.
 */
export function nuisanceMaximum(region: Region): { logP: number; rate: number } {
  const { smaller, larger, upTo, from } = region;
  const holds = (outer: number, inner: number) =>
    inner <= (upTo[outer] ?? -1) || inner >= (from[outer] ?? Infinity);
  if (holds(0, 0)) return { logP: 0, rate: 0 };
  if (holds(smaller, larger)) return { logP: 0, rate: 1 };
  const probability = regionProbability(region);
  const at = (angle: number) => probability(Math.sin(angle) ** 2, Math.cos(angle) ** 2);
  const steps = Math.ceil(4 * Math.PI * Math.sqrt(smaller + larger)) + 32;
  const width = Math.PI / 2 / steps;
  const grid = Float64Array.from({ length: steps + 1 }, (_, i) =>
    i === 0 || i === steps ? -Infinity : at(i * width),
  );
  const best = { logP: -Infinity, angle: 0 };
  for (const { i, height } of highest(grid)) {
    if (height < best.logP - 1e-3) break;
    const { angle, logP } = climb(at, (i - 1) * width, (i + 1) * width);
    if (logP > best.logP) Object.assign(best, { angle, logP });
  }
  return { logP: Math.min(0, best.logP), rate: Math.sin(best.angle) ** 2 };
}

/** How many local maxima of the grid are climbed at most. */
const CLIMBED = 8;

interface Peak {
  /** Place in the grid. */
  readonly i: number;
  readonly height: number;
}

/** The local maxima of the grid that can be the largest, by the parabola through each and its neighbours. */
function highest(grid: Float64Array): Peak[] {
  const peaks: Peak[] = [];
  for (let i = 1; i < grid.length - 1; i += 1) {
    const [left, middle, right] = [grid[i - 1] ?? 0, grid[i] ?? 0, grid[i + 1] ?? 0];
    if (middle < left || middle < right) continue;
    const bend = left - 2 * middle + right;
    const rise = bend < 0 && bend > -Infinity ? -((left - right) ** 2) / (8 * bend) : 0;
    peaks.push({ i, height: middle + rise });
  }
  return peaks.toSorted((a, b) => b.height - a.height).slice(0, CLIMBED);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Golden section search; at a maximum the height is known to twice as many digits as the place. */
function climb(at: (angle: number) => number, from: number, to: number): { angle: number; logP: number } {
  let [low, high] = [from, to];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atA, atB] = [at(a), at(b)];
  while (high - low > 1e-6 * (to - from)) {
    if (atA > atB) {
      [high, b, atB] = [b, a, atA];
      a = high - GOLDEN * (high - low);
      atA = at(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + GOLDEN * (high - low);
      atB = at(b);
    }
  }
  return atA > atB ? { angle: a, logP: atA } : { angle: b, logP: atB };
}
