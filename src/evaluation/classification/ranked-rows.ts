import { type OrRefusal, type Refusal, refuse } from '../refusal.js';

/**
 * Labels and scores in the order of the scores, the highest first, ties by lower row. Sorted once: every measure, and every
 * draw of a bootstrap, goes over the same order with other weights.
 */
export interface RankedRows {
  /** The row that stands in each place. */
  readonly rows: Int32Array;
  /** 0 or 1, by place. */
  readonly labels: Uint8Array;
  /** Falling. */
  readonly scores: Float64Array;
  /** Where each run of equal scores ends: one past its last place, rising. */
  readonly ends: Int32Array;
}

/**
 * Refuses `invalid_input` for lengths that differ, labels other than 0 and 1 and scores that are no finite numbers, and
 * `too_few` for no rows.
 */
export function rankRows(labels: Uint8Array, scores: Float64Array): OrRefusal<RankedRows> {
  const problem = problemOf(labels, scores);
  if (problem) return problem;
  const rows = fallingOrder(scores);
  const ranked = new Float64Array(rows.length);
  const rankedLabels = new Uint8Array(rows.length);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as number;
    ranked[place] = scores[row] as number;
    rankedLabels[place] = labels[row] as number;
  }
  const ends: number[] = [];
  for (let place = 1; place <= rows.length; place++) {
    if (ranked[place] !== ranked[place - 1]) ends.push(place);
  }
  return {
    rows,
    labels: rankedLabels,
    scores: ranked,
    ends: Int32Array.from(ends),
  };
}

function problemOf(labels: Uint8Array, scores: Float64Array): Refusal | undefined {
  if (labels.length !== scores.length) {
    return refuse(
      'invalid_input',
      `There are ${labels.length} labels for ${scores.length} scores; each row needs one of each.`,
    );
  }
  if (labels.length === 0) return refuse('too_few', 'There are no rows to measure on.');
  const bad = labels.findIndex((label) => label > 1);
  if (bad >= 0) return refuse('invalid_input', `The label of row ${bad} is ${labels[bad]}, not 0 or 1.`);
  const unknown = scores.findIndex((score) => !Number.isFinite(score));
  if (unknown >= 0) {
    return refuse('invalid_input', `The score of row ${unknown} is ${scores[unknown]}, which is no number.`);
  }
  return undefined;
}

/** Why weights cannot be used: as many as rows, finite, none below 0, one above. */
export function weightsProblem(weights: Float64Array, rows: number): Refusal | undefined {
  if (weights.length !== rows) {
    return refuse('invalid_input', `There are ${weights.length} weights for ${rows} rows.`);
  }
  const bad = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (bad >= 0) {
    return refuse('invalid_input', `The weight of row ${bad} is ${weights[bad]}; weights are 0 or more.`);
  }
  return weights.some((weight) => weight > 0) ? undefined : refuse('too_few', 'No row has a weight above 0.');
}

/** Weights of rows by place; 1 for each where there are none. */
export function weightsByPlace(ranked: RankedRows, weights?: Float64Array): Float64Array {
  const { rows } = ranked;
  if (!weights) return new Float64Array(rows.length).fill(1);
  return Float64Array.from(rows, (row) => weights[row] as number);
}

/**
 * Rows by falling score, ties by lower row: a radix sort over the bits of the numbers, which is stable and needs no comparisons.
 * Flipped so, the bits of finite numbers rise as the numbers fall.
 */
export function fallingOrder(scores: Float64Array): Int32Array {
  const bits = new Float64Array(scores.length);
  // Adding 0 makes -0 the 0 that it is equal to.
  for (let i = 0; i < bits.length; i++) bits[i] = (scores[i] as number) + 0;
  const words = new Uint32Array(bits.buffer);
  for (let i = 0; i < words.length; i += 2) {
    if ((words[i + 1] as number) >>> 31 === 1) continue;
    words[i] = ~(words[i] as number);
    words[i + 1] = ~(words[i + 1] as number) & 0x7fffffff;
  }
  let order = new Int32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  let next = new Int32Array(order.length);
  for (let digit = 0; digit < 8; digit++) {
    if (!sortByDigit(words, digit, order, next)) continue;
    [order, next] = [next, order];
  }
  return order;
}

/** One pass: by the eight bits of `digit`, leaving the order of what is equal in them. False where all are, and nothing is done. */
function sortByDigit(words: Uint32Array, digit: number, from: Int32Array, to: Int32Array): boolean {
  const word = digit >> 2;
  const shift = (digit & 3) * 8;
  const starts = new Int32Array(256);
  for (let i = word; i < words.length; i += 2) {
    const value = ((words[i] as number) >>> shift) & 255;
    starts[value] = (starts[value] as number) + 1;
  }
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    const count = starts[value] as number;
    if (count === from.length) return false;
    starts[value] = sum;
    sum += count;
  }
  for (let i = 0; i < from.length; i++) {
    const row = from[i] as number;
    const value = ((words[row * 2 + word] as number) >>> shift) & 255;
    const place = starts[value] as number;
    starts[value] = place + 1;
    to[place] = row;
  }
  return true;
}
