import { impossibleAlpha } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { ALPHA, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import { refuse, type OrRefusal } from '../result.js';
import { exitProbabilities, unfitFractions, walk } from './boundaries.js';
import { FRACTIONS } from './group-sequential.js';

export interface WangTsiatisDesign {
  /** The bound at the last look. */
  readonly constant: number;
  /** |z| above which the experiment ends, for each look. */
  readonly bounds: readonly number[];
}

/**
 * The classic boundaries with a fixed shape, z = c (t / t_last)^(Δ - 1/2): Pocock's with Δ = 1/2, O'Brien and Fleming's
 * with Δ = 0. For looks that are known beforehand; unplanned ones need a spending function (`groupSequential`).
 * Refuses `invalid_input`. Wang & Tsiatis (1987); Jennison & Turnbull (2000), ch. 2.
 */
export function wangTsiatis(
  fractions: readonly number[],
  shape: number,
  alpha: number,
): OrRefusal<WangTsiatisDesign> {
  const unfit = unfitFractions(fractions) ?? impossibleAlpha(alpha);
  if (unfit) return unfit;
  if (!(shape >= -2 && shape <= 0.5)) return refuse('invalid_input', 'shape must lie between -2 and 0.5.');
  const last = fractions.at(-1) ?? NaN;
  const boundAt = (constant: number) => (t: number) => constant * (t / last) ** (shape - 0.5);
  const spentBy = (constant: number) => {
    const boundaries = walk(fractions, (_arriving, t) => boundAt(constant)(t));
    return exitProbabilities(boundaries, 0).reduce((sum, p) => sum + p, 0);
  };
  // The last bound is at least that of a single look, and at most that of as many independent tests as looks.
  const [lowest, highest] = [normal.isf(alpha / 2), normal.isf(alpha / 2 / fractions.length)];
  const constant =
    fractions.length === 1 ? lowest : findRoot((c) => spentBy(c) - alpha, lowest, highest * (1 + 1e-9));
  return { constant, bounds: fractions.map(boundAt(constant)) };
}

export const wangTsiatisMethod = {
  id: 'sequential.wang_tsiatis',
  title: 'Group sequential plan with boundaries of fixed shape',
  needs: ['design'],
  parameters: [
    FRACTIONS,
    { name: 'shape', meaning: "from -2 to 0.5: 0.5 for Pocock's boundary, 0 for O'Brien and Fleming's" },
    ALPHA,
  ],
  reference: "Wang & Tsiatis (1987); Pocock (1977); O'Brien & Fleming (1979)",
  compute: wangTsiatis,
} as const satisfies Method;
