import { ArgumentError } from '../../../src/statistics/argument-error.js';
import { dyadic, inUnits } from '../../../src/statistics/numerics/dyadic.js';
import type { OutcomeSums } from '../../../src/statistics/sums.js';

/** How reference cases describe an arm whose outcomes are not listed. */
export interface Moments {
  n: number;
  mean: number;
  /** Means nothing for fewer than two recipients. */
  var: number;
}

/**
 * Sums with exactly these moments, as doubles are exactly, for outcomes counted in a unit that all arms share. What is in
 * units of the outcome is to be multiplied by `unit`, a power of two, so that nothing is rounded.
 */
export function exactSums(arms: readonly Moments[]): { arms: OutcomeSums[]; unit: number } {
  const places = placesOf(arms);
  return { arms: arms.map((arm) => sumsWith(arm, places)), unit: 2 ** -places };
}

/** Sums with exactly these moments, for outcomes counted in units of 2^-places. */
function sumsWith({ n, mean: m, var: v }: Moments, places: number): OutcomeSums {
  if (!Number.isSafeInteger(n)) throw new ArgumentError('n', 'must be a whole number');
  if (!Number.isFinite(m)) throw new ArgumentError('mean', 'must be a finite number');
  if (n > 1 && !Number.isFinite(v)) throw new ArgumentError('var', 'must be a finite number');
  const size = BigInt(n);
  const centre = inUnits(m, places);
  const squares = n > 1 ? (size - 1n) * inUnits(v, 2 * places) : 0n;
  return {
    n: size,
    nonZero: size,
    sum: size * centre,
    sumSquares: squares + size * centre ** 2n,
    sumCubes: 0n,
  };
}

/**
 * The binary places at which the moments of all arms become whole numbers; fewer only where the largest mean or variance
 * would then leave the range of doubles (moments more than 150 orders of magnitude apart).
 */
function placesOf(arms: readonly Moments[]): number {
  const finite = (values: number[]) => values.filter((value) => Number.isFinite(value) && value !== 0);
  const means = finite(arms.map((arm) => arm.mean));
  const variances = finite(arms.map((arm) => arm.var));
  const size = (value: number) => Math.ceil(Math.log2(Math.abs(value)));
  const exact = [
    ...means.map((m) => dyadic(m).shift),
    ...variances.map((v) => Math.ceil(dyadic(v).shift / 2)),
  ];
  const bounds = [...means.map((m) => 1000 - size(m)), ...variances.map((v) => 500 - Math.ceil(size(v) / 2))];
  return Math.min(Math.max(0, ...exact), ...bounds);
}

/** Decimal numbers as whole numbers of 10^-places. */
export function scaled(values: readonly number[]): { whole: bigint[]; places: number } {
  const parts = values.map(decimal);
  const places = parts.reduce((most, part) => Math.max(most, part.places), 0);
  return { whole: parts.map((part) => part.digits * 10n ** BigInt(places - part.places)), places };
}

/** A decimal number as digits and a power of ten. */
export function decimal(value: number): { digits: bigint; places: number } {
  if (!Number.isFinite(value)) throw new ArgumentError('input', 'must be a finite number');
  const [mantissa = '0', exponent = '0'] = value.toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}
