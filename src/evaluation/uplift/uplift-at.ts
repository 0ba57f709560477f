import type { Ranking } from './ranking.js';

/**
 * `overall`: the first floor(share n) of all; `by_group`: of each arm its own first floor(share n_arm).
 * Both are `uplift_at_k` of scikit-uplift 0.5.
 */
export type TopRule = 'overall' | 'by_group';

/**
 * Mean outcome of the treated less that of the control among the recipients on top of the ranking. Recipients of the same score
 * stand in the order of the rows. NaN where an arm has nobody there: callers refuse it.
 *
 * @param share in (0, 1]. @param counts how often each recipient counts, by place; once unless given.
 */
export function upliftAt(
  { treated, outcomes }: Ranking,
  share: number,
  rule: TopRule,
  counts?: Int32Array,
): number {
  const left = leftOf(treated, share, rule, counts);
  const found = { treated: 0, treatedSum: 0, control: 0, controlSum: 0 };
  for (let place = 0; place < treated.length; place++) {
    if (left.all === 0 || (left.control === 0 && left.treated === 0)) break;
    const count = counts === undefined ? 1 : (counts[place] as number);
    if (treated[place] === 1) {
      const taken = Math.min(count, left.all, left.treated);
      left.all -= taken;
      left.treated -= taken;
      found.treated += taken;
      found.treatedSum += taken * (outcomes[place] as number);
    } else {
      const taken = Math.min(count, left.all, left.control);
      left.all -= taken;
      left.control -= taken;
      found.control += taken;
      found.controlSum += taken * (outcomes[place] as number);
    }
  }
  return found.treatedSum / found.treated - found.controlSum / found.control;
}

/** How many may still be taken, of all and of each arm. */
function leftOf(treated: Uint8Array, share: number, rule: TopRule, counts?: Int32Array) {
  let [all, some] = [0, 0];
  for (let place = 0; place < treated.length; place++) {
    const count = counts === undefined ? 1 : (counts[place] as number);
    all += count;
    if (treated[place] === 1) some += count;
  }
  return rule === 'overall'
    ? { all: Math.floor(all * share), control: Infinity, treated: Infinity }
    : { all: Infinity, control: Math.floor((all - some) * share), treated: Math.floor(some * share) };
}
