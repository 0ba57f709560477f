import { normal } from '../distributions/normal.js';
import { refuse, type Refusal } from '../result.js';

/** How the two-sided alpha is given out as information comes in. */
export type Spending =
  | { readonly kind: 'obrien_fleming' }
  | { readonly kind: 'pocock' }
  /** alpha t^exponent, exponent > 0. */
  | { readonly kind: 'power'; readonly exponent: number }
  /** Hwang, Shih & DeCani (1990): any finite gamma; below 0 little early, above 0 much. */
  | { readonly kind: 'hwang_shih_decani'; readonly gamma: number };

/**
 * Alpha spent on both sides together when the fraction t > 0 of the planned information is there; all of it from t = 1
 * on. The O'Brien-Fleming and Pocock types of Lan & DeMets (1983); the former with alpha/2 on each side, so that each
 * spends 2 - 2Φ(z_{α/4}/√t).
 */
export function spent(spending: Spending, t: number, alpha: number): number {
  if (t >= 1) return alpha;
  switch (spending.kind) {
    case 'obrien_fleming':
      return Math.min(alpha, 4 * normal.sf(normal.isf(alpha / 4) / Math.sqrt(t)));
    case 'pocock':
      return alpha * Math.log1p((Math.E - 1) * t);
    case 'power':
      return alpha * t ** spending.exponent;
    case 'hwang_shih_decani':
      return alpha * exponentialShare(spending.gamma, t);
  }
}

/** (1 - e^{-γt}) / (1 - e^{-γ}), t in the limit of γ = 0, without overflow on either side. */
function exponentialShare(gamma: number, t: number): number {
  if (Math.abs(gamma) < Number.EPSILON) return t;
  if (gamma > 0) return Math.expm1(-gamma * t) / Math.expm1(-gamma);
  return Math.exp(gamma * (1 - t)) * (Math.expm1(gamma * t) / Math.expm1(gamma));
}

/** A refusal unless this is a spending function. */
export function unfitSpending(spending: Spending): Refusal | undefined {
  switch (spending.kind) {
    case 'obrien_fleming':
    case 'pocock':
      return undefined;
    case 'power':
      if (spending.exponent > 0 && spending.exponent < Infinity) return undefined;
      return refuse('invalid_input', 'The exponent of a power spending function must be above zero.');
    case 'hwang_shih_decani':
      if (Number.isFinite(spending.gamma)) return undefined;
      return refuse('invalid_input', 'gamma of a Hwang-Shih-DeCani spending function must be finite.');
    default:
      return refuse('invalid_input', 'The spending function is not one of those known.');
  }
}

export const SPENDING = {
  name: 'spending',
  meaning:
    "how alpha is given out: the O'Brien-Fleming or Pocock type, a power family or that of Hwang, Shih & DeCani",
} as const;
