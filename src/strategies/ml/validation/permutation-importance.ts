import { percentileInterval, resampleCounts } from '../../../evaluation/resample.js';
import { seededRandom, shuffled } from '../../../evaluation/random.js';
import { isRefusal } from '../../../evaluation/refusal.js';
import type { Model } from '../estimator.js';
import type { Refused } from './folds.js';
import { type LabelledRows, takeLabelled } from './labelled-rows.js';
import { permuteColumn } from './permute.js';
import { advantage, type Scoring } from './scoring.js';

/** By column, how much worse the score is without it. */
export type Importance = ReadonlyMap<
  string,
  { readonly value: number; readonly interval: readonly [number, number] }
>;

export interface ImportanceOptions {
  readonly seed: string;
  /** Orders that each column is put in; 5 unless given. */
  readonly repeats?: number;
  /** Bootstrap samples of recipients; 200 unless given. */
  readonly draws?: number;
}

/** With more rows a sample of so many is looked at: what is more changes the intervals and little else. */
const mostRows = 50_000;

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): the loss of score when one column of rows that the
 * model did not learn from is put in another order, averaged over `repeats` orders; with the middle 95 % over resampled
 * recipients. Columns that say the same share their importance: each alone may look like none.
 */
export function permutationImportance(
  model: Model,
  rows: LabelledRows,
  scoring: Scoring,
  { seed, repeats = 5, draws = 200 }: ImportanceOptions,
): Importance | Refused {
  const { table, labels, recipients } = sampled(rows, seed);
  const whole = scoring.prepare(labels, model.predict(table));
  if (isRefusal(whole)) return whole;
  const underDraws = scorerUnder(drawCounts(recipients.recipients, seed, draws), recipients.of);
  const before = underDraws(whole);
  if (before[0] === undefined) {
    return {
      refused: true,
      code: 'no_variation',
      reason: 'All rows have the same label, so nothing can get worse.',
    };
  }
  const importance = new Map<string, { value: number; interval: readonly [number, number] }>();
  for (const { name } of model.columns) {
    const random = seededRandom(`${seed} order of ${name}`);
    const losses = before.map(() => 0);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const after = scoring.prepare(labels, model.predict(permuteColumn(table, name, random)));
      if (isRefusal(after)) return after;
      for (const [i, score] of underDraws(after).entries()) {
        const known = before[i];
        losses[i] =
          (losses[i] as number) +
          (known === undefined || score === undefined ? NaN : advantage(scoring, known, score));
      }
    }
    const [value = 0, ...drawn] = losses.map((loss) => loss / repeats);
    const interval = percentileInterval(drawn);
    importance.set(name, { value, interval: interval ?? [value, value] });
  }
  return importance;
}

/** Scores of the rows as they are, and then under each draw. */
function scorerUnder(counts: readonly Uint16Array[], recipientOf: Int32Array) {
  return (scored: (weights: Float64Array) => number | undefined): (number | undefined)[] => {
    const weights = new Float64Array(recipientOf.length).fill(1);
    const asTheyAre = scored(weights);
    const drawn = counts.map((count) => {
      for (const [row, recipient] of recipientOf.entries()) weights[row] = count[recipient] as number;
      return scored(weights);
    });
    return [asTheyAre, ...drawn];
  };
}

function sampled(rows: LabelledRows, seed: string): LabelledRows {
  if (rows.table.rows <= mostRows) return rows;
  const order = shuffled(rows.table.rows, seededRandom(`${seed} sample`));
  return takeLabelled(rows, order.subarray(0, mostRows));
}

/** Per draw how often each recipient was drawn. */
function drawCounts(recipients: number, seed: string, draws: number): Uint16Array[] {
  const kept: Uint16Array[] = [];
  if (recipients > 1) {
    const random = seededRandom(`${seed} recipients`);
    resampleCounts(recipients, draws, random, (counts) => kept.push(Uint16Array.from(counts)));
  }
  return kept;
}
