/**
 * A root of a continuous function between two points where it has different signs (or is zero), by Brent's method,
 * to the last digits of a double. Brent (1973), Algorithms for Minimization without Derivatives, ch. 4.
 */
export function findRoot(fn: (x: number) => number, from: number, to: number): number {
  let [a, b, fa, fb] = [from, to, fn(from), fn(to)];
  if (fa === 0) return a;
  let [c, fc, step, previous] = [a, fa, b - a, b - a];
  while (fb !== 0) {
    if (fb > 0 === fc > 0) [c, fc, step, previous] = [a, fa, b - a, b - a];
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = Number.EPSILON * Math.abs(b);
    const middle = (c - b) / 2;
    if (Math.abs(middle) <= tolerance || middle === 0) return b;
    const trial = interpolate(a, b, c, fa, fb, fc);
    const useful =
      Math.abs(previous) >= tolerance &&
      Math.abs(fa) > Math.abs(fb) &&
      trial * middle > 0 &&
      Math.abs(trial) < Math.min(1.5 * Math.abs(middle), 0.5 * Math.abs(previous));
    [previous, step] = useful ? [step, trial] : [middle, middle];
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : Math.sign(middle) * Math.max(tolerance, Number.MIN_VALUE);
    fb = fn(b);
  }
  return b;
}

/** Step from b to the root of the secant, or of the inverse parabola through three points. */
function interpolate(a: number, b: number, c: number, fa: number, fb: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (s - 1);
  const q = fa / fc;
  const r = fb / fc;
  const numerator = s * ((c - b) * q * (q - r) - (b - a) * (r - 1));
  return -numerator / ((q - 1) * (r - 1) * (s - 1));
}
