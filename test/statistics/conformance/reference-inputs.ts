/** The shapes in which reference cases give their data, and how they become ours. */
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

export function count({ x, n }: RawCount): Count {
  return { successes: BigInt(x), n: BigInt(n) };
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
    n: BigInt(n),
    nonZero: BigInt(n),
    sum: BigInt(sum),
    sumSquares: BigInt(sumsq),
    sumCubes: BigInt(sumcube),
  };
}

export function binary({ x, n }: RawCount): OutcomeSums {
  const k = BigInt(x);
  return { n: BigInt(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}
