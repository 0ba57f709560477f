/**
 * numerator / denominator of two whole numbers of any size, rounded once to the nearest double.
 * The denominator must not be zero; results below 1e-308 lose digits, above 1.8e308 are infinite.
 */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (denominator < 0n) return ratio(-numerator, -denominator);
  if (numerator < 0n) return -ratio(-numerator, denominator);
  if (numerator === 0n) return 0;
  // A quotient of 66 bits or more and a mark for the remainder round like the exact value.
  const shift = Math.max(0, 67 - bitLength(numerator) + bitLength(denominator));
  const shifted = numerator << BigInt(shift);
  const quotient = shifted / denominator;
  const sticky = quotient * denominator === shifted ? 0n : 1n;
  const half = Math.floor(shift / 2);
  return Number(quotient | sticky) * 2 ** -half * 2 ** -(shift - half);
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
