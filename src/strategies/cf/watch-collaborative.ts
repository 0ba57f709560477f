import { itemReference, referenceWindowMs, type TrafficRules, watchItems } from '../item-traffic.js';
import type { Reference } from '../model-report.js';
import type { Json, LearningLog, NothingLearned, Watched } from '../strategy.js';
import { cascadeFromJSON } from './cascade.js';
import { type CollaborativeDefinition, msOf, rulesOf } from './definition.js';
import { weightOf } from './interactions.js';
import type { Split } from './split-histories.js';

/** What was done with items in the hold-out, or in the last days before the clock: the ground that drift is measured from. */
export function referenceOf(
  definition: CollaborativeDefinition,
  items: readonly string[],
  { kind, until }: Split,
  { histories }: LearningLog,
  clock: Date,
): ReturnType<typeof itemReference> {
  const now = clock.getTime();
  const from = kind === 'time' ? until : now - referenceWindowMs(msOf(definition.window));
  return itemReference(histories, { from, clock: now, learnedUntil: until }, trafficRules(definition, items));
}

/** The same at a later clock. */
export function watchCollaborative(
  definition: CollaborativeDefinition,
  state: Json,
  reference: Reference,
  { histories }: LearningLog,
  clock: Date,
): Watched | NothingLearned {
  const { items } = cascadeFromJSON(state).main.recommender;
  return watchItems(reference, histories, clock, trafficRules(definition, items));
}

function trafficRules(definition: CollaborativeDefinition, items: readonly string[]): TrafficRules {
  const known = new Set(items);
  const rules = rulesOf(definition);
  return { isInteraction: (event) => weightOf(event, rules) > 0, knows: (item) => known.has(item) };
}
