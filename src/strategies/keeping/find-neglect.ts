import type { Custody } from '../custody.js';
import type { Rule } from '../rules/rule.js';
import type { Finding } from './finding.js';

const dayMs = 86_400_000;

/** Days that a review is late at the clock; undefined: it is not, or none is set. The day itself is not late yet. */
export function daysOverdue(review: string | undefined, clock: number): number | undefined {
  if (review === undefined) return undefined;
  const days = Math.floor((clock - Date.parse(`${review}T00:00:00Z`)) / dayMs);
  return days >= 1 ? days : undefined;
}

/**
 * What is missing so that somebody will still know, in a year, why there is this strategy and whom to ask, and what somebody
 * was to look at again. Rules with a date or owner of their own stand beside the whole.
 */
export function findNeglect(
  { owner, purpose, review }: Custody,
  rules: readonly Rule[],
  clock: number,
): Finding[] {
  const warn = (code: Finding['code'], message: string, about: readonly string[] = []): Finding => ({
    ...{ code, severity: 'warning', rules: about, message },
  });
  const late = (what: string, day: string | undefined, about: readonly string[] = []): Finding[] => {
    const days = daysOverdue(day, clock);
    if (days === undefined) return [];
    const message = `${what} was to be looked at again by ${day ?? ''}, ${days} ${days === 1 ? 'day' : 'days'} ago. Look at it, and register it with a new "review" date.`;
    return [warn('review_overdue', message, about)];
  };
  const owned = owner !== undefined || (rules.length > 0 && rules.every((rule) => rule.owner !== undefined));
  return [
    ...(owned
      ? []
      : [warn('no_owner', 'Nobody is named who looks after it: give "owner", a person or a team.')]),
    ...(purpose === undefined
      ? [warn('no_purpose', 'It does not say what it is for: give "purpose", a sentence.')]
      : []),
    // A date of a rule's own takes the place of the common one.
    ...(rules.length > 0 && rules.every((rule) => rule.review !== undefined) ? [] : late('It', review)),
    ...rules.flatMap((rule) => late(`"${rule.id}"`, rule.review, [rule.id])),
  ];
}
