import type { Json, Tell } from '../strategy.js';
import type { CascadeParts } from './cascade.js';
import type { CollaborativeDefinition } from './definition.js';
import type { Matrix } from './matrix.js';
import type { NothingFitted, Recommender } from './recommender.js';
import { findRecommender } from './recommenders.js';

/** Fits every method of a definition to the same interactions. */
export function fitMethods(
  { method, settings, sparse }: CollaborativeDefinition,
  matrix: Matrix,
  seed: string,
  tell: Tell,
): CascadeParts | NothingFitted {
  const popular = fit('popular', { weights: 'given' }, matrix, seed, tell, [0, 0.1]);
  if ('refused' in popular) return popular;
  const main = fit(method, settings, matrix, seed, tell, [0.1, 0.7]);
  if ('refused' in main) return main;
  const parts = { main: { method, recommender: main }, popular };
  if (!sparse) return parts;
  const other = fit(sparse.method, sparse.settings, matrix, seed, tell, [0.7, 1]);
  if ('refused' in other) return other;
  return { ...parts, sparse: { method: sparse.method, below: sparse.below, recommender: other } };
}

/** @param shares of all the work that is done at its beginning and at its end. */
function fit(
  method: string,
  settings: Json,
  matrix: Matrix,
  seed: string,
  tell: Tell,
  [from, to]: readonly [number, number],
): Recommender | NothingFitted {
  const kind = findRecommender(method);
  const parsed = kind?.parse(settings);
  if (!kind || !parsed?.ok) throw new Error(`the settings of ${method} were not checked`);
  const step = `fitting ${method}`;
  tell(step, from);
  const report = (done: number, of: number): void =>
    tell(step, from + ((to - from) * done) / Math.max(of, 1));
  return kind.fit(matrix, parsed.value, seed, report);
}
