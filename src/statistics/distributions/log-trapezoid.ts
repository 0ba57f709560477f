/**
 * log ∫ exp(logTerm(j·step)) over the whole line by the trapezoidal rule, summed outward from j = 0 until nothing is
 * added. For a smooth integrand with one peak near j = 0 that dies out on both sides, the error falls exponentially
 * with 1/step; Trefethen & Weideman (2014), SIAM Review 56, section 5. Everything is relative to the term at 0, so
 * neither overflow nor underflow occurs. `rest(term, j)`, if given, may close the lower side: it answers the sum of all
 * terms below j, or undefined if it does not know.
 */
export function logTrapezoid(
  logTerm: (offset: number) => number,
  step: number,
  rest?: (term: number, offset: number) => number | undefined,
): number {
  const top = logTerm(0);
  // So far down the digits of the logarithm end before anything that is left of the sum.
  if (!(top > -1e13)) return top;
  const upper = sumSide(logTerm, step, top);
  const lower = sumSide(logTerm, -step, top, rest);
  return top + Math.log(step * (1 + upper + lower));
}

function sumSide(
  logTerm: (offset: number) => number,
  step: number,
  top: number,
  rest?: (term: number, offset: number) => number | undefined,
): number {
  let sum = 0;
  let previous = 1;
  for (let j = 1; ; j += 1) {
    const term = Math.exp(logTerm(j * step) - top);
    sum += term;
    // Written so that NaN ends the sum too.
    if (!(term >= previous || term > 1e-17 * (1 + sum)) || term === Infinity) return sum;
    const closed = rest?.(term, j * step);
    if (closed !== undefined) return sum + closed;
    previous = term;
  }
}
