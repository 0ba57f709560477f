import type { HealthCheck } from './context.js';

/** Was enrolment stopped before the end that had been planned? */
export const stoppedEarly: HealthCheck = {
  id: 'stopped_early',
  definition:
    'Stopped early: enrolment that ends before its plan. Where the results decided when to stop, intervals are too narrow ' +
    'and p-values too small.',
  find({ input: { stoppedEarly: early } }) {
    if (!early) return undefined;
    return {
      check: 'stopped_early',
      severity: 'warning',
      title: 'Stopped before its planned end',
      text:
        `Enrolment was planned until ${early.planned.slice(0, 10)} and was stopped on ${early.stopped.slice(0, 10)}. ` +
        'If it was stopped because of what the results looked like, they look surer than they are.',
      evidence: early,
    };
  },
};
