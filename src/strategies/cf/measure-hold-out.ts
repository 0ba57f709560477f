import {
  type RankingMeasure,
  rankingMeasureNames,
  rankingMeasures,
} from '../../evaluation/ranking/measures.js';
import type { Recommender, Taste } from './recommender.js';
import { topPlaces } from './top.js';

/** A recipient of whom part of what they did was held out. */
export interface HeldOutRecipient {
  readonly taste: Taste;
  /** Places of the items that were held out; those that the recommender does not know are not to be found. */
  readonly relevant: ReadonlySet<number>;
  /** Places that are not recommended to them; those of the taste unless said. */
  readonly excluded?: Int32Array;
}

export interface HoldOutResult {
  /** Places that were recommended to each recipient. */
  readonly lists: readonly Int32Array[];
  /** By measure, a value for each recipient in the order given. */
  readonly values: Readonly<Record<RankingMeasure, Float64Array>>;
}

/** What a recommender gives those of whom something was held out: its k best without what is excluded, and how good they are. */
export function measureHoldOut(
  recommender: Recommender,
  recipients: readonly HeldOutRecipient[],
  k: number,
  tell?: (done: number, of: number) => void,
): HoldOutResult {
  const values = Object.fromEntries(
    rankingMeasureNames.map((name) => [name, new Float64Array(recipients.length)]),
  ) as Record<RankingMeasure, Float64Array>;
  const lists = recipients.map(({ taste, relevant, excluded = taste.places }, i) => {
    if (i % 64 === 0) tell?.(i, recipients.length);
    const list = topPlaces(recommender.score(taste), k, excluded);
    const measured = rankingMeasures(list, relevant, k);
    if (!measured) throw new Error('a recipient of whom nothing was held out cannot be measured');
    for (const name of rankingMeasureNames) values[name][i] = measured[name];
    return list;
  });
  return { lists, values };
}
