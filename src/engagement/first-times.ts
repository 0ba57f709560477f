import type { EventType, Experiment } from '../experiments/experiment.js';
import { isOfType } from './filters.js';
import { type Happening, happeningsOf } from './happenings.js';
import type { HistoryEvent } from './history.js';
import { eventKinds } from './kinds/registry.js';
import { effectiveTime, sendsOf, type Timeline } from './windows.js';

/** The stations whose first times are told, in order. */
export const timedStations = [
  { key: 'sent', event: 'sent' },
  { key: 'delivered', event: 'delivered' },
  { key: 'opened', event: 'opened' },
  { key: 'opened_human', event: 'opened', humanOnly: true },
  { key: 'clicked', event: 'clicked' },
  { key: 'clicked_human', event: 'clicked', humanOnly: true },
  { key: 'converted', event: 'converted' },
  { key: 'unsubscribed', event: 'unsubscribed' },
  { key: 'complained', event: 'complained' },
  { key: 'bounced', event: 'bounced' },
] as const satisfies readonly { key: string; event: EventType; humanOnly?: true }[];

/**
 * When each station was first reached, in the order of `timedStations`; undefined where it never was. Of any message and
 * whatever the windows of the metrics: what becomes of a message is a fact whether or not it counts. An event also proves
 * the stations before it: who clicks has the message open.
 *
 * @param history in order; @param enrolledAt milliseconds since 1970.
 */
export function firstTimes(
  experiment: Pick<Experiment, 'currency' | 'exchange'>,
  enrolledAt: number,
  history: readonly HistoryEvent[],
): (number | undefined)[] {
  const happenings = happeningsOf(experiment, history).filter(hasHappened);
  const timeline: Timeline = { enrolledAt, sends: sendsOf(happenings) };
  return timedStations.map((station) => {
    const humanOnly = 'humanOnly' in station;
    const times = happenings
      .filter((one) => isOfType(one, station.event) || eventKinds[one.type].proves.includes(station.event))
      .filter((one) => !humanOnly || one.class === 'human')
      .map((one) => effectiveTime(timeline, one));
    return times.length === 0 ? undefined : Math.min(...times);
  });
}

/** Not what was taken back, nor the taking back. */
function hasHappened({ isRefund, cancelledAt, type }: Happening): boolean {
  return isRefund !== true && cancelledAt === undefined && type !== 'cancel';
}
