import { impossibleCounts, type Count } from '../count.js';
import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { tooManyTables, tooManyToCount } from './exact-limit.js';
import { aroundMean, logMidTail, seenFromOther, splitOf } from './hypergeometric.js';

/**
 * Fisher's exact test of two equal rates in its mid-p form: twice the smaller mid tail (the tables further out, and
 * half of the observed one), at most 1. Given the total of successes their split is hypergeometric; no digits are lost
 * in arms of 1e10. Takes a step per table until they no longer count: some tens for small expected counts. Where nobody
 * or everybody did it there is but one table, and p is 1. Refuses `invalid_input`, `empty_arm` and `too_many`.
 * Lancaster (1961); Agresti, 3rd ed., 3.5.6.
 */
export function fisherMidP(control: Count, treatment: Count): OrRefusal<{ p: number; logP: number }> {
  const arms = [control, treatment] as const;
  const impossible = impossibleCounts(arms) ?? tooManyToCount(arms) ?? tooManyTables(...arms);
  if (impossible) return impossible;
  const split = splitOf(treatment, control);
  const leads = split.x >= aroundMean(split).above;
  const logTail = logMidTail(leads ? split : seenFromOther(split));
  // Beside the middle the other tail may be the smaller one; both together are 1.
  const tail = Math.exp(logTail);
  const logP = Math.min(0, Math.LN2 + (tail > 0.5 ? Math.log1p(-tail) : logTail));
  return { p: Math.exp(logP), logP };
}

export const fisherMidPMethod = {
  id: 'proportion.fisher_mid_p',
  title: "Fisher's exact test of two rates, mid-p form",
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Lancaster (1961); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.5.6',
  compute: fisherMidP,
} as const satisfies Method;
