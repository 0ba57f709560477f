import type { coverageOf } from '../flows/keep-scores.js';
import { percent } from './calibration-chart.js';
import { shownSpan, shownTime } from './shown-time.js';

type Coverage = Awaited<ReturnType<typeof coverageOf>>;

/** Coverage and age of the scores that are kept, for a page. */
export function scoresView({ trait, recipients, scored, oldest, newest }: Coverage, now: Date) {
  const time = (iso: string) => ({
    ...{ iso, text: shownTime(new Date(iso)) },
    age: shownSpan((now.getTime() - Date.parse(iso)) / 1_000),
  });
  return {
    ...{ trait, recipients: recipients.toLocaleString('en'), scored: scored.toLocaleString('en') },
    ...(recipients > 0 && { share: percent(scored / recipients) }),
    ...(newest !== undefined && { newest: time(newest) }),
    // Some have not been scored again since: the model does not speak about them any more, or a run was interrupted.
    ...(oldest !== undefined && oldest !== newest && { oldest: time(oldest) }),
  };
}
