/** The shapes in which reference cases give their data, and how they become ours. */
import { ArgumentError } from '../../../src/statistics/argument-error.js';
import type { Count } from '../../../src/statistics/count.js';
import { isRefusal, type Interval, type OrRefusal } from '../../../src/statistics/result.js';
import type { OutcomeSums } from '../../../src/statistics/sums.js';

export interface RawCount {
  x: number;
  n: number;
}
export interface RawSums {
  n: number;
  sum: string;
  sumsq: string;
  sumcube?: string;
}
export interface Two<T> {
  control: T;
  treatment: T;
  level: number;
}

/** A whole number, given as a number or in digits. */
export function whole(value: number | string | undefined): bigint {
  const isWhole = typeof value === 'string' ? /^-?\d+$/.test(value) : Number.isInteger(value);
  if (value === undefined || !isWhole) throw new ArgumentError('input', 'must be a whole number');
  return BigInt(value);
}

/** Lists that belong together must be of one length. */
export function sameLength(...lists: readonly (readonly unknown[])[]): void {
  if (lists.some((list) => list.length !== lists[0]?.length))
    throw new ArgumentError('input', 'must be lists of one length');
}

export function count({ x, n }: RawCount): Count {
  return { successes: whole(x), n: whole(n) };
}

export function sides(result: OrRefusal<{ interval: Interval }>): number[] | undefined {
  return isRefusal(result) ? undefined : [result.interval.lower, result.interval.upper];
}

export function testOf(
  result: OrRefusal<{ statistic: number; df: readonly number[]; p: number; logP: number }>,
): Record<string, unknown> {
  if (isRefusal(result)) return {};
  return { statistic: result.statistic, df: result.df[0], p: result.p, log_p: result.logP };
}

export function sums({ n, sum, sumsq, sumcube = '0' }: RawSums): OutcomeSums {
  return {
    n: whole(n),
    nonZero: whole(n),
    sum: whole(sum),
    sumSquares: whole(sumsq),
    sumCubes: whole(sumcube),
  };
}

export function binary({ x, n }: RawCount): OutcomeSums {
  const k = whole(x);
  return { n: whole(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}
