/** Value and derivative of an increasing, concave function. */
export interface Slope {
  readonly value: number;
  readonly derivative: number;
}

/**
 * The root of an increasing concave function by Newton's method. The logarithm of a lower tail, seen as a
 * function of log x (or the logit of x), is such a function for every distribution here: after the first descent the
 * iterates climb to the root from the left and never pass it, so no bracket is needed. The descent itself goes
 * in doubling strides, because far out an upper gamma tail falls like exp(-exp(s)).
 * `lowest` stops the descent where the root underflows; -Infinity is then the answer.
 */
export function solveLogTail(at: (s: number) => Slope, start: number, lowest: number): number {
  let s = start;
  let stride = 1;
  let previous = NaN;
  for (;;) {
    const { value, derivative } = at(s);
    const step = Math.max(-value / derivative, -stride);
    if (Number.isNaN(step)) return NaN;
    if (step === -stride) stride *= 2;
    const next = Math.max(s + step, lowest);
    if (next === s) return s <= lowest ? -Infinity : s;
    const size = Math.abs(step);
    const shrinks = size / previous;
    // Steps shrink to their square; once they stop shrinking only rounding is left.
    if (size < 1e-9 * Math.max(1, Math.abs(s)) && shrinks >= 1) return s;
    s = next;
    if (shrinks < 0.1 && size * shrinks * shrinks < 1e-17 * Math.max(1, Math.abs(s))) return s;
    previous = step === -stride ? NaN : size;
  }
}
