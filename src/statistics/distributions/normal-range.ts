import { gaussLegendre } from '../numerics/quadrature.js';
import { logTrapezoid } from './log-trapezoid.js';
import { normal, normalCentre } from './normal.js';
import { logOneMinusExp } from './tails.js';

const ROOT_TWO_PI = 2.5066282746310002;
const LOG_ROOT_TWO_PI = 0.9189385332046728;

/** The range (largest less smallest) of `groups` >= 2 independent standard normal values: logarithms of its tails. */
export const normalRange = {
  /** log P(W > w): k ∫ φ(z) [Φ(z)^(k-1) - (Φ(z) - Φ(z - w))^(k-1)] dz over the largest value z, no term negative. */
  logSf: (w: number, groups: number): number => {
    if (w <= 0) return 0;
    if (w < 1e-5) return Math.log1p(-Math.sqrt(groups) * (w / ROOT_TWO_PI) ** (groups - 1));
    if (w > 1e9) return -Infinity;
    const centre = Math.max(w / 2, typicalLargest(groups));
    const logTerm = w < 30 ? ordinaryTerm : farTerm;
    const integral = logTrapezoid((offset) => logTerm(centre + offset, w, groups - 1), 0.2);
    return Math.min(0, Math.log(groups) - LOG_ROOT_TWO_PI + integral);
  },
  /** log P(W <= w): k ∫ φ(y + w/2) [Φ(y + w/2) - Φ(y - w/2)]^(k-1) dy over the middle y of a window of width w. */
  logCdf: (w: number, groups: number): number => {
    if (w <= 0) return -Infinity;
    if (w < 1e-5) return Math.min(0, 0.5 * Math.log(groups) + (groups - 1) * Math.log(w / ROOT_TWO_PI));
    const half = w / 2;
    if (half > typicalLargest(groups) + 1) return logOneMinusExp(normalRange.logSf(w, groups));
    const others = groups - 1;
    // How much `others` windows sharpen the bell at y = 0.
    const sharpening = (half * Math.exp(-0.5 * half * half - LOG_ROOT_TWO_PI)) / normalCentre(half);
    const step = Math.min(0.2, 0.7 / Math.sqrt(1 + others * sharpening));
    const term = (y: number) => others * Math.log(windowMass(y, half)) - 0.5 * (y + half) * (y + half);
    return Math.min(0, Math.log(groups) - LOG_ROOT_TWO_PI + logTrapezoid(term, step));
  },
} as const;

/** log(exp(-z²/2) [Φ(z)^others - (Φ(z) - Φ(z - w))^others]) */
function ordinaryTerm(z: number, w: number, others: number): number {
  const below = normal.cdf(z);
  const any = -Math.expm1(others * Math.log1p(-normal.cdf(z - w) / below));
  return Math.log(below ** others * any) - 0.5 * z * z;
}

/** The same where Φ(z - w) may underflow: `others` times it is then all there is. */
function farTerm(z: number, w: number, others: number): number {
  return Math.log(others) + (others - 1) * normal.logCdf(z) + normal.logCdf(z - w) - 0.5 * z * z;
}

function typicalLargest(groups: number): number {
  return Math.sqrt(2 * Math.log(groups)) - 0.5;
}

/** Φ(y + half) - Φ(y - half), by whatever form does not cancel. */
function windowMass(y: number, half: number): number {
  const size = Math.abs(y);
  if (size <= half) return normalCentre(half - size) + normalCentre(half + size);
  if (half > 0.5) return normal.sf(size - half) - normal.sf(size + half);
  // φ(y) ∫ exp(-t²/2) cosh(yt) dt over the window.
  const { nodes, weights } = gaussLegendre(12);
  let sum = 0;
  for (let i = 0; i < nodes.length; i += 1) {
    const t = half * (nodes[i] ?? 0);
    sum += (weights[i] ?? 0) * Math.exp(-t * (size + 0.5 * t));
  }
  return half * sum * Math.exp(-0.5 * size * size - LOG_ROOT_TWO_PI);
}
