import type { History, HistoryNeeds } from '../history.js';
import type { Traits } from '../traits.js';
import { countFeature, spendFeature } from './counted.js';
import { declaredLifecycle, declaredScore } from './declared.js';
import { decayedScoreFeature, engagementScoreFeature } from './engagement-score.js';
import { engagementTierFeature } from './engagement-tier.js';
import { favouriteCategoryFeature } from './favourite-category.js';
import { interactionsFeature, sparsityFeature } from './interactions.js';
import { lifecycleFeature } from './lifecycle.js';
import {
  frequencyFeature,
  lastClickFeature,
  lastOpenFeature,
  recencyFeature,
  tenureFeature,
} from './recency.js';

/** A figure about one recipient at one moment, worked out from what was known before it. */
export interface Feature {
  readonly name: string;
  /** In words, for pages and traces: `days since the last purchase`. */
  readonly title: string;
  /** What it says and what it does not, in a sentence or two. */
  readonly meaning: string;
  /** What its numbers count: `days`, `orders`, `EUR`; a text has none. */
  readonly unit?: string;
  /** Every value that it may have, where those are few. */
  readonly values?: readonly string[];
  /** Its value is a text, of which there may be any. */
  readonly isText?: true;
  readonly needs: HistoryNeeds;
  /** Undefined: not known of this recipient. Events at the clock or later make no difference. */
  value(history: History, clock: number, traits: Traits): number | string | undefined;
  /** The earliest later time at which the value may be another one although nothing happens; undefined: never. */
  changesAt(history: History, clock: number, traits: Traits): number | undefined;
  /** What the value is made of, line by line. */
  explain(history: History, clock: number, traits: Traits): readonly string[];
}

const all: readonly Feature[] = [
  recencyFeature,
  frequencyFeature,
  lastOpenFeature,
  lastClickFeature,
  tenureFeature,
  favouriteCategoryFeature,
  interactionsFeature,
  sparsityFeature,
  engagementScoreFeature,
  decayedScoreFeature,
  engagementTierFeature,
  lifecycleFeature,
];

/** Every feature with a name of its own. A new one is a file and a line above. */
export const features: Readonly<Record<string, Feature>> = Object.fromEntries(
  all.map((feature) => [feature.name, feature]),
);

/**
 * The feature of that name: one of `features`, or one that is made by its name, with or without category and days:
 * `count(view)`, `count(view, shoes, 30d)`, `spend(EUR)`, `spend(EUR, shoes, 90d)`; or one that declares its own points or
 * stages: `engagement_score(view 1, purchase 20, 30d)`, `lifecycle_stage(new 30d, loyal 5, active 90d, churned)`. Undefined: there
 * is none.
 */
export function findFeature(name: string): Feature | undefined {
  if (Object.hasOwn(features, name)) return features[name];
  return countFeature(name) ?? spendFeature(name) ?? declaredScore(name) ?? declaredLifecycle(name);
}
