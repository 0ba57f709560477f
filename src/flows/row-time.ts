import { z } from 'zod';

/** A time as rows carry it: with seconds and a zone, so that nobody has to guess. */
export const rowTime = z.iso.datetime({
  offset: true,
  error: 'must be a time with seconds and zone, such as 2026-03-01T10:00:00Z or 2026-03-01T10:00:00+01:00',
});

const earliest = Date.UTC(2000, 0, 1);
/** Clocks differ, and some write the end of the day. */
const mostAheadMs = 86_400_000;

/**
 * What is wrong with the time of a row of which the latest wins. One from the future would beat whatever comes until then,
 * so it is refused instead of stored.
 */
export function rowTimeProblem(at: string, now: Date): string | undefined {
  const time = Date.parse(at);
  if (!(time >= earliest)) return 'lies before the year 2000; is the unit right?';
  if (time > now.getTime() + mostAheadMs) {
    return `lies more than a day ahead of now (${now.toISOString()}) and would beat every later row: give the time at which this was so`;
  }
  return undefined;
}
