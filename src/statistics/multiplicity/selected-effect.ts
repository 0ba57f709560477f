import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type Estimate, type OrRefusal } from '../result.js';
import { meanOverBar } from './median-unbiased.js';

/**
 * What an effect is worth that is shown only because it was significant, |value / se| > critical: its estimate is
 * conditional on that. `value` of the answer is median unbiased, too large as often as too small among all effects that
 * are shown; its interval covers the true effect with the given probability among them, and may well include 0. Far
 * beyond the critical value both are those of the plain estimate. Refuses `invalid_input`: an effect that was not
 * significant, numbers that are not finite, se not above 0, critical below 0, a level outside (0, 1).
 * Zhong & Prentice (2008), Biostatistics 9; Andrews, Kitagawa & McCloskey (2024), Quarterly Journal of Economics 139.
 */
export function selectedEffect(
  value: number,
  se: number,
  critical: number,
  level: number,
): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (!(se > 0 && se < Infinity)) return refuse('invalid_input', 'se must be a finite number above zero.');
  if (!(critical >= 0)) return refuse('invalid_input', 'critical must be a number of at least zero.');
  const z = Math.abs(value) / se;
  if (!Number.isFinite(z)) return refuse('invalid_input', 'value must be a finite number.');
  if (!(z > critical)) return refuse('invalid_input', 'The effect was not significant: nothing selected it.');
  const sign = Math.sign(value);
  const at = (logUpper: number) =>
    sign * se * (critical + meanOverBar(z - critical, critical, true, logUpper));
  const tail = (1 - level) / 2;
  const ends = [at(Math.log(tail)), at(Math.log1p(-tail))];
  return {
    value: at(-Math.LN2),
    interval: { lower: Math.min(...ends), upper: Math.max(...ends), level },
  };
}

export const selectedEffectMethod = {
  id: 'multiplicity.selected_effect',
  title: 'Effect corrected for having been significant',
  needs: ['effects'],
  parameters: [
    { name: 'se', meaning: 'standard error of the effect, above 0' },
    { name: 'critical', meaning: '|value / se| above which the effect is shown, for example 1.96' },
    LEVEL,
  ],
  reference: 'Zhong & Prentice (2008); Andrews, Kitagawa & McCloskey (2024)',
  compute: selectedEffect,
} as const satisfies Method;
