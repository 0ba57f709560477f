import type { Refusal } from './refusal.js';

/** A number with its interval, or why it cannot be had. */
export type Figure =
  | {
      readonly value: number;
      /** Undefined where the samples of a bootstrap do not have the figure often enough. */
      readonly interval?: readonly [number, number];
    }
  | Refusal;
