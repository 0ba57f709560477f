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

/** What a mean and its variance are made of. */
export type Moments = Pick<OutcomeSums, 'n' | 'sum' | 'sumSquares'>;

export const emptySums: OutcomeSums = Object.freeze({
  n: 0n,
  nonZero: 0n,
  sum: 0n,
  sumSquares: 0n,
  sumCubes: 0n,
});

/** The sums of two groups without a common recipient. */
export function addSums(a: OutcomeSums, b: OutcomeSums): OutcomeSums {
  return Object.freeze({
    n: a.n + b.n,
    nonZero: a.nonZero + b.nonZero,
    sum: a.sum + b.sum,
    sumSquares: a.sumSquares + b.sumSquares,
    sumCubes: a.sumCubes + b.sumCubes,
  });
}

/** The sums of a single recipient with outcome `y`. */
export function sumsOf(y: bigint): OutcomeSums {
  const square = y * y;
  return Object.freeze({
    n: 1n,
    nonZero: y === 0n ? 0n : 1n,
    sum: y,
    sumSquares: square,
    sumCubes: square * y,
  });
}

/** Sums as a database writes them: decimal digits, or big integers. */
export type WrittenSums = { readonly [K in keyof OutcomeSums]: bigint | string };

/** The fields of `OutcomeSums`, in the order of its declaration. */
const FIELDS = ['n', 'nonZero', 'sum', 'sumSquares', 'sumCubes'] as const;

/**
 * Frozen sums from big integers or decimal strings. Refuses (`invalid_input`) anything but whole numbers, and sums
 * that no whole-number outcomes can have (`impossibleWholeSums`).
 */
export function outcomeSums(parts: WrittenSums): OrRefusal<OutcomeSums> {
  const read: Partial<Record<keyof OutcomeSums, bigint>> = {};
  for (const name of FIELDS) {
    const value = wholeNumber(parts[name]);
    if (value === undefined) return refuse('invalid_input', `The sum "${name}" is not a whole number.`);
    read[name] = value;
  }
  const sums = Object.freeze(read as OutcomeSums);
  return impossibleWholeSums(sums) ?? sums;
}

/** A big integer, or the one that decimal digits with an optional minus sign stand for. */
export function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

/**
 * A refusal (`invalid_input`) if no whole-number outcomes can have these sums. Beyond `impossibleSums`: y² ≡ y (mod 2)
 * and y³ ≡ y (mod 6) hold for every whole number, hence for sums; every outcome but zero adds at least 1 to Σy²; and
 * (Σy³)² <= (Σy²)³. Methods do not ask this, because they serve sums in any unit.
 */
export function impossibleWholeSums(sums: OutcomeSums): Refusal | undefined {
  const { nonZero, sum, sumSquares, sumCubes } = sums;
  const impossible = impossibleSums(sums);
  if (impossible) return impossible;
  if ((sumSquares - sum) % 2n !== 0n || (sumCubes - sum) % 6n !== 0n) {
    return refuse('invalid_input', 'Whole numbers with this sum have other sums of squares or cubes.');
  }
  if (sumSquares < nonZero || sumSquares < smallestSumSquares(nonZero, sum)) {
    return refuse('invalid_input', 'The sum of squares is smaller than whole numbers allow.');
  }
  const cubesAllowed = sumSquares === sum ? sumCubes === sum : sumCubes ** 2n <= sumSquares ** 3n;
  if (!cubesAllowed) return refuse('invalid_input', 'The sum of cubes does not go with the sum of squares.');
  return undefined;
}

/** The smallest Σy² of `count` whole numbers that add up to `sum`: all of them next to their mean. */
export function smallestSumSquares(count: bigint, sum: bigint): bigint {
  if (count === 0n) return 0n;
  const size = sum < 0n ? -sum : sum;
  const floor = size / count;
  // (|y| - k)(|y| - k - 1) >= 0 for whole k, summed.
  return (2n * floor + 1n) * size - floor * (floor + 1n) * count;
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

/**
 * A refusal for an arm without recipients (`empty_arm`), or with a single one, whose spread nobody knows (`too_few`).
 */
export function unknownSpread({ n }: { readonly n: bigint | number }): Refusal | undefined {
  if (n < 1) return refuse('empty_arm', 'An arm has no recipients.');
  if (n < 2) return refuse('too_few', 'An arm has only one recipient, so its spread is unknown.');
  return undefined;
}

/** The refusal where numbers leave the range of doubles. */
export const tooLarge: Refusal = refuse('invalid_input', 'The outcomes are too large to compute with.');

/** Σy / n, rounded once. Needs n >= 1. */
export function mean(sums: Pick<OutcomeSums, 'n' | 'sum'>): number {
  return ratio(sums.sum, sums.n);
}

/** Σ(y - ȳ)², rounded once. Needs n >= 1. */
export function squaredDeviations(sums: Moments): number {
  return ratio(spread(sums), sums.n);
}

/** Sample variance (nΣy² - (Σy)²) / (n (n - 1)); the difference is taken exactly and rounded once. Needs n >= 2. */
export function variance(sums: Moments): number {
  return ratio(spread(sums), sums.n * (sums.n - 1n));
}

/** Squared standard error of the mean, s² / n, rounded once. Needs n >= 2. */
export function meanVariance(sums: Moments): number {
  return ratio(spread(sums), sums.n * sums.n * (sums.n - 1n));
}

/**
 * Squared standard error of the logarithm of the mean by the delta method, s² / (n ȳ²), rounded once. Needs n >= 2, Σy
 * ≠ 0.
 */
export function logMeanVariance(sums: Moments): number {
  return ratio(spread(sums), (sums.n - 1n) * sums.sum * sums.sum);
}

/**
 * Skewness m3 / m2^1.5 with population moments. The third central moment is exact before it is rounded.
 * Needs at least two different outcomes.
 */
export function skewness(sums: OutcomeSums): number {
  const second = spread(sums);
  return ratio(thirdSpread(sums), second) / Math.sqrt(Number(second));
}

/** Third central moment of the mean, m3 / n², rounded once. Needs n >= 1. */
export function meanThirdMoment(sums: OutcomeSums): number {
  return ratio(thirdSpread(sums), sums.n ** 5n);
}

/** n³ times the third central moment, exactly. */
function thirdSpread({ n, sum, sumSquares, sumCubes }: OutcomeSums): bigint {
  return n * n * sumCubes - 3n * n * sum * sumSquares + 2n * sum ** 3n;
}

/** n² times the population variance, exactly. */
function spread({ n, sum, sumSquares }: Moments): bigint {
  return n * sumSquares - sum * sum;
}
