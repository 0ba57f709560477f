import type { OutcomeSums } from './sums.js';

/** What a method is computed from: exact sums, or numbers made from them. */
export type Need = keyof OutcomeSums | 'planned_weights' | 'effects' | 'p_values' | 'planned_rates';

/** One entry of the list of methods: what the documentation and the conformance check know about it. */
export interface Method {
  /** Stable id; a `TestResult` carries it. */
  readonly id: string;
  /** What a reader of a report would call it. */
  readonly title: string;
  readonly needs: readonly Need[];
  /** Where the formula comes from. */
  readonly reference: string;
}
