import type { OutcomeSums } from '../../../src/statistics/sums.js';

/** How reference cases describe an arm whose outcomes are not listed. */
export interface Moments {
  n: number;
  mean: number;
  var: number;
}

/** A decimal number as digits and a power of ten. */
function decimal(value: number): { digits: bigint; places: number } {
  const [mantissa = '0', exponent = '0'] = value.toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

/** Sums with exactly these moments, for outcomes counted in units of 10^-places. */
export function fromMoments({ n, mean: m, var: v }: Moments, places: number): OutcomeSums {
  const to = (value: number, power: number) => {
    const { digits, places: has } = decimal(value);
    return digits * 10n ** BigInt(power - has);
  };
  const size = BigInt(n);
  const sumSquares = (size - 1n) * to(v, 2 * places) + size * to(m, places) ** 2n;
  return { n: size, nonZero: size, sum: size * to(m, places), sumSquares, sumCubes: 0n };
}

/** The decimal places at which the moments of all arms become whole numbers. */
export function placesFor(arms: readonly Moments[]): number {
  return Math.max(
    ...arms.flatMap((arm) => [decimal(arm.mean).places, Math.ceil(decimal(arm.var).places / 2)]),
  );
}
