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

/** Sums that are being added up, in the order of `cellSumNames`. */
export type SumList = bigint[];

export function emptySumList(): SumList {
  return cellSumNames.map(() => 0n);
}

/** Adds one recipient (`sign` 1) or takes them away (-1). @param cap as in `Metric`. */
export function addRecipient(
  list: SumList,
  sign: 1n | -1n,
  outcome: { readonly y: bigint; readonly d: bigint; readonly x: bigint },
  cap: number | undefined,
): void {
  const { d, x } = outcome;
  const limit = cap === undefined ? undefined : BigInt(cap);
  const isCut = limit !== undefined && outcome.y > limit;
  const y = isCut ? limit : outcome.y;
  list[0] = (list[0] ?? 0n) + sign;
  if (y !== 0n) {
    const square = y * y;
    list[1] = (list[1] ?? 0n) + sign;
    list[2] = (list[2] ?? 0n) + sign * y;
    list[3] = (list[3] ?? 0n) + sign * square;
    list[4] = (list[4] ?? 0n) + sign * square * y;
  }
  if (d !== 0n) {
    list[5] = (list[5] ?? 0n) + sign * d;
    list[6] = (list[6] ?? 0n) + sign * d * d;
    list[7] = (list[7] ?? 0n) + sign * y * d;
    list[11] = (list[11] ?? 0n) + sign * d * x;
  }
  if (x !== 0n) {
    list[8] = (list[8] ?? 0n) + sign * x;
    list[9] = (list[9] ?? 0n) + sign * x * x;
    list[10] = (list[10] ?? 0n) + sign * y * x;
  }
  if (isCut) {
    list[12] = (list[12] ?? 0n) + sign;
    list[13] = (list[13] ?? 0n) + sign * (outcome.y - limit);
  }
}

export function toCellSums(list: SumList): CellSums {
  return Object.fromEntries(cellSumNames.map((name, i) => [name, list[i] ?? 0n])) as unknown as CellSums;
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
