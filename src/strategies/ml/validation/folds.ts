import type { RecipientRows } from '../../../evaluation/classification/resample.js';
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
 * Deals recipients out to folds by chance: all rows of one go to one fold, so that nobody is learned from and measured on. Each
 * recipient goes where the fewest rows of their stratum are.
 *
 * Refuses `too_few` where there are fewer recipients than folds (of either label, where stratified).
 */
export function dealFolds(
  labels: Uint8Array,
  { recipients, of }: RecipientRows,
  seed: string,
  { count = 5, stratified = true }: FoldOptions = {},
): Folds | Refused {
  if (!Number.isInteger(count) || count < 2 || count > 50) {
    return {
      refused: true,
      code: 'invalid_input',
      reason: `Folds are a whole number from 2 to 50, not ${count}.`,
    };
  }
  const rowsOf = new Int32Array(recipients);
  const isPositive = new Uint8Array(recipients);
  for (const [row, recipient] of of.entries()) {
    rowsOf[recipient] = (rowsOf[recipient] as number) + 1;
    if (labels[row] === 1) isPositive[recipient] = 1;
  }
  const positives = isPositive.reduce((sum, one) => sum + one, 0);
  const fewest = stratified ? Math.min(positives, recipients - positives) : recipients;
  if (fewest < count) {
    const whom = stratified ? ' of either label' : '';
    return {
      refused: true,
      code: 'too_few',
      reason: `There are ${fewest} recipients${whom} for ${count} folds, and each fold needs one: use fewer folds or more rows.`,
    };
  }
  const foldOf = new Uint8Array(recipients);
  const filled = [new Int32Array(count), new Int32Array(count)];
  for (const recipient of shuffled(recipients, seededRandom(seed))) {
    const sizes = filled[stratified ? (isPositive[recipient] as number) : 0] as Int32Array;
    const fold = sizes.indexOf(sizes.reduce((least, size) => Math.min(least, size)));
    foldOf[recipient] = fold;
    sizes[fold] = (sizes[fold] as number) + (rowsOf[recipient] as number);
  }
  const folds = Uint8Array.from(of, (recipient) => foldOf[recipient] as number);
  return { count, of: folds, hash: contentHash({ count, folds: [...folds].join() }) };
}

/** Rows in the fold, and those that are not. */
export function rowsOfFold(
  { of }: Folds,
  fold: number,
): { readonly inside: Int32Array; readonly outside: Int32Array } {
  const rows = Int32Array.from(of, (_, row) => row);
  return { inside: rows.filter((row) => of[row] === fold), outside: rows.filter((row) => of[row] !== fold) };
}
