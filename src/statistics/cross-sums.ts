import { ArgumentError } from './argument-error.js';
import { exactInverse } from './numerics/exact-inverse.js';
import { ratio } from './numerics/ratio.js';
import { refuse, type OrRefusal, type Refusal } from './result.js';
import { smallestSumSquares, wholeNumber, type Moments } from './sums.js';

/**
 * Exact sums of several whole-number outcomes per recipient and of their products. Index 0 is the outcome itself, then
 * come denominators or covariates, as the method says. Like `OutcomeSums` they add up over days, cohorts and arms.
 */
export interface CrossSums {
  /** Recipients. */
  readonly n: bigint;
  /** Σ of every outcome. */
  readonly sums: readonly bigint[];
  /** The lower triangle: products[i][j] is Σ of outcome i times outcome j, j <= i. */
  readonly products: readonly (readonly bigint[])[];
}

/** Cross sums as a database writes them: whole numbers in decimal digits. */
export interface CrossSumsText {
  readonly n: string;
  readonly sums: readonly string[];
  readonly products: readonly (readonly string[])[];
}

/** More outcomes per recipient than this are refused. */
export const MOST_OUTCOMES = 12;

/** The cross sums of nobody. */
export function emptyCrossSums(outcomes: number): CrossSums {
  const sums = Array.from({ length: outcomes }, () => 0n);
  return frozen(
    0n,
    sums,
    sums.map((_, i) => sums.slice(0, i + 1)),
  );
}

/** The cross sums of a single recipient with these outcomes. */
export function crossSumsOf(values: readonly bigint[]): CrossSums {
  return frozen(
    1n,
    [...values],
    values.map((a, i) => values.slice(0, i + 1).map((b) => a * b)),
  );
}

/** The cross sums of two groups without a common recipient; both must have equally many outcomes. */
export function addCrossSums(a: CrossSums, b: CrossSums): CrossSums {
  if (a.sums.length !== b.sums.length) {
    throw new ArgumentError('b', 'must have as many outcomes as what it is added to');
  }
  return frozen(
    a.n + b.n,
    a.sums.map((sum, i) => sum + (b.sums[i] ?? 0n)),
    a.products.map((row, i) => row.map((value, j) => value + product(b, i, j))),
  );
}

/**
 * Frozen cross sums from big integers or decimal strings. Refuses (`invalid_input`) anything but whole numbers, a
 * triangle that does not fit, and sums that no whole-number outcomes can have.
 */
export function crossSums(parts: CrossSums | CrossSumsText): OrRefusal<CrossSums> {
  const n = wholeNumber(parts.n);
  const sums = parts.sums.map(wholeNumber);
  const products = parts.products.map((row) => row.map(wholeNumber)).filter(allWhole);
  if (n === undefined || !allWhole(sums) || products.length !== parts.products.length) {
    return refuse('invalid_input', 'A sum is not a whole number.');
  }
  const made = frozen(n, sums, products);
  return impossibleCrossSums(made) ?? impossibleWholeCrossSums(made) ?? made;
}

/**
 * A refusal (`invalid_input`) if no outcomes, in whatever unit, can have these sums: the exact matrix n Σab - Σa Σb
 * must be positive semi-definite, which contains Cauchy's and Schwarz's inequality for every pair.
 */
export function impossibleCrossSums(cross: CrossSums): Refusal | undefined {
  const { n, sums, products } = cross;
  const size = sums.length;
  if (size === 0 || size > MOST_OUTCOMES) {
    return refuse('invalid_input', `Between one and ${MOST_OUTCOMES} outcomes per recipient can be summed.`);
  }
  if (products.length !== size || products.some((row, i) => row.length !== i + 1)) {
    return refuse('invalid_input', 'The sums of products must be the lower triangle of a square.');
  }
  if (n < 0n) return refuse('invalid_input', 'The number of recipients is below zero.');
  const empty = n === 0n;
  if (empty && (sums.some((sum) => sum !== 0n) || products.some((row) => row.some((sum) => sum !== 0n)))) {
    return refuse('invalid_input', 'The sums are not zero although there is no recipient.');
  }
  const centred = sums.map((_, i) => sums.map((__, j) => centredProduct(cross, i, j)));
  if (exactInverse(centred)) return undefined;
  return refuse('invalid_input', 'The sums of products are smaller or larger than the sums allow.');
}

/** Σa² and Σa of whole numbers are both even or both odd, and Σa² is at least what values next to their mean have. */
function impossibleWholeCrossSums(cross: CrossSums): Refusal | undefined {
  const fits = cross.sums.every((sum, i) => {
    const squares = product(cross, i, i);
    return (squares - sum) % 2n === 0n && squares >= smallestSumSquares(cross.n, sum);
  });
  return fits
    ? undefined
    : refuse('invalid_input', 'Whole numbers with these sums have other sums of squares.');
}

/** Σ of outcome i times outcome j. */
export function product({ products }: CrossSums, i: number, j: number): bigint {
  return products[Math.max(i, j)]?.[Math.min(i, j)] ?? 0n;
}

/** n Σab - Σa Σb, exactly: n (n - 1) times the sample covariance of outcomes i and j. */
export function centredProduct(cross: CrossSums, i: number, j: number): bigint {
  return cross.n * product(cross, i, j) - (cross.sums[i] ?? 0n) * (cross.sums[j] ?? 0n);
}

/** Sample covariance of outcomes i and j, rounded once. Needs n >= 2. */
export function covariance(cross: CrossSums, i: number, j: number): number {
  return ratio(centredProduct(cross, i, j), cross.n * (cross.n - 1n));
}

/** Recipients, sum and sum of squares of one outcome, as `mean`, `variance` and `meanVariance` take them. */
export function momentsOf(cross: CrossSums, outcome: number): Moments {
  return Object.freeze({
    n: cross.n,
    sum: cross.sums[outcome] ?? 0n,
    sumSquares: product(cross, outcome, outcome),
  });
}

function allWhole(values: (bigint | undefined)[]): values is bigint[] {
  return values.every((value) => value !== undefined);
}

function frozen(n: bigint, sums: readonly bigint[], products: readonly (readonly bigint[])[]): CrossSums {
  for (const row of products) Object.freeze(row);
  return Object.freeze({ n, sums: Object.freeze(sums), products: Object.freeze(products) });
}
