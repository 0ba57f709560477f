import { isRefusal, type OrRefusal, refuse } from './refusal.js';
import { seededRandom } from './random.js';
import { percentileInterval, resampleCounts } from './resample.js';

/** Scores and outcomes of some options, one number for each row in each of them. */
export interface Options {
  readonly scores: readonly Float64Array[];
  /** 1 where the row took the option. */
  readonly taken: readonly Uint8Array[];
}

export interface Share {
  readonly value: number;
  /** 95 %, over rows drawn again; left out where there is a single row. */
  readonly interval?: readonly [number, number];
  /** Rows that took an option. */
  readonly rows: number;
}

/**
 * Of the rows that took some option, those whose highest-scored option is one that they took (hit@1), as 1 or 0; of equal
 * scores the earlier option. Refuses `invalid_input` for lists of unlike lengths, and `too_few` where no row took any.
 */
export function firstChoiceHits({ scores, taken }: Options): OrRefusal<{ readonly hits: Float64Array }> {
  const rows = scores[0]?.length ?? 0;
  const unlike = scores.length !== taken.length || [...scores, ...taken].some((list) => list.length !== rows);
  if (scores.length === 0 || unlike)
    return refuse('invalid_input', 'Each option needs a score and an outcome for each row.');
  const hits: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!taken.some((option) => option[row] === 1)) continue;
    let best = 0;
    for (let option = 1; option < scores.length; option++) {
      if ((scores[option]?.[row] as number) > (scores[best]?.[row] as number)) best = option;
    }
    hits.push(taken[best]?.[row] as number);
  }
  return hits.length === 0
    ? refuse('too_few', 'Nobody took any of the options.')
    : { hits: Float64Array.from(hits) };
}

/** The share of hits, with an interval by bootstrap over the rows. */
export function shareOfHits(options: Options, seed: string, draws: number): OrRefusal<Share> {
  const found = firstChoiceHits(options);
  return isRefusal(found) ? found : meanOf(found.hits, seed, draws);
}

/** How much larger the share is by one set of scores than by another, on the same rows and draws. */
export function hitsGained(first: Options, second: Options, seed: string, draws: number): OrRefusal<Share> {
  const [a, b] = [firstChoiceHits(first), firstChoiceHits(second)];
  if (isRefusal(a)) return a;
  if (isRefusal(b)) return b;
  if (a.hits.length !== b.hits.length) return refuse('invalid_input', 'The rows are not the same.');
  return meanOf(
    a.hits.map((hit, i) => hit - (b.hits[i] as number)),
    seed,
    draws,
  );
}

/** @param values one of each recipient, at least one. */
export function meanOf(values: Float64Array, seed: string, draws: number): Share {
  const rows = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / rows;
  if (rows < 2) return { value, rows };
  const means: number[] = [];
  resampleCounts(rows, draws, seededRandom(seed), (counts) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += (counts[i] as number) * (values[i] as number);
    means.push(sum / rows);
  });
  const interval = percentileInterval(means);
  return { value, ...(interval && { interval }), rows };
}
