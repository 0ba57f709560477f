import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type Warning } from '../result.js';
import { PLAN, unfitSizes } from './error-rates.js';
import { detectableRate, type DetectableRate, type RatePlan } from './power-proportions.js';
import { sampleSizeProportions, type ProportionPlan } from './sample-size.js';

export interface ListPlan extends Omit<RatePlan, 'n'> {
  /** Everybody who can get the mail, after suppression and overlap. */
  readonly listSize: number;
}

export interface ListLimit extends DetectableRate {
  readonly warnings: readonly Warning[];
}

export interface SmallestCohort {
  /** Recipients of both arms together; not rounded. */
  readonly recipients: number;
  /** The same as a share of the list, in (0, 1]. */
  readonly share: number;
}

/** Hardly any change of a mail moves a rate by more. */
const IMPLAUSIBLE_UPLIFT = 0.2;

/**
 * The smallest change of a rate that two arms find with everybody on the list. Warns `list_too_short` when that is more
 * than 20 % of the baseline. Refuses as `detectableRate`.
 */
export function listLimit(plan: ListPlan): OrRefusal<ListLimit> {
  const { listSize, ratio = 1 } = plan;
  const found = detectableRate({ ...plan, n: listSize / (1 + ratio) });
  if (isRefusal(found)) return found;
  const warnings = Math.abs(found.uplift) > IMPLAUSIBLE_UPLIFT ? [TOO_SHORT] : [];
  return { ...found, warnings };
}

const TOO_SHORT = {
  code: 'list_too_short',
  message: 'Even with everybody on the list only a change of more than 20 % would be found.',
} as const;

/**
 * How small a cohort can be for an effect in it to be found on its own, in recipients and as a share of the list. For
 * several cohorts divide alpha by their number. Refuses as `sampleSizeProportions`, and `too_few` when the whole list
 * is too small.
 */
export function smallestCohort(
  plan: ProportionPlan & { readonly listSize: number },
): OrRefusal<SmallestCohort> {
  const sizes = sampleSizeProportions(plan);
  if (isRefusal(sizes)) return sizes;
  const unfit = unfitSizes(plan.listSize);
  if (unfit) return unfit;
  const recipients = sizes.control + sizes.treatment;
  if (recipients > plan.listSize)
    return refuse('too_few', 'Not even the whole list is large enough for this effect.');
  return { recipients, share: recipients / plan.listSize };
}

const shared = { needs: ['plan'], parameters: [PLAN], reference: 'Fleiss (1981)' } as const;

export const listLimitMethod = {
  ...shared,
  id: 'plan.list_limit',
  title: 'Smallest change of a rate that a list can show',
  compute: listLimit,
} as const satisfies Method;

export const smallestCohortMethod = {
  ...shared,
  id: 'plan.smallest_cohort',
  title: 'Smallest cohort in which an effect can be found',
  compute: smallestCohort,
} as const satisfies Method;
