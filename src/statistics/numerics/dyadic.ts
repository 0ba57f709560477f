/** A finite double as a whole number times a power of two, digits · 2^-shift; every double is one, exactly. */
export interface Dyadic {
  readonly digits: bigint;
  readonly shift: number;
}

/** Beyond this size in units, squares and products of sums would not fit into doubles. */
const LARGEST_EXPONENT = 480;

/** Needs a finite number. */
export function dyadic(value: number): Dyadic {
  let shift = 0;
  let digits = value;
  for (; !Number.isInteger(digits); shift += 1) digits *= 2;
  return { digits: BigInt(digits), shift };
}

/**
 * The shift at which all these finite numbers become whole numbers of units of 2^-shift. Where they are so far apart
 * that the largest would leave the range of doubles, the units are wider and the smallest lose digits (never above
 * 2^-400 of the largest).
 */
export function commonShift(values: Iterable<number>): number {
  let largest = 0;
  let shift = 0;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
    if (!Number.isInteger(value)) shift = Math.max(shift, dyadic(value).shift);
  }
  return largest === 0 ? 0 : Math.min(shift, LARGEST_EXPONENT - Math.ceil(Math.log2(largest)));
}

/** Finite numbers as whole numbers over one power of two, exactly. */
export function overCommonDenominator(values: readonly number[]): {
  numerators: bigint[];
  denominator: bigint;
} {
  const parts = values.map(dyadic);
  const most = parts.reduce((shift, part) => Math.max(shift, part.shift), 0);
  return {
    numerators: parts.map(({ digits, shift }) => digits << BigInt(most - shift)),
    denominator: 1n << BigInt(most),
  };
}

/** The number in units of 2^-shift, exactly if the shift is large enough, else cut towards zero. */
export function inUnits(value: number, shift: number): bigint {
  const { digits, shift: own } = dyadic(value);
  return shift >= own ? digits << BigInt(shift - own) : digits / (1n << BigInt(own - shift));
}
