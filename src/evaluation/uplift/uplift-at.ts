import type { Ranking } from './ranking.js';
import type { TrialOutcomes } from './trial-outcomes.js';

/**
 * `overall`: the first floor(share n) of all; `by_group`: of each arm its own first floor(share n_arm).
 * Both are `uplift_at_k` of scikit-uplift 0.5.
 */
export type TopRule = 'overall' | 'by_group';

/**
 * Mean outcome of the treated less that of the control among the recipients on top of the ranking. Recipients of the same score
 * stand in the order of the rows. NaN where an arm has nobody there: callers refuse it.
 *
 * @param share in (0, 1]. @param counts how often each recipient counts; once unless given.
 */
export function upliftAt(
  { order }: Ranking,
  { treated, outcomes }: TrialOutcomes,
  share: number,
  rule: TopRule,
  counts?: Int32Array,
): number {
  const countOf = (row: number): number => (counts === undefined ? 1 : (counts[row] as number));
  const sizes = [0, 0];
  for (const row of order)
    sizes[treated[row] as number] = (sizes[treated[row] as number] ?? 0) + countOf(row);
  const [controls = 0, treateds = 0] = sizes;
  const left =
    rule === 'overall'
      ? { all: Math.floor((controls + treateds) * share), control: Infinity, treated: Infinity }
      : { all: Infinity, control: Math.floor(controls * share), treated: Math.floor(treateds * share) };
  const found = { treated: 0, treatedSum: 0, control: 0, controlSum: 0 };
  for (const row of order) {
    if (left.all === 0 || (left.control === 0 && left.treated === 0)) break;
    const arm = treated[row] === 1 ? 'treated' : 'control';
    const taken = Math.min(countOf(row), left.all, left[arm]);
    left.all -= taken;
    left[arm] -= taken;
    found[arm] += taken;
    found[`${arm}Sum`] += taken * (outcomes[row] as number);
  }
  return found.treatedSum / found.treated - found.controlSum / found.control;
}
