import type { Knex } from 'knex';
import type { Experiment } from '../experiments/experiment.js';
import { needsOfCondition, prepareCondition } from '../profiles/conditions/prepare-condition.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { conditionsOf } from '../profiles/segments/segment.js';
import type { Traits } from '../profiles/traits.js';
import { loadHistories } from './load-histories.js';
import { loadSegments } from './load-segments.js';

/** Whether somebody is in a segment, `name@version`; undefined where their history is too long to tell. */
export type IsIn = (segment: string) => boolean | undefined;

interface Asked {
  readonly recipientKey: string;
  /** As given in this call and known from before. */
  readonly traits: Traits;
}

/** Who is in the segments that an experiment is broken down by, at the clock; reads nothing where there is none. */
export async function cohortSegments(
  trx: Knex,
  { cohorts }: Pick<Experiment, 'cohorts'>,
  recipients: readonly Asked[],
  clock: Date,
): Promise<(recipient: Asked) => IsIn> {
  const references = cohorts.flatMap(({ segment }) => (segment === undefined ? [] : [segment]));
  if (references.length === 0 || recipients.length === 0) return () => () => undefined;
  const conditions = conditionsOf(await loadSegments(trx, references));
  const checks = new Map(
    references.map((segment) => [segment, prepareCondition({ segment }, conditions)] as const),
  );
  const needs = joinNeeds(references.map((segment) => needsOfCondition({ segment }, conditions)));
  const keys = recipients.map(({ recipientKey }) => recipientKey);
  const { histories, tooLong } = await loadHistories(trx, keys, needs, clock);
  return ({ recipientKey, traits }) => {
    if (tooLong.has(recipientKey)) return () => undefined;
    const profile = { traits, history: histories.get(recipientKey) ?? [] };
    return (segment) => checks.get(segment)?.(profile, clock.getTime());
  };
}
