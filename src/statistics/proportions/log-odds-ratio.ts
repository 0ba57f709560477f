import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { logRatio } from '../numerics/log-ratio.js';
import { refuse, type Estimate, type OrRefusal } from '../result.js';

/**
 * Natural logarithm of the odds ratio, treatment over control, with Woolf's interval: what a logit model of two arms
 * estimates. Odds are further apart than rates; readers of reports get the uplift instead. Refuses `invalid_input`,
 * `empty_arm`, and `too_few` where an arm has nobody who did it, or nobody who did not: the logarithm is infinite then.
 * Woolf (1955).
 */
export function logOddsRatio(control: Count, treatment: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([control, treatment]);
  if (impossible) return impossible;
  const [a, b] = [treatment.successes, treatment.n - treatment.successes];
  const [c, d] = [control.successes, control.n - control.successes];
  const cells = [a, b, c, d];
  if (cells.includes(0n)) return refuse('too_few', 'In one arm nobody or everybody did it.');
  const value = logRatio(a * d, b * c);
  const se = Math.sqrt(cells.reduce((sum, cell) => sum + 1 / Number(cell), 0));
  const half = normal.isf((1 - level) / 2) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

export const logOddsRatioMethod = {
  id: 'proportion.log_odds_ratio',
  title: 'Logarithm of the odds ratio of two rates',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Woolf (1955); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.1.1',
  compute: logOddsRatio,
} as const satisfies Method;
