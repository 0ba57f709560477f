import { ratio } from './numerics/ratio.js';
import { refuse, type OrRefusal, type Refusal } from './result.js';

/**
 * Exact sums of one outcome over a group of recipients: the only form in which data reach a test.
 * Outcomes are integers (counts, or money in minor units), so the sums are exact and add up over days,
 * cohorts and arms; doubles appear only at the last step.
 */
export interface OutcomeSums {
  /** Recipients. */
  readonly n: bigint;
  /** Recipients with an outcome other than zero. */
  readonly nonZero: bigint;
  /** Σy. */
  readonly sum: bigint;
  /** Σy². */
  readonly sumSquares: bigint;
  /** Σy³. */
  readonly sumCubes: bigint;
}

export const emptySums: OutcomeSums = { n: 0n, nonZero: 0n, sum: 0n, sumSquares: 0n, sumCubes: 0n };

/** The sums of two groups without a common recipient. */
export function addSums(a: OutcomeSums, b: OutcomeSums): OutcomeSums {
  return {
    n: a.n + b.n,
    nonZero: a.nonZero + b.nonZero,
    sum: a.sum + b.sum,
    sumSquares: a.sumSquares + b.sumSquares,
    sumCubes: a.sumCubes + b.sumCubes,
  };
}

/** The sums of a single recipient with outcome `y`. */
export function sumsOf(y: bigint): OutcomeSums {
  return { n: 1n, nonZero: y === 0n ? 0n : 1n, sum: y, sumSquares: y * y, sumCubes: y * y * y };
}

/** Sums as a database writes them: whole numbers in decimal digits. */
export type SumsText = { readonly [K in keyof OutcomeSums]: string };

/**
 * Reads sums from decimal strings. Refuses (`invalid_input`) anything but whole numbers, and sums that no
 * integer outcomes can have.
 */
export function parseSums(text: SumsText): OrRefusal<OutcomeSums> {
  for (const [name, value] of Object.entries(text)) {
    if (!/^-?\d+$/.test(value)) return refuse('invalid_input', `The sum "${name}" is not a whole number.`);
  }
  const sums: OutcomeSums = {
    n: BigInt(text.n),
    nonZero: BigInt(text.nonZero),
    sum: BigInt(text.sum),
    sumSquares: BigInt(text.sumSquares),
    sumCubes: BigInt(text.sumCubes),
  };
  return impossibleSums(sums) ?? sums;
}

/**
 * A refusal (`invalid_input`) if no outcomes can have these sums: 0 <= nonZero <= n and, by Cauchy and Schwarz,
 * (Σy)² <= nonZero · Σy² <= n · Σy².
 */
export function impossibleSums(sums: OutcomeSums): Refusal | undefined {
  const { n, nonZero, sum, sumSquares, sumCubes } = sums;
  if (n < 0n || nonZero < 0n || nonZero > n) {
    return refuse('invalid_input', 'More recipients have an outcome than there are recipients.');
  }
  if (sumSquares < 0n || nonZero * sumSquares < sum * sum) {
    return refuse('invalid_input', 'The sum of squares is smaller than the sum allows.');
  }
  if (nonZero === 0n && (sumSquares !== 0n || sumCubes !== 0n)) {
    return refuse('invalid_input', 'The sums are not zero although no recipient has an outcome.');
  }
  return undefined;
}

/** Σy / n, rounded once. Needs n >= 1. */
export function mean(sums: OutcomeSums): number {
  return ratio(sums.sum, sums.n);
}

/** Sample variance (nΣy² - (Σy)²) / (n (n - 1)); the difference is taken exactly and rounded once. Needs n >= 2. */
export function variance(sums: OutcomeSums): number {
  return ratio(spread(sums), sums.n * (sums.n - 1n));
}

/** Squared standard error of the mean, s² / n, rounded once. Needs n >= 2. */
export function meanVariance(sums: OutcomeSums): number {
  return ratio(spread(sums), sums.n * sums.n * (sums.n - 1n));
}

/**
 * Skewness m3 / m2^1.5 with population moments. The third central moment is exact before it is rounded.
 * Needs at least two different outcomes.
 */
export function skewness(sums: OutcomeSums): number {
  const { n, sum, sumSquares, sumCubes } = sums;
  const third = n * n * sumCubes - 3n * n * sum * sumSquares + 2n * sum ** 3n;
  const second = spread(sums);
  return ratio(third, second) / Math.sqrt(Number(second));
}

/** n² times the population variance, exactly. */
function spread({ n, sum, sumSquares }: OutcomeSums): bigint {
  return n * sumSquares - sum * sum;
}
