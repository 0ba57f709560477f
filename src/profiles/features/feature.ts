import type { History, HistoryNeeds } from '../history.js';
import type { Traits } from '../traits.js';

/** Something derived from what a recipient did. Pure: the same history, clock and traits give the same value. */
export interface Feature {
  readonly name: string;
  readonly title: string;
  readonly needs: HistoryNeeds;
  /** Undefined where nothing can be said. `history` holds nothing at or after the clock. */
  value(history: History, clock: number, traits: Traits): number | string | undefined;
}

export const features: Readonly<Record<string, Feature>> = {};
