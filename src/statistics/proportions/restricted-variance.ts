import type { Count } from '../count.js';

/**
 * Variance of the difference of two rates if that difference were `delta` in [-1, 1]: p̃q̃/n summed over the arms,
 * where the p̃ are the most likely rates with p̃(treatment) - p̃(control) = delta. Solves the likelihood equation
 * between the two estimates that bound its root; the closed form (Farrington & Manning 1990) loses digits at small
 * rates.
 */
export function restrictedVariance(control: Count, treatment: Count, delta: number): number {
  const [xc, nc] = [Number(control.successes), Number(control.n)];
  const [xt, nt] = [Number(treatment.successes), Number(treatment.n)];
  return delta < 0 ? restricted(xt, nt, xc, nc, -delta) : restricted(xc, nc, xt, nt, delta);
}

/** The first arm is the lower one. More failures than successes are the same question, asked of the failures. */
function restricted(xLow: number, nLow: number, xHigh: number, nHigh: number, delta: number): number {
  const flip = 2 * (xLow + xHigh) > nLow + nHigh;
  const [a, na, b, nb] = flip ? [nHigh - xHigh, nHigh, nLow - xLow, nLow] : [xLow, nLow, xHigh, nHigh];
  const p = delta === 0 ? (a + b) / (na + nb) : lowerRate(a, na, b, nb, delta);
  return (p * (1 - p)) / na + ((p + delta) * Math.max(0, 1 - p - delta)) / nb;
}

/** Rate p of the lower arm when the higher one has p + delta: Newton's method on the score, kept in its bracket. */
function lowerRate(a: number, na: number, b: number, nb: number, delta: number): number {
  const within = (p: number) => Math.min(Math.max(p, 0), 1 - delta);
  const ends = [within(a / na), within(b / nb - delta)] as const;
  let low = Math.min(...ends);
  let high = Math.max(...ends);
  let p = (low + high) / 2;
  let next = (a + b - nb * delta) / (na + nb);
  while (low < high) {
    p = next > low && next < high ? next : low + (high - low) / 2;
    if (p === low || p === high) return p;
    const { score, slope } = scoreAt(p, a, na, b, nb, delta);
    if (score > 0) low = p;
    else high = p;
    next = p + score / slope;
    if (Math.abs(next - p) <= Number.EPSILON * p) return p;
  }
  return p;
}

/** The score of p and minus its derivative; terms of arms without successes or failures are left out, not 0/0. */
function scoreAt(p: number, a: number, na: number, b: number, nb: number, delta: number) {
  const rest = 1 - p - delta;
  const won = a > 0 ? a / p : 0;
  const lost = (na - a) / (1 - p);
  const wonAbove = b / (p + delta);
  const lostAbove = nb > b ? (nb - b) / rest : 0;
  return {
    score: won - lost + wonAbove - lostAbove,
    slope:
      (won > 0 ? won / p : 0) +
      lost / (1 - p) +
      wonAbove / (p + delta) +
      (lostAbove > 0 ? lostAbove / rest : 0),
  };
}
