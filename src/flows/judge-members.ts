import type { Knex } from 'knex';
import { knownTraits } from '../database/questions/known-traits.js';
import { nextEvents } from '../database/questions/touched-recipients.js';
import type { Judged } from '../database/segment-members.js';
import type { SegmentVersion } from '../database/segment-versions.js';
import type { Condition } from '../profiles/conditions/condition.js';
import { type Outlook, prepareOutlooks } from '../profiles/conditions/outlook.js';
import { needsOfCondition } from '../profiles/conditions/prepare-condition.js';
import type { HistoryNeeds, Profile } from '../profiles/history.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { conditionsOf, segmentsNamed } from '../profiles/segments/segment.js';
import { loadHistories } from './load-histories.js';
import { loadSegments } from './load-segments.js';

/** Segments made ready to be asked about recipients. */
export interface Bench {
  readonly segments: readonly SegmentVersion[];
  readonly needs: HistoryNeeds;
  /** In the order of the segments. */
  readonly outlooks: (profile: Profile, clock: number) => readonly Outlook[];
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
    outlooks: prepareOutlooks(
      segments.map(({ when }) => when),
      conditions,
    ),
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
    const isUnknown = tooLong.has(recipientKey);
    const outlooks = isUnknown ? [] : bench.outlooks(profile, now);
    return bench.segments.map(({ name }, i): Judged => {
      const { holds = false, changesAt } = outlooks[i] ?? {};
      // An event is seen just after it happens.
      const recheckAt =
        comes === undefined || isUnknown ? changesAt : Math.min(changesAt ?? Infinity, comes + 1);
      return { segment: name, recipientKey, member: holds, recheckAt };
    });
  });
}
