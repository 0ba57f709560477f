import type { Parsed } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import type { Matrix } from './matrix.js';

/** What somebody did with items: places in `items` of the recommender, rising and each once, with weights above 0. */
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

/** Somebody whose taste is like another's, or an item that the same recipients like. */
export interface Neighbour {
  readonly id: string;
  /** From -1 to 1. */
  readonly similarity: number;
  /** Items that both have, or recipients who have both; where those are what they are compared by. */
  readonly shared?: number;
}

/** Why a matrix teaches nothing; `NothingLearned` of a strategy can be made of it as it is. */
export interface NothingFitted {
  readonly refused: true;
  readonly code: 'no_interactions' | 'no_attributes' | 'too_large';
  readonly reason: string;
}

/**
 * One way of collaborative filtering. It scores items for a taste, not for a stored recipient: so somebody who came after it
 * learned is served from what they did since, and a decision can be made again from the ledger.
 */
export interface RecommenderKind<Settings> {
  /** `popular`, `item_knn`, `user_knn`, `als`, `hybrid`. */
  readonly name: string;
  readonly summary: string;
  /** Whether it draws by chance: then another seed gives another recommender, and one is one of many. */
  readonly drawn: boolean;
  parse(settings: unknown): Parsed<Settings>;
  /** Pure: the same matrix, settings and seed give the same. `tell` may throw, to end it. */
  fit(
    matrix: Matrix,
    settings: Settings,
    seed: string,
    tell?: (done: number, of: number) => void,
  ): Recommender | NothingFitted;
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
  /**
   * Where `because` names recipients: the items of the taste by which they are alike, with the share of the score that each of
   * them accounts for, the strongest first.
   */
  via?(taste: Taste, place: number, most: number): readonly Because[];
  /** The stored recipients most alike, the nearest first; where there are any to compare with. */
  neighbours?(taste: Taste, most: number): readonly Neighbour[];
  /** The items most like one, the nearest first; where items are compared. */
  alike?(place: number, most: number): readonly Neighbour[];
  toJSON(): Json;
}
