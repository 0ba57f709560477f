import type { Knex } from 'knex';
import { historiesOf } from '../database/questions/histories-of.js';
import type { History, HistoryNeeds } from '../profiles/history.js';
import { neededOf, orderlyHistory, reportsNeeded } from '../profiles/orderly-history.js';

/** So many of a recipient's events are used at most, the newest. */
export const mostBehaviours = 10_000;

/** So many recipients are read with one statement, so that memory stays flat beside what is answered. */
const readAtOnce = 2_000;

export interface LoadedHistories {
  /** One for every recipient asked for; empty where nothing is known. */
  readonly histories: ReadonlyMap<string, History>;
  /** Recipients with more than can be used: their history is a part of it, on which nothing should be decided. */
  readonly tooLong: ReadonlySet<string>;
}

/**
 * What these recipients did before the clock, put in order, as far as it is needed: what they did by themselves and what
 * happened to their messages.
 */
export async function loadHistories(
  trx: Knex,
  recipientKeys: readonly string[],
  needs: HistoryNeeds,
  clock: Date,
): Promise<LoadedHistories> {
  const histories = new Map<string, History>(recipientKeys.map((key) => [key, []]));
  const tooLong = new Set<string>();
  if (needs.types.length === 0) return { histories, tooLong };
  const since = needs.lookbackMs === undefined ? undefined : startOf(clock, needs.lookbackMs);
  const asked = { ...reportsNeeded(needs.types), since, before: clock };
  const keys = [...histories.keys()];
  for (let start = 0; start < keys.length; start += readAtOnce) {
    const { reports, endless } = await historiesOf(trx, keys.slice(start, start + readAtOnce), asked);
    for (const key of endless) tooLong.add(key);
    for (const [key, reported] of reports) {
      const needed = neededOf(orderlyHistory(reported), needs, clock.getTime());
      if (needed.length > mostBehaviours) tooLong.add(key);
      histories.set(key, needed.slice(-mostBehaviours));
    }
  }
  return { histories, tooLong };
}

/** Undefined where the lookback goes back so far that it is no date any more. */
function startOf(clock: Date, lookbackMs: number): Date | undefined {
  const since = clock.getTime() - lookbackMs;
  return since > yearOne ? new Date(since) : undefined;
}

const yearOne = Date.parse('0001-01-01T00:00:00.000Z');
