/**
 * numerator / denominator of two whole numbers of any size, rounded once to the nearest double.
 * The denominator must not be zero; results below 1e-308 lose digits, above 1.8e308 are infinite.
 */
export function ratio(numerator: bigint, denominator: bigint): number {
  const [above, below] = [Number(numerator), Number(denominator)];
  // Both are exact as doubles, so the division rounds once.
  if (Math.abs(above) <= Number.MAX_SAFE_INTEGER && Math.abs(below) <= Number.MAX_SAFE_INTEGER) {
    return above / below + 0;
  }
  if (below < 0) return positive(-numerator, -denominator);
  return positive(numerator, denominator);
}

/** The denominator is above zero. */
function positive(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -positive(-numerator, denominator);
  if (numerator === 0n) return 0;
  // A quotient of 66 bits or more and a mark for the remainder round like the exact value.
  const shift = Math.max(0, 68 - bitLength(numerator) + bitLength(denominator));
  const shifted = numerator << BigInt(shift);
  const quotient = shifted / denominator;
  const sticky = quotient * denominator === shifted ? 0n : 1n;
  const half = Math.floor(shift / 2);
  return Number(quotient | sticky) * 2 ** -half * 2 ** -(shift - half);
}

/** To within one or two bits, up to four for giants. */
function bitLength(value: bigint): number {
  const size = Number(value);
  return size < Infinity ? Math.ceil(Math.log2(size)) : value.toString(16).length * 4;
}
