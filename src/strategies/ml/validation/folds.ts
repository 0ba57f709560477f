import type { RecipientRows } from '../../../evaluation/recipient-rows.js';
import { seededRandom, shuffled } from '../../../evaluation/random.js';
import { contentHash } from '../../content-hash.js';

/** Which fold each row is in, kept so that a score can be had again. */
export interface Folds {
  readonly count: number;
  /** By row, from 0. */
  readonly of: Uint8Array;
  /** Of count and folds: two comparisons with the same hash were made on the same folds. */
  readonly hash: string;
}

export interface Refused {
  readonly refused: true;
  readonly code: string;
  readonly reason: string;
}

export interface FoldOptions {
  /** 5 unless given; from 2 to 50. */
  readonly count?: number;
  /** Whether each fold gets its part of the recipients with a label 1; yes unless said. */
  readonly stratified?: boolean;
}

/**
 * Deals recipients out to folds by chance: all rows of one go to one fold, so that nobody is learned from and measured on.
 * Stratified, those with the most positive rows are dealt first, each to the fold that has the fewest of them; all others go where the
 * fewest rows are.
 *
 * Refuses `too_few` where there are fewer recipients than folds or, stratified, a fold would have rows of one label only.
 */
export function dealFolds(
  labels: Uint8Array,
  recipients: RecipientRows,
  seed: string,
  { count = 5, stratified = true }: FoldOptions = {},
): Folds | Refused {
  if (!Number.isInteger(count) || count < 2 || count > 50) {
    const reason = `Folds are a whole number from 2 to 50, not ${count}.`;
    return { refused: true, code: 'invalid_input', reason };
  }
  const foldOf = deal(labels, recipients, seed, count, stratified);
  const folds = Uint8Array.from(recipients.of, (recipient) => foldOf[recipient] as number);
  const held = [new Set<number>(), new Set<number>()];
  for (const [row, fold] of folds.entries()) held[labels[row] === 1 ? 1 : 0]?.add(fold);
  const isShort = stratified ? held.some(({ size }) => size < count) : recipients.recipients < count;
  if (isShort) {
    const what = stratified ? 'for each to have rows of either label' : 'for each to have one';
    const reason = `There are ${recipients.recipients} recipients for ${count} folds, too few ${what}: use fewer folds or more rows.`;
    return { refused: true, code: 'too_few', reason };
  }
  return { count, of: folds, hash: contentHash({ count, folds: [...folds].join() }) };
}

/** By recipient the fold. */
function deal(
  labels: Uint8Array,
  { recipients, of }: RecipientRows,
  seed: string,
  count: number,
  stratified: boolean,
): Uint8Array {
  const [rows, positives] = [new Int32Array(recipients), new Int32Array(recipients)];
  for (const [row, recipient] of of.entries()) {
    rows[recipient] = (rows[recipient] as number) + 1;
    if (stratified) positives[recipient] = (positives[recipient] as number) + (labels[row] as number);
  }
  const order = shuffled(recipients, seededRandom(seed));
  // Stable: those with equally many stay in the order of chance.
  order.sort((a, b) => (positives[b] as number) - (positives[a] as number));
  const folds = Array.from({ length: count }, (_, fold) => ({ fold, rows: 0, positives: 0 }));
  const foldOf = new Uint8Array(recipients);
  for (const recipient of order) {
    const own = positives[recipient] as number;
    const fold = folds.reduce((best, one) => {
      const fewer = own > 0 ? one.positives - best.positives : 0;
      return fewer < 0 || (fewer === 0 && one.rows < best.rows) ? one : best;
    });
    fold.rows += rows[recipient] as number;
    fold.positives += own;
    foldOf[recipient] = fold.fold;
  }
  return foldOf;
}

/** Rows in the fold, and those that are not. */
export function rowsOfFold(
  { of }: Folds,
  fold: number,
): { readonly inside: Int32Array; readonly outside: Int32Array } {
  const rows = Int32Array.from(of, (_, row) => row);
  return { inside: rows.filter((row) => of[row] === fold), outside: rows.filter((row) => of[row] !== fold) };
}
