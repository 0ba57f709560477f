import type { Json } from '../strategy.js';
import { als } from './als.js';
import { hybrid } from './hybrid.js';
import { itemKnn } from './item-knn.js';
import { popularRecommender } from './popular.js';
import type { Recommender, RecommenderKind } from './recommender.js';
import { userKnn } from './user-knn.js';

/** Every way of recommending. A new one is a file, a line here and a run of `test/conformance/recommender.ts`. */
export const recommenders: readonly RecommenderKind<unknown>[] = [
  popularRecommender,
  itemKnn,
  userKnn,
  als,
  hybrid,
];

export function findRecommender(name: string): RecommenderKind<unknown> | undefined {
  return recommenders.find((kind) => kind.name === name);
}

/** A recommender of any kind from what its `toJSON` wrote. @throws Error with a sentence, for anything else. */
export function recommenderFromJSON(json: Json): Recommender {
  const name =
    typeof json === 'object' && json !== null && 'recommender' in json ? json.recommender : undefined;
  const kind = typeof name === 'string' ? findRecommender(name) : undefined;
  if (!kind) throw new Error('This is no model of a recommender that is known here.');
  return kind.fromJSON(json);
}
