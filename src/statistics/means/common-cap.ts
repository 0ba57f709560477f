import type { Method } from '../method.js';
import { refuse, type OrRefusal } from '../result.js';
import { typeSeven } from './quantile.js';

/**
 * One cap for all arms: a quantile (type 7) of the outcomes other than zero, over all arms at once and so without
 * knowing the arms. Take it from the time before the send or from blinded data, and store it before arms are compared.
 * In the outcomes' own units, one number per recipient (not per order). Refuses `invalid_input` (an outcome that is not
 * finite, a quantile outside (0, 1]), `too_few` (all outcomes are zero) and `not_positive` (mostly refunds: the cap
 * would not be above zero). Hyndman & Fan (1996).
 */
export function commonCap(
  arms: readonly (readonly number[])[],
  quantile: number,
): OrRefusal<{ readonly cap: number }> {
  if (!(quantile > 0 && quantile <= 1)) {
    return refuse(
      'invalid_input',
      'The quantile of a cap must lie above 0 and not above 1, for example 0.99.',
    );
  }
  if (!arms.every((arm) => arm.every(Number.isFinite))) {
    return refuse('invalid_input', 'An outcome is not a finite number.');
  }
  const values = Float64Array.from(arms.flatMap((arm) => arm.filter((y) => y !== 0))).sort();
  if (values.length === 0) return refuse('too_few', 'All outcomes are zero, so there is nothing to cap.');
  const cap = typeSeven(values, quantile);
  if (cap <= 0) return refuse('not_positive', 'The cap would not lie above zero.');
  return { cap };
}

export const commonCapMethod = {
  id: 'mean.common_cap',
  title: 'Common cap of outcomes',
  needs: ['outcomes'],
  parameters: [
    { name: 'quantile', meaning: 'quantile of the outcomes other than zero in (0, 1], for example 0.99' },
  ],
  reference: 'Hyndman & Fan (1996)',
  compute: commonCap,
} as const satisfies Method;
