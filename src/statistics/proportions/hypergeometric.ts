import type { Count } from '../count.js';
import { stirlingError } from '../distributions/stirling-error.js';
import { tableDeviance } from './table-deviance.js';

/**
 * Two arms with all margins held: given that `total` of the n + m recipients did it, x of them are among the n of this
 * arm. All whole numbers up to 2^53.
 */
export interface Split {
  readonly x: number;
  readonly n: number;
  readonly m: number;
  readonly total: number;
}

/** The split as the arm `of` sees it. */
export function splitOf(of: Count, other: Count): Split {
  const total = of.successes + other.successes;
  return { x: Number(of.successes), n: Number(of.n), m: Number(other.n), total: Number(total) };
}

/** The same table as the other arm sees it: what lies below there lies above here. */
export function seenFromOther({ x, n, m, total }: Split): Split {
  return { x: total - x, n: m, m: n, total };
}

/** Where the expected count lies: the two whole numbers around it, which are equal if it is one itself. */
export function aroundMean({ n, m, total }: Split): { below: number; above: number } {
  const product = BigInt(n) * BigInt(total);
  const size = BigInt(n) + BigInt(m);
  const below = Number(product / size);
  return { below, above: product % size === 0n ? below : below + 1 };
}

/**
 * log P(X = x). Stirling's formula for the nine factorials leaves the deviance of the table from equal rates, the
 * square roots, and Stirling's errors (Loader 2000): 1e-14 of p, in arms of ten as of 1e10. Needs a possible table.
 */
export function logProbability({ x, n, m, total }: Split): number {
  const size = n + m;
  if (total === 0 || total === size) return 0;
  const margins = [n, m, total, size - total];
  const cells = [x, n - x, total - x, m - total + x];
  const arms = [
    { successes: BigInt(x), n: BigInt(n) },
    { successes: BigInt(total - x), n: BigInt(m) },
  ];
  const roots = sum(margins.map(logRootAndError)) - sum(cells.map(logRootAndError)) - logRootAndError(size);
  return roots - tableDeviance(arms);
}

/** log k! - (k log k - k) */
function logRootAndError(k: number): number {
  return k === 0 ? 0 : 0.5 * Math.log(2 * Math.PI * k) + stirlingError(k);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * P(X > x) / P(X = x) by the ratio of neighbouring tables, until they no longer count. Needs x at or above the mean.
 */
function tablesAbove({ x, n, m, total }: Split): number {
  let result = 0;
  let term = 1;
  for (let k = x; ; k += 1) {
    term *= ((n - k) / (k + 1)) * ((total - k) / (m - total + k + 1));
    const next = result + term;
    if (next === result) return result;
    result = next;
  }
}

/** Σ P(X = k) / P(X = x) over k = x, x - 1, ..., down to `last`, by the ratio of neighbouring tables. */
export function tablesDownTo({ x, n, m, total }: Split, last: number): number {
  let result = 1;
  let term = 1;
  for (let k = x; k > last; k -= 1) {
    term *= (k / (n - k + 1)) * ((m - total + k) / (total - k + 1));
    result += term;
  }
  return result;
}

/** log P(X >= x), computed from whichever side is the smaller. */
export function logAtLeast(split: Split): number {
  if (split.x >= aroundMean(split).above) {
    return Math.min(0, logProbability(split) + Math.log1p(tablesAbove(split)));
  }
  return Math.log1p(-Math.exp(logMoreExtreme(seenFromOther(split))));
}

/** log P(X > x). Needs x at or above the mean. */
function logMoreExtreme(split: Split): number {
  return logProbability(split) + Math.log(tablesAbove(split));
}

/** log(P(X > x) + P(X = x) / 2). */
export function logMidTail(split: Split): number {
  const { x } = split;
  if (x >= aroundMean(split).above) return logProbability(split) + Math.log(0.5 + tablesAbove(split));
  return Math.log1p(-Math.exp(logMidTail(seenFromOther(split))));
}
