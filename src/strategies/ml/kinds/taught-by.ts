import type { StrategyKind } from '../../strategy.js';
import { compareCandidates } from '../compare-candidates.js';
import { needsOfFeatures } from '../feature-groups.js';
import { traitNames } from '../features.js';
import type { Lesson } from '../learn-outcomes.js';
import type { ModelChoice } from '../model-choice.js';
import { learnsFromLesson, measureState, scoresOf, teach } from '../teachable.js';
import { watchState } from '../watching.js';

type Taught =
  | ('learn' | 'learnsFrom' | 'compare' | 'scores' | 'measure' | 'watch')
  | ('needs' | 'readsTraits' | 'readsFeatures');

/** What all kinds do alike that foresee outcomes: by the lesson that a definition comes to. */
export function taughtBy<D extends { readonly model: ModelChoice }>(
  lessonOf: (definition: D) => Lesson,
): Required<Pick<StrategyKind<D>, Taught>> {
  return {
    learn: (definition, ...how) => teach(lessonOf(definition), ...how),
    learnsFrom: (definition) => learnsFromLesson(lessonOf(definition)),
    compare: (definition, ...how) => compareCandidates(lessonOf(definition), ...how),
    scores: (definition, state) => scoresOf(lessonOf(definition), state),
    measure: (definition, ...how) => measureState(lessonOf(definition), ...how),
    watch: (definition, ...how) => watchState(lessonOf(definition), ...how),
    needs: ({ model }) => needsOfFeatures(model.features),
    readsTraits: ({ model }) => traitNames(model.features),
    readsFeatures: ({ model }) => model.features,
  };
}
