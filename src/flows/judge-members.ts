import type { Knex } from 'knex';
import { knownTraits } from '../database/questions/known-traits.js';
import { nextEvents } from '../database/questions/touched-recipients.js';
import type { Judged } from '../database/segment-members.js';
import type { SegmentVersion } from '../database/segment-versions.js';
import type { Condition } from '../profiles/conditions/condition.js';
import { nextChange } from '../profiles/conditions/next-change.js';
import { joinNeeds, needsOfCondition, prepareCondition } from '../profiles/conditions/prepare-condition.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { conditionsOf, segmentsNamed } from '../profiles/segments/segment.js';
import { loadHistories } from './load-histories.js';
import { loadSegments } from './load-segments.js';

/** Segments made ready to be asked about recipients. */
export interface Bench {
  readonly segments: readonly SegmentVersion[];
  readonly needs: HistoryNeeds;
  readonly judges: readonly Judge[];
}

interface Judge {
  readonly segment: string;
  readonly holds: (profile: Profile, clock: number) => boolean;
  readonly nextChange: (profile: Profile, clock: number) => number | undefined;
}

export async function openBench(trx: Knex, segments: readonly SegmentVersion[]): Promise<Bench> {
  const named = await loadSegments(
    trx,
    segments.flatMap(({ when }) => segmentsNamed(when)),
  );
  const conditions: ReadonlyMap<string, Condition> = conditionsOf(named);
  return {
    segments,
    needs: joinNeeds(segments.map(({ when }) => needsOfCondition(when, conditions))),
    judges: segments.map(({ name, when }) => ({
      segment: name,
      holds: prepareCondition(when, conditions),
      nextChange: (profile, clock) => nextChange(when, conditions, profile, clock),
    })),
  };
}

/**
 * Who of these recipients is in which segment at the clock. Of somebody with more events than can be used nobody knows: they
 * are in none.
 */
export async function judgeMembers(
  trx: Knex,
  bench: Bench,
  recipientKeys: readonly string[],
  clock: Date,
): Promise<Judged[]> {
  const { histories, tooLong } = await loadHistories(trx, recipientKeys, bench.needs, clock);
  const traits = await knownTraits(trx, recipientKeys);
  const coming = await nextEvents(trx, recipientKeys, clock);
  const now = clock.getTime();
  return recipientKeys.flatMap((recipientKey) => {
    const profile = { traits: traits.get(recipientKey) ?? {}, history: histories.get(recipientKey) ?? [] };
    const comes = coming.get(recipientKey);
    return bench.judges.map(({ segment, holds, nextChange: next }): Judged => {
      if (tooLong.has(recipientKey)) return { segment, recipientKey, member: false, recheckAt: undefined };
      const changes = next(profile, now);
      // An event is seen just after it happens.
      const times = [changes, comes === undefined ? undefined : comes + 1].filter((at) => at !== undefined);
      const recheckAt = times.length === 0 ? undefined : Math.min(...times);
      return { segment, recipientKey, member: holds(profile, now), recheckAt };
    });
  });
}
