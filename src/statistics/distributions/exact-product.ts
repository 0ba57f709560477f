/** a · b less its rounded product, exactly (Dekker 1971), unless something overflows. */
function productError(a: number, b: number): number {
  const [a1, a2] = split(a);
  const [b1, b2] = split(b);
  return a2 * b2 - (a * b - a1 * b1 - a2 * b1 - a1 * b2);
}

/** Two halves of at most 26 bits. */
function split(x: number): [number, number] {
  const scaled = 134217729 * x;
  const high = scaled - (scaled - x);
  return [high, x - high];
}

/** a - (a + b) x to the last digits, however close the two are; for finite a, b below 1e290 and x in [0, 1]. */
export function meanExcess(a: number, b: number, x: number): number {
  const n = a + b;
  // n is short of a + b by `lost` (Knuth's two-sum).
  const part = n - a;
  const lost = a - (n - part) + (b - part);
  const product = n * x;
  return a - product - productError(n, x) - lost * x;
}
