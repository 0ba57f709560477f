import type { findStanding, FollowedRun } from '../flows/find-learning.js';
import { percent } from './calibration-chart.js';
import { time } from './model-figures.js';
import { hrefOf } from './model-view.js';
import { shownText } from './shown-text.js';

type Standing = Awaited<ReturnType<typeof findStanding>>;

const longest = 600;

/** Intervals that a form offers; any other that was set over the API is offered beside them. */
const usualIntervals: readonly (readonly [string, string])[] = [
  ['', 'only when somebody asks'],
  ['1d', 'every day'],
  ['7d', 'every week'],
  ['14d', 'every two weeks'],
  ['30d', 'every 30 days'],
];

/** How it stands with what a strategy learns, as its page shows it. */
export function learningView({ inUse, open, last, retraining }: Standing) {
  return {
    inUse: inUse && { id: inUse.id, href: hrefOf(inUse.name, inUse.number), learned: time(inUse.clock) },
    open: open.map(({ id, status, step, share, askedBy, askedAt }) => ({
      ...{ id, status, by: shownText(askedBy), asked: time(askedAt), step: shownText(step, longest) },
      ...(share !== undefined && { share: percent(share) }),
    })),
    last: last && {
      ...{ status: last.status, by: shownText(last.askedBy) },
      says: shownText(last.message ?? '', longest),
      ended: time(last.endedAt ?? last.askedAt),
    },
    retraining: retraining && {
      ...{ every: retraining.every, at: retraining.at, setBy: shownText(retraining.setBy) },
      next: time(retraining.next),
    },
    intervals: intervalsWith(retraining?.every),
  };
}

const openWords: Readonly<Record<string, string>> = {
  waiting: 'Waiting for its turn',
  running: 'Learning now',
};
const endedWords: Readonly<Record<string, string>> = {
  done: 'It has learned',
  failed: 'The learning failed',
  interrupted: 'The learning was ended before it was done',
};

/** One run, as the page that follows it shows it. */
export function followedView({ run, version, model }: FollowedRun) {
  const { id, name, status, share } = run;
  const isOpen = Object.hasOwn(openWords, status);
  // While it waits, the title says all of it.
  const step = status === 'running' ? shownText(run.step, longest) : '';
  const message = shownText(run.message ?? '', longest);
  const title = (isOpen ? openWords : endedWords)[status] ?? status;
  return {
    ...{ id, name, version, isOpen, isDone: status === 'done', title, step, message },
    // How much of a step is done is not read out: it changes every second.
    says: isOpen ? `${title}${step === '' ? '' : `: ${step}`}.` : `${title}. ${message}`,
    ...(share !== undefined && { share, percent: percent(share) }),
    ...(model !== undefined && { model: { id: `${name}/${model}`, href: hrefOf(name, model) } }),
    by: shownText(run.askedBy),
    asked: time(run.askedAt),
    ...(run.endedAt !== undefined && { ended: time(run.endedAt) }),
    strategy: `/strategies/${encodeURIComponent(name)}?version=${version}#learning`,
  };
}

function intervalsWith(every: string | undefined): readonly (readonly [string, string])[] {
  const isUsual = every === undefined || usualIntervals.some(([value]) => value === every);
  return isUsual ? usualIntervals : [...usualIntervals, [every, `every ${parseInt(every, 10)} days`]];
}
