import type { Knex } from 'knex';
import { addToCells } from '../database/cells.js';
import { insertContents, insertDecisions } from '../database/decisions.js';
import { insertEnrolments, type Enrolment } from '../database/enrolments.js';
import { insertIdentities, lockIdentities } from '../database/identities.js';
import { insertManifests } from '../database/manifests.js';
import { insertMessages } from '../database/messages.js';
import { CellSheet, placeMaker, type Cell } from '../engagement/cells.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { cohortSnapshot } from '../profiles/cohort-snapshot.js';
import type { Traits } from '../profiles/traits.js';
import type { ArmContent } from './arm-contents.js';
import { cohortSegments } from './cohort-segments.js';
import type { Context } from './context.js';
import { manifestsOf } from './decide-drawn.js';
import { joinOwnEvents, joinWaiting } from './join-events.js';
import { mergeIntoProfiles } from './merge-into-profiles.js';
import { rulesOf } from './rule-book.js';

/** A recipient who takes part. */
export interface Participant {
  /** Position in the call. */
  readonly index: number;
  readonly recipientKey: string;
  readonly recipientId: string;
  readonly arm: number;
  readonly fold: number;
  /** As given in this call and known from before. */
  readonly traits: Traits;
  readonly givenTraits: Traits;
}

/** One who is about to be enrolled, with all that will be stored. */
export interface Candidate extends Participant {
  readonly content: ArmContent;
  readonly decidedAt: Date;
}

/**
 * Stores new enrolments with their decisions, first messages, profiles and cells, and counts the events that were waiting for
 * them. Whoever has been enrolled meanwhile by another call keeps what that one stored.
 */
export async function enrolCandidates(
  ctx: Context,
  trx: Knex,
  experiment: StoredExperiment,
  candidates: readonly Candidate[],
): Promise<void> {
  if (candidates.length === 0) return;
  const now = ctx.clock();
  const enrolments = await enrolmentsOf(ctx, trx, experiment, candidates, now);
  await insertIdentities(trx, candidates);
  await lockIdentities(
    trx,
    candidates.map((candidate) => candidate.recipientKey),
  );
  await mergeIntoProfiles(trx, candidates, now);
  await insertManifests(trx, manifestsOf(experiment));
  await insertContents(trx, new Map(candidates.map(({ content }) => [content.contentHash, content.slots])));
  const enrolled = await insertEnrolments(trx, experiment.key, enrolments);
  const isNew = ({ recipientKey }: { recipientKey: string }): boolean => enrolled.has(recipientKey);
  await insertDecisions(
    trx,
    experiment.key,
    candidates.filter(isNew).map(({ recipientKey, content, decidedAt }) => ({
      ...content,
      recipientKey,
      id: ctx.pseudonyms.decisionId(experiment.key, recipientKey),
      decidedAt,
    })),
  );
  const messages = firstMessages(enrolments, enrolled);
  const awaited = await insertMessages(trx, messages);
  // Before the joins: what those change lies in cells that are locked from here on.
  await addToCells(trx, experiment.key, cellsOfNew(experiment, enrolments.filter(isNew)));
  await joinWaiting(trx, messages, awaited);
  await joinOwnEvents(trx, experiment, enrolled);
}

/** The rows of all candidates, with the cohorts that they are in at this moment. */
async function enrolmentsOf(
  ctx: Context,
  trx: Knex,
  experiment: StoredExperiment,
  candidates: readonly Candidate[],
  now: Date,
): Promise<Enrolment[]> {
  const segments = await cohortSegments(trx, experiment, candidates, now);
  return candidates.map((candidate) => ({
    recipientKey: candidate.recipientKey,
    messageId: ctx.pseudonyms.messageId(experiment.key, candidate.recipientKey),
    arm: candidate.arm,
    fold: candidate.fold,
    allocationVersion: experiment.allocation.version,
    cohorts: cohortSnapshot(experiment.cohorts, candidate.traits, segments(candidate)),
    enrolledAt: now,
  }));
}

/** One for everybody who was enrolled just now, by their number. */
function firstMessages(enrolments: readonly Enrolment[], enrolled: ReadonlyMap<string, string>) {
  return enrolments.flatMap(({ recipientKey, messageId }) => {
    const enrolment = enrolled.get(recipientKey);
    return enrolment === undefined ? [] : [{ messageId, enrolment, wave: '' }];
  });
}

/** Of recipients with whom nothing has happened yet. */
function cellsOfNew(
  experiment: StoredExperiment,
  enrolments: readonly Enrolment[],
): ReadonlyMap<string, Cell> {
  const rules = rulesOf(experiment);
  const sheet = new CellSheet(rules.facts);
  const placeOf = placeMaker();
  for (const enrolment of enrolments) {
    const cohorts = JSON.stringify(enrolment.cohorts);
    sheet.add(placeOf(enrolment, enrolment.enrolledAt.getTime(), cohorts), rules.nothing);
  }
  return sheet.cells();
}
