import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type Estimate, type OrRefusal, type ValueWithSe } from '../result.js';
import { meanOverBar } from './median-unbiased.js';

export interface SelectedBest {
  /** Which of the arms has the largest value, from 0. */
  readonly index: number;
  /** Its mean, given that it came out as the largest. */
  readonly estimate: Estimate;
}

/**
 * What the arm with the largest of several independent means is worth, given that it was the largest: median unbiased,
 * with an interval that covers its true mean with the given probability whichever arm wins. When the runner-up is
 * close the data say little about the winner alone and the interval reaches far down. Refuses `invalid_input`: fewer
 * than two arms, numbers that are not finite, se not above 0, two largest values so close that neither won, a level
 * outside (0, 1). Andrews, Kitagawa & McCloskey (2024), Quarterly Journal of Economics 139, for independent arms.
 */
export function selectedBest(arms: readonly ValueWithSe[], level: number): OrRefusal<SelectedBest> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (arms.length < 2) return refuse('invalid_input', 'A best arm needs another one beside it.');
  if (!arms.every(({ value, se }) => Number.isFinite(value) && se > 0 && se < Infinity)) {
    return refuse('invalid_input', 'Every arm needs a finite value and a finite se above zero.');
  }
  const values = arms.map(({ value }) => value);
  const index = values.indexOf(Math.max(...values));
  const { value, se } = arms[index] ?? { value: NaN, se: NaN };
  const second = Math.max(...values.filter((_, i) => i !== index));
  const excess = (value - second) / se;
  if (!(excess > 0 && excess < Infinity)) {
    return refuse('invalid_input', 'No arm has a value clearly above all others.');
  }
  const at = (logUpper: number) => second + se * meanOverBar(excess, 0, false, logUpper);
  const tail = (1 - level) / 2;
  const [lower, middle, upper] = [at(Math.log(tail)), at(-Math.LN2), at(Math.log1p(-tail))];
  if (!Number.isFinite(middle))
    return refuse('invalid_input', 'The two largest values are too close to tell.');
  return { index, estimate: { value: middle, interval: { lower, upper, level } } };
}

export const selectedBestMethod = {
  id: 'multiplicity.selected_best',
  title: 'Best arm corrected for having been chosen',
  needs: ['effects'],
  parameters: [LEVEL],
  reference: 'Andrews, Kitagawa & McCloskey (2024)',
  compute: selectedBest,
} as const satisfies Method;
