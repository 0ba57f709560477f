import { impossibleCounts, type Count } from '../count.js';
import { binomial } from '../distributions/binomial.js';
import type { OrRefusal } from '../result.js';
import type { Method } from '../method.js';

/**
 * Fisher's exact test of two equal rates in its mid-p form: twice the smaller mid tail (the tables further out, and half
 * of the observed one), at most 1. Given the total of successes their split is hypergeometric; the observed table's
 * probability comes from three binomial densities (Loader 2000) and its neighbours from the ratio between tables, so
 * no digits are lost in arms of 1e9. Takes a step per table until they no longer count: some tens for small expected
 * counts. Where nobody or everybody did it there is but one table, and p is 1. Refuses `invalid_input` and `empty_arm`.
 * Lancaster (1961); Agresti, 3rd ed., 3.5.6.
 */
export function fisherMidP(control: Count, treatment: Count): OrRefusal<{ p: number; logP: number }> {
  const impossible = impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const treatmentLeads = treatment.successes * control.n >= control.successes * treatment.n;
  const [leading, other] = treatmentLeads ? [treatment, control] : [control, treatment];
  const rare = 2n * (leading.successes + other.successes) <= leading.n + other.n;
  const logTail = rare
    ? logUpperMidTail(leading, other)
    : logUpperMidTail(failures(other), failures(leading));
  // Beside the middle the other tail may be the smaller one; both together are 1.
  const tail = Math.exp(logTail);
  const logP = Math.LN2 + (tail > 0.5 ? Math.log1p(-tail) : logTail);
  return { p: Math.exp(logP), logP };
}

function failures({ successes, n }: Count): Count {
  return { successes: n - successes, n };
}

/** log(P(X > x) + P(X = x)/2), x = the successes of the arm that leads, all margins held. */
function logUpperMidTail(leading: Count, other: Count): number {
  const [x, n, y, m] = [leading.successes, leading.n, other.successes, other.n].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const share = (x + y) / (n + m);
  const logPmf =
    binomial.logPmf(x, n, share) + binomial.logPmf(y, m, share) - binomial.logPmf(x + y, n + m, share);
  let sum = 0.5;
  let term = 1;
  for (let k = 0; ; k += 1) {
    term *= ((y - k) / (x + k + 1)) * ((n - x - k) / (m - y + k + 1));
    const next = sum + term;
    if (next === sum) return logPmf + Math.log(sum);
    sum = next;
  }
}

export const fisherMidPMethod = {
  id: 'proportion.fisher_mid_p',
  title: "Fisher's exact test of two rates, mid-p form",
  needs: ['n', 'nonZero'],
  parameters: [],
  reference: 'Lancaster (1961); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.5.6',
  compute: fisherMidP,
} as const satisfies Method;
