import { refuse, type OrRefusal, type Warning } from '../result.js';
import { tooLarge } from '../sums.js';
import { testedEstimate, type TestedEstimate } from '../tested-estimate.js';

/**
 * `testedEstimate` of an adjusted contrast. Refuses `no_variation` for a standard error of zero and `invalid_input` for
 * numbers beyond what a computer can hold.
 */
export function adjustedEstimate(
  moments: { readonly value: number; readonly se: number; readonly df: number },
  level: number,
  method: string,
  warnings: readonly Warning[] = [],
): OrRefusal<TestedEstimate> {
  const { value, se } = moments;
  if (se === 0)
    return refuse('no_variation', 'Nothing is left to vary within the arms, so no error is known.');
  if (!Number.isFinite(value / se) || !Number.isFinite(se)) return tooLarge;
  const { estimate, test } = testedEstimate(moments, level, method, warnings);
  return { estimate, test };
}
