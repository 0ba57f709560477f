import type { Custody } from '../custody.js';
import type { Finding } from './finding.js';

const dayMs = 86_400_000;

/** Days that a review is late at the clock; undefined: it is not, or none is set. The day itself is not late yet. */
export function daysOverdue(review: string | undefined, clock: number): number | undefined {
  if (review === undefined) return undefined;
  const days = Math.floor((clock - Date.parse(`${review}T00:00:00Z`)) / dayMs);
  return days >= 1 ? days : undefined;
}

/** What is missing so that somebody will still know, in a year, why there is this strategy and whom to ask. */
export function findNeglect({ owner, purpose, review }: Custody, clock: number): Finding[] {
  const warn = (code: Finding['code'], message: string): Finding => ({
    ...{ code, severity: 'warning', rules: [], message },
  });
  const late = daysOverdue(review, clock);
  return [
    ...(owner === undefined
      ? [warn('no_owner', 'Nobody is named who looks after it: give "owner", a person or a team.')]
      : []),
    ...(purpose === undefined
      ? [warn('no_purpose', 'It does not say what it is for: give "purpose", a sentence.')]
      : []),
    ...(late === undefined
      ? []
      : [
          warn(
            'review_overdue',
            `It was to be looked at again by ${review ?? ''}, ${late} ${late === 1 ? 'day' : 'days'} ago. Look at it, and register it with a new "review" date.`,
          ),
        ]),
  ];
}
