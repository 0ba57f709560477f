import type { CrossSums } from '../statistics/cross-sums.js';
import type { OutcomeSums } from '../statistics/sums.js';

/**
 * All exact sums of one metric over a group of recipients: of the outcome y (cut at its cap), the denominator d and the
 * covariate x, with their products. Where a metric has no denominator or covariate, those sums are 0.
 */
export interface CellSums extends OutcomeSums {
  readonly sumD: bigint;
  readonly sumDD: bigint;
  readonly sumYD: bigint;
  readonly sumX: bigint;
  readonly sumXX: bigint;
  readonly sumYX: bigint;
  readonly sumDX: bigint;
  /** Recipients whose outcome was cut at the cap. */
  readonly capped: bigint;
  /** What was cut off, in all. */
  readonly excess: bigint;
}

/** The fields of `CellSums`, in the order in which lists of them stand. */
export const cellSumNames = [
  'n',
  'nonZero',
  'sum',
  'sumSquares',
  'sumCubes',
  'sumD',
  'sumDD',
  'sumYD',
  'sumX',
  'sumXX',
  'sumYX',
  'sumDX',
  'capped',
  'excess',
] as const satisfies readonly (keyof CellSums)[];

/** The outcome, denominator and covariate of one recipient: whole numbers that doubles hold exactly. */
export interface RecipientOutcome {
  readonly y: number;
  readonly d: number;
  readonly x: number;
}

/** Numbers up to this have cubes whose sums, `mostSmall` of them, doubles hold exactly. */
const small = 20_000;
const mostSmall = 1_000;

/** Sums that are being added up, exactly: small outcomes in doubles, as long as they cannot round, and the rest in BigInts. */
export class SumList {
  readonly #big: bigint[] = cellSumNames.map(() => 0n);
  #small = cellSumNames.map(() => 0);
  #count = 0;

  /** Adds one recipient (`sign` 1) or takes them away (-1). @param cap as in `Metric`. */
  add(sign: 1 | -1, { y: uncut, d, x }: RecipientOutcome, cap: number | undefined): void {
    const isCut = cap !== undefined && uncut > cap;
    const y = isCut ? cap : uncut;
    const excess = isCut ? uncut - cap : 0;
    if (isSmall(y) && isSmall(d) && isSmall(x) && isSmall(excess)) {
      this.#addSmall(sign, y, d, x);
      if (isCut) this.#addTo(12, sign, sign * excess);
    } else this.#addBig(BigInt(sign), BigInt(y), BigInt(d), BigInt(x), BigInt(excess));
  }

  #addSmall(sign: 1 | -1, y: number, d: number, x: number): void {
    if ((this.#count += 1) > mostSmall) this.#carry();
    const sums = this.#small;
    sums[0] = (sums[0] ?? 0) + sign;
    if (y !== 0) {
      this.#addTo(1, sign, sign * y);
      this.#addTo(3, sign * y * y, sign * y * y * y);
    }
    if (d !== 0) {
      this.#addTo(5, sign * d, sign * d * d);
      sums[7] = (sums[7] ?? 0) + sign * y * d;
    }
    if (x !== 0) {
      this.#addTo(8, sign * x, sign * x * x);
      this.#addTo(10, sign * y * x, sign * d * x);
    }
  }

  /** To two sums that stand side by side. */
  #addTo(at: number, first: number, second: number): void {
    const sums = this.#small;
    sums[at] = (sums[at] ?? 0) + first;
    sums[at + 1] = (sums[at + 1] ?? 0) + second;
  }

  #addBig(sign: bigint, y: bigint, d: bigint, x: bigint, excess: bigint): void {
    const one = (is: boolean): bigint => (is ? 1n : 0n);
    const added = [1n, one(y !== 0n), y, y * y, y * y * y, d, d * d, y * d, x, x * x, y * x, d * x];
    [...added, one(excess !== 0n), excess].forEach((value, i) => {
      this.#big[i] = (this.#big[i] ?? 0n) + sign * value;
    });
  }

  #carry(): void {
    this.#small.forEach((value, i) => {
      if (value !== 0) this.#big[i] = (this.#big[i] ?? 0n) + BigInt(value);
    });
    this.#small = cellSumNames.map(() => 0);
    this.#count = 1;
  }

  /** In the order of `cellSumNames`. */
  sums(): readonly bigint[] {
    this.#carry();
    return this.#big;
  }
}

function isSmall(value: number): boolean {
  return value <= small && value >= -small;
}

/** @param sums in the order of `cellSumNames`. */
export function toCellSums(sums: readonly bigint[]): CellSums {
  return {
    n: sums[0] ?? 0n,
    nonZero: sums[1] ?? 0n,
    sum: sums[2] ?? 0n,
    sumSquares: sums[3] ?? 0n,
    sumCubes: sums[4] ?? 0n,
    sumD: sums[5] ?? 0n,
    sumDD: sums[6] ?? 0n,
    sumYD: sums[7] ?? 0n,
    sumX: sums[8] ?? 0n,
    sumXX: sums[9] ?? 0n,
    sumYX: sums[10] ?? 0n,
    sumDX: sums[11] ?? 0n,
    capped: sums[12] ?? 0n,
    excess: sums[13] ?? 0n,
  };
}

/** The sums as methods for ratios and adjusted means take them: y, then d and x as far as the metric has them. */
export function toCrossSums(
  sums: CellSums,
  has: { readonly denominator: boolean; readonly covariate: boolean },
): CrossSums {
  const { n, sum, sumSquares, sumD, sumDD, sumYD, sumX, sumXX, sumYX, sumDX } = sums;
  const yRow = [sumSquares];
  if (!has.denominator && !has.covariate) return { n, sums: [sum], products: [yRow] };
  if (!has.covariate) return { n, sums: [sum, sumD], products: [yRow, [sumYD, sumDD]] };
  if (!has.denominator) return { n, sums: [sum, sumX], products: [yRow, [sumYX, sumXX]] };
  return { n, sums: [sum, sumD, sumX], products: [yRow, [sumYD, sumDD], [sumYX, sumDX, sumXX]] };
}
