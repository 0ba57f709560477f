import type { Parsed } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import type { Matrix } from './matrix.js';

/** What somebody did with items: places in `items` of the recommender, rising, with weights. */
export interface Taste {
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

/** Why one item is recommended: things of the recipient's own history, or people like them, that speak for it. */
export interface Because {
  readonly kind: 'item' | 'recipient' | 'popular' | 'attribute';
  readonly id: string;
  /** Share of the score, from 0 to 1. */
  readonly share: number;
}

/**
 * One way of collaborative filtering. It scores items for a taste, not for a stored recipient: so somebody who came after it
 * learned is served from what they did since, and a decision can be made again from the ledger.
 */
export interface RecommenderKind<Settings> {
  /** `popular`, `item_knn`, `user_knn`, `als`, `hybrid`. */
  readonly name: string;
  readonly summary: string;
  parse(settings: unknown): Parsed<Settings>;
  /** Pure: the same matrix, settings and seed give the same. `tell` may throw, to end it. */
  fit(
    matrix: Matrix,
    settings: Settings,
    seed: string,
    tell?: (done: number, of: number) => void,
  ): Recommender;
  /** @throws Error with a sentence, for what `toJSON` did not write. */
  fromJSON(json: Json): Recommender;
}

export interface Recommender {
  /** Ids in the order of places. */
  readonly items: readonly string[];
  /** A score for every item; higher is better, NaN: nothing speaks for it. Those of the taste itself have one too. */
  score(taste: Taste): Float64Array;
  /** What speaks for one item, the strongest first. */
  because(taste: Taste, place: number, most: number): readonly Because[];
  toJSON(): Json;
}
