import { seededRandom, shuffled } from '../../evaluation/random.js';
import { type SparsityBand, sparsityBand, sparsityBands } from '../../profiles/features/interactions.js';
import type { Measure } from '../model-report.js';
import type { Cascade } from './cascade.js';
import type { HeldOut, Split } from './split-histories.js';
import { type Judged, judgeRankings } from './measure-rankings.js';

/** So many recipients of the hold-out are looked at, drawn by chance where there are more. */
export const mostJudged = 5_000;
/** Places of a list that count. */
export const places = 10;

/** Ranks for one recipient of the hold-out, best first. */
export type RankFor = (one: HeldOut, allowed: (item: string) => boolean) => readonly string[];

export const byCascade =
  (cascade: Cascade): RankFor =>
  ({ worths }, allowed) =>
    cascade.rank(worths, allowed, places).ranked.map(({ item }) => item);

export const byPopularity =
  (cascade: Cascade): RankFor =>
  (_, allowed) =>
    cascade.rankPopular(allowed, places).map(({ item }) => item);

/** The recipients of the hold-out who are looked at, in its order: the same for every model that is measured on it. */
export function judgedOf({ heldOut }: Split, seed: string): readonly HeldOut[] {
  if (heldOut.length <= mostJudged) return heldOut;
  const drawn = shuffled(heldOut.length, seededRandom(`judged ${seed}`))
    .slice(0, mostJudged)
    .sort();
  return [...drawn].map((place) => heldOut[place] as HeldOut);
}

/** What each of them is recommended, beside what they did. */
export function rankAll(
  judged: readonly HeldOut[],
  catalogue: ReadonlySet<string>,
  rank: RankFor,
  tell: (share: number) => void = () => undefined,
): Judged[] {
  return judged.map((one, i) => {
    if (i % 100 === 0) tell(i / judged.length);
    const ranked = rank(one, (item) => catalogue.has(item) && !one.excluded.has(item));
    return { ranked, relevant: one.relevant };
  });
}

/** One row of the report for each band of how much was known: how well it goes there, by each way of ranking. */
export function judgeBands(
  judged: readonly HeldOut[],
  ways: readonly { readonly by: string; readonly judged: readonly Judged[] }[],
  items: number,
  seed: string,
): { name: SparsityBand; recipients: number; measures: { by: string; measure: Measure }[] }[] {
  return sparsityBands.flatMap((band) => {
    const within = judged.flatMap(({ worths }, i) => (sparsityBand(worths.size) === band ? [i] : []));
    if (within.length === 0) return [];
    const measures = ways.map(({ by, judged: all }) => {
      const some = within.map((i) => all[i] as Judged);
      return { by, measure: judgeRankings(some, items, seed)[0] as Measure };
    });
    return [{ name: band, recipients: within.length, measures }];
  });
}
