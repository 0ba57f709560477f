import { normal } from '../distributions/normal.js';
import type { Parameter } from '../method.js';
import { refuse, type Refusal } from '../result.js';

/** What the rate of the treatment is suspected of: to be another one, a higher one, a lower one than the control's. */
export type Alternative = 'two_sided' | 'greater' | 'less';

const ALTERNATIVES: readonly string[] = ['two_sided', 'greater', 'less'] satisfies Alternative[];

/** The parameter of tests that can look to one side. */
export const ALTERNATIVE: Parameter = {
  name: 'alternative',
  meaning: '`two_sided`, or `greater` or `less`: the treatment rate against the control rate',
};

/** A refusal (`invalid_input`) unless the alternative is one of the three. */
export function impossibleAlternative(alternative: Alternative): Refusal | undefined {
  if (ALTERNATIVES.includes(alternative)) return undefined;
  return refuse('invalid_input', 'The alternative must be two_sided, greater or less.');
}

/** The p-value of a standard normal statistic towards one side, and its logarithm. */
export function oneSidedNormal(z: number, side: 'greater' | 'less'): { p: number; logP: number } {
  return side === 'greater'
    ? { p: normal.sf(z), logP: normal.logSf(z) }
    : { p: normal.cdf(z), logP: normal.logCdf(z) };
}
