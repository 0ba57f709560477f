/** How good one recipient's list is, each from 0 to 1. */
export interface RankingMeasures {
  /** Hits among the first k, divided by k even where the list is shorter. */
  readonly precision: number;
  /** Hits among the first k, divided by all that is relevant. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 where both are. */
  readonly f1: number;
  /** 1 where at least one of the first k is relevant. */
  readonly hit: number;
  /** Σ 1/log2(rank + 1) over the hits, divided by the same of an ideal list of min(k, relevant) hits. */
  readonly ndcg: number;
  /** Σ over the hits of the precision at their rank, divided by min(k, relevant). Its mean over recipients is MAP. */
  readonly averagePrecision: number;
}

export type RankingMeasure = keyof RankingMeasures;

export const rankingMeasureNames: readonly RankingMeasure[] = [
  'precision',
  'recall',
  'f1',
  'hit',
  'ndcg',
  'averagePrecision',
];

/**
 * @param ranked what was recommended, the best first, each once; only the first k are looked at.
 * @param relevant what turned out to be right; also what could not be recommended, which is then missed.
 * @returns undefined where nothing is relevant: such a recipient says nothing.
 * @throws Error where k is no whole number above 0.
 */
export function rankingMeasures<Item>(
  ranked: ArrayLike<Item>,
  relevant: ReadonlySet<Item>,
  k: number,
): RankingMeasures | undefined {
  if (!Number.isInteger(k) || k < 1) throw new Error(`k is ${k}; give a whole number above 0`);
  if (relevant.size === 0) return undefined;
  const most = Math.min(k, relevant.size);
  let [hits, gain, precisions] = [0, 0, 0];
  for (let i = 0; i < Math.min(k, ranked.length); i++) {
    if (!relevant.has(ranked[i] as Item)) continue;
    hits += 1;
    gain += discount(i);
    precisions += hits / (i + 1);
  }
  let ideal = 0;
  for (let i = 0; i < most; i++) ideal += discount(i);
  const [precision, recall] = [hits / k, hits / relevant.size];
  return {
    precision,
    recall,
    f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    hit: hits > 0 ? 1 : 0,
    ndcg: gain / ideal,
    averagePrecision: precisions / most,
  };
}

/** Of place i, from 0: 1/log2(rank + 1) with rank = i + 1. */
const discount = (i: number): number => 1 / Math.log2(i + 2);
