import { contentsOf, type StrategyKind } from '../strategy.js';
import { type CollaborativeDefinition, needsOf, parseCollaborative } from './definition.js';
import { learnCollaborative, measureCollaborative } from './learn-collaborative.js';
import { prepareCollaborative } from './prepare-collaborative.js';
import { watchCollaborative } from './watch-collaborative.js';

/** Collaborative filtering: what people with the same taste did. */
export const collaborativeKind: StrategyKind<CollaborativeDefinition> = {
  kind: 'collaborative',
  summary: 'Recommends what people with a similar taste looked at and bought, and best sellers to newcomers.',
  parse: parseCollaborative,
  learn: learnCollaborative,
  measure: measureCollaborative,
  watch: watchCollaborative,
  needs: needsOf,
  readsTraits: () => [],
  readsFeatures: () => [],
  references: ({ slots }) => ({ contents: contentsOf(slots), segments: [], items: [], catalogue: true }),
  mayDecline: () => true,
  slotNames: ({ slots }) => Object.keys(slots),
  prepare: prepareCollaborative,
};
