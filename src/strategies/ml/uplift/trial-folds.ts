import { oneRowEach } from '../../../evaluation/recipient-rows.js';
import { contentHash } from '../../content-hash.js';
import { takeRows } from '../table.js';
import { dealFolds, type Folds, type Refused } from '../validation/folds.js';
import type { TrialTable } from './learner.js';

/**
 * Deals the recipients of a trial out to folds by chance, those of each arm for themselves, so that a fold has its part of either
 * arm and of the outcomes in it. Refuses `too_few` where an arm has too few for that.
 */
export function dealTrial({ treated, labels }: TrialTable, seed: string, count: number): Folds | Refused {
  const of = new Uint8Array(treated.length);
  for (const [arm, what] of ['the control arm', 'the treated'].entries()) {
    const rows = Int32Array.from(treated.keys()).filter((row) => treated[row] === arm);
    const own = Uint8Array.from(rows, (row) => labels[row] as number);
    const dealt = dealFolds(own, oneRowEach(rows.length), `${seed} ${arm}`, { count });
    if ('refused' in dealt) return { ...dealt, reason: `Of ${what}: ${dealt.reason}` };
    rows.forEach((row, i) => (of[row] = dealt.of[i] as number));
  }
  return { count, of, hash: contentHash({ count, folds: [...of].join() }) };
}

/** Some recipients of a trial. */
export function trialOf({ table, treated, labels, treatedShare }: TrialTable, rows: Int32Array): TrialTable {
  return {
    table: takeRows(table, rows),
    treated: Uint8Array.from(rows, (row) => treated[row] as number),
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
    treatedShare,
  };
}

/**
 * For each score the share of all that are lower, those of the same score counted half: so that scores of models which learned from
 * different rows can stand in one ranking.
 *
 * @throws Error for a score that is no number, which stands nowhere.
 */
export function standingsOf(scores: Float64Array): Float64Array {
  if (scores.some(Number.isNaN)) throw new Error('a score is no number');
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const standings = new Float64Array(scores.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start] as number];
    while (end < order.length && scores[order[end] as number] === score) end++;
    for (let place = start; place < end; place++) {
      standings[order[place] as number] = (start + end) / 2 / order.length;
    }
  }
  return standings;
}
