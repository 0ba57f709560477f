import { gaussLegendre } from '../numerics/quadrature.js';
import { logTrapezoid } from './log-trapezoid.js';
import { normal, normalCentre } from './normal.js';
import { logOneMinusExp } from './tails.js';

const LOG_ROOT_TWO_PI = 0.9189385332046728;

/** The range (largest less smallest) of `groups` >= 2 independent standard normal values: logarithms of its tails. */
export const normalRange = {
  /** log P(W > w): k ∫ φ(z) [Φ(z)^(k-1) - (Φ(z) - Φ(z - w))^(k-1)] dz over the largest value z, no term negative. */
  logSf: (w: number, groups: number): number => {
    if (w <= 0) return 0;
    if (w > 1e9) return -Infinity;
    const others = groups - 1;
    const centre = Math.max(w / 2, typicalLargest(groups));
    const term = (offset: number) => {
      const z = centre + offset;
      const logBelow = normal.logCdf(z);
      const far = Math.exp(normal.logCdf(z - w) - logBelow);
      // Below exp(-745) the far part underflows, and `others` times it is all there is.
      const logAny =
        far > 1e-300
          ? Math.log(-Math.expm1(others * Math.log1p(-far)))
          : Math.log(others) + normal.logCdf(z - w) - logBelow;
      return others * logBelow + logAny - 0.5 * z * z;
    };
    return Math.min(0, Math.log(groups) - LOG_ROOT_TWO_PI + logTrapezoid(term, 0.2));
  },
  /** log P(W <= w): k ∫ φ(y + w/2) [Φ(y + w/2) - Φ(y - w/2)]^(k-1) dy over the middle y of a window of width w. */
  logCdf: (w: number, groups: number): number => {
    if (w <= 0) return -Infinity;
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
