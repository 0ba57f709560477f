import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import { PLAN, unfitSizes } from './error-rates.js';

export interface DurationPlan {
  /** Recipients needed in all arms together. */
  readonly recipients: number;
  /** New recipients per day, from history: seven numbers, Monday first. */
  readonly intake: readonly number[];
  /** First day of the experiment, counted from 1 January 1970. */
  readonly startDay: number;
  /** Shares of the intake that are let in on the first days, each in [0, 1]; all of it later, and if left out. */
  readonly ramp?: readonly number[];
  /** Days after the send in which an outcome counts. */
  readonly attributionDays: number;
  /** Days until late outcomes have arrived; 0 if left out. */
  readonly bufferDays?: number;
  /** Everybody who can get the mail, after suppression and overlap; no limit if left out. */
  readonly listSize?: number;
}

export interface Duration {
  /** Days on which recipients are let in. */
  readonly enrolmentDays: number;
  /** Enrolment, attribution window and buffer. */
  readonly totalDays: number;
  /** The same in whole weeks, rounded up. */
  readonly totalWeeks: number;
  /** Day on which the result can be read (counted as `startDay`), after whole weeks. */
  readonly readDay: number;
  /** Recipients let in by then; at least those needed, and no more than are on the list. */
  readonly enrolled: number;
}

/** An experiment that takes longer answers another question than the one that was asked. */
const LONGEST = 3650;

/**
 * How long an experiment takes: days until enough recipients were let in, at the pace of each weekday and slower in the
 * ramp, then the attribution window and the buffer, rounded up to whole weeks. Refuses `invalid_input`, and `too_few`
 * when the list is shorter than the need or more than ten years would pass.
 */
export function duration(plan: DurationPlan): OrRefusal<Duration> {
  const unfit = unfitPlan(plan);
  if (unfit) return unfit;
  const {
    recipients,
    intake,
    startDay,
    ramp = [],
    attributionDays,
    bufferDays = 0,
    listSize = Infinity,
  } = plan;
  if (recipients > listSize) return refuse('too_few', 'The list holds fewer recipients than are needed.');
  let enrolled = 0;
  for (let day = 0; day < LONGEST; day += 1) {
    enrolled += (intake[weekday(startDay + day)] ?? 0) * (ramp[day] ?? 1);
    if (enrolled < recipients) continue;
    const totalDays = day + 1 + Math.ceil(attributionDays + bufferDays);
    const totalWeeks = Math.ceil(totalDays / 7);
    return {
      enrolmentDays: day + 1,
      totalDays,
      totalWeeks,
      readDay: startDay + 7 * totalWeeks,
      enrolled: Math.min(enrolled, listSize),
    };
  }
  return refuse('too_few', 'At this pace the experiment would take more than ten years.');
}

/** 0 is Monday; 1 January 1970 was a Thursday. */
function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function unfitPlan(plan: DurationPlan): Refusal | undefined {
  const { recipients, intake, startDay, ramp = [], attributionDays, bufferDays = 0, listSize = 1 } = plan;
  if (intake.length !== 7 || !intake.every((count) => count >= 0 && count <= 1e12)) {
    return refuse('invalid_input', 'The intake is seven numbers of zero or more, one for each weekday.');
  }
  if (!Number.isInteger(startDay) || Math.abs(startDay) > 1e6) {
    return refuse('invalid_input', 'The first day must be a whole number of days since 1970 (startDay).');
  }
  if (ramp.length > LONGEST || !ramp.every((share) => share >= 0 && share <= 1)) {
    return refuse('invalid_input', 'The shares of the ramp must lie between 0 and 1.');
  }
  if (![attributionDays, bufferDays].every((days) => days >= 0 && days <= LONGEST)) {
    return refuse(
      'invalid_input',
      'Attribution window and buffer must be days of zero or more, up to ten years.',
    );
  }
  return unfitSizes(recipients, listSize);
}

export const durationMethod = {
  id: 'plan.duration',
  title: 'How long an experiment takes',
  needs: ['plan'],
  parameters: [PLAN],
  reference: 'Kohavi, Tang & Xu, Trustworthy Online Controlled Experiments (2020), ch. 2',
  compute: duration,
} as const satisfies Method;
