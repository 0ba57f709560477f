import type { Count } from '../count.js';
import { firstWhole } from '../numerics/first-whole.js';

/**
 * Which tables of two arms are at least as extreme as the observed one: for each number of successes in the smaller
 * arm, up to which (`upTo`, -1: none) and from which (`from`, larger + 1: none) number in the larger arm.
 */
export interface Region {
  readonly smaller: number;
  readonly larger: number;
  readonly upTo: readonly number[];
  readonly from: readonly number[];
}

/** Whether a table (successes of control, successes of treatment) is as extreme, towards a better treatment. */
export type Extreme = (control: number, treatment: number) => boolean;

/**
 * The region of a test that is monotone: more successes in the treatment, or fewer in the control, never make a table
 * less extreme towards `better`, and the other way round for `worse` (Barnard's convexity).
 */
export function regionOf(control: Count, treatment: Count, better: Extreme, worse: Extreme): Region {
  const treatmentIsLarger = treatment.n >= control.n;
  const smaller = Number(treatmentIsLarger ? control.n : treatment.n);
  const larger = Number(treatmentIsLarger ? treatment.n : control.n);
  const table = (extreme: Extreme) => (outer: number, inner: number) =>
    treatmentIsLarger ? extreme(outer, inner) : extreme(inner, outer);
  const [high, low] = [table(treatmentIsLarger ? better : worse), table(treatmentIsLarger ? worse : better)];
  const outer = Array.from({ length: smaller + 1 }, (_, i) => i);
  return {
    smaller,
    larger,
    upTo: outer.map((i) => firstWhole((j) => !low(i, j), -1, larger + 1) - 1),
    from: outer.map((i) => firstWhole((j) => high(i, j), -1, larger + 1)),
  };
}
