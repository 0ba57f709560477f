import type { Knex } from 'knex';
import { addEventCounts } from '../database/event-counts.js';
import { insertEvents } from '../database/events.js';
import { lockFacts, type StoredFacts } from '../database/facts.js';
import { awaitMessages, insertWaitingEvents, type Message } from '../database/messages.js';
import { quarantine, type QuarantinedRow } from '../database/quarantine.js';
import { inTransaction, Overtaken } from '../database/transaction.js';
import { underWay } from '../database/under-way.js';
import { type HistoryEvent, toHistoryEvent } from '../engagement/history.js';
import { findKind } from '../engagement/kinds/registry.js';
import { parseEvent } from '../engagement/parse-event.js';
import { applyEvents, saveApplied } from './apply-events.js';
import type { Context } from './context.js';
import { type EventAnswer, refusedEvent } from './event-answer.js';
import { countsOf, type Outcome } from './event-counting.js';
import { eventKey } from './event-key.js';
import { type Addressed, findSubjects, type Given, type Unaddressed } from './event-subjects.js';
import { loadRules, type RuleBook, ruleOf } from './rule-book.js';

export type { EventAnswer } from './event-answer.js';

export interface RecordOptions {
  /** Where the events come from, for the counts: `api` unless said. */
  readonly source?: string;
  /** False: throws `BeingRebuilt` instead of waiting until a rebuild of an experiment that is touched has ended. */
  readonly waitsForRebuilds?: boolean;
}

/**
 * Records events: each once by its id, in any order, with an answer per row. All good rows of a call are stored together
 * with the facts and cells that follow from them, or not at all.
 */
export async function recordEvents(
  ctx: Context,
  inputs: readonly unknown[],
  { source = 'api', waitsForRebuilds = true }: RecordOptions = {},
): Promise<EventAnswer[]> {
  if (inputs.length === 0) return [];
  const now = ctx.clock();
  const given: Given[] = [];
  const unreadable: Outcome[] = [];
  inputs.forEach((input, index) => {
    const parsed = parseEvent(input);
    if (parsed.ok) given.push({ index, event: parsed.event });
    else {
      const error = { code: 'invalid_event', message: parsed.message, path: parsed.path };
      unreadable.push({ answer: refusedEvent(index, idOf(input), error), input });
    }
  });
  const work = async (trx: Knex): Promise<Outcome[]> => {
    const all = [...unreadable, ...(await recordGiven(ctx, trx, given, source, now))];
    await addEventCounts(trx, countsOf(all, source, now), now);
    await quarantine(trx, refusals(all, source, now));
    return all;
  };
  const outcomes = await inTransaction(ctx.db, work, { waitsForRebuilds });
  const answers: EventAnswer[] = [];
  for (const { answer } of outcomes) answers[answer.index] = answer;
  return answers;
}

async function recordGiven(
  ctx: Context,
  trx: Knex,
  given: readonly Given[],
  source: string,
  now: Date,
): Promise<Outcome[]> {
  if (given.length === 0) return [];
  const subjects = await findSubjects(ctx, trx, given);
  const unique = firstOfEachId(subjects.addressed);
  const stored = unique.map((row) => row.event);
  const inserting = insertEvents(trx, stored, source, now);
  await underWay(inserting);
  // While the database is at it, the facts are made as if every event were new, as nearly all of them are.
  const ifAllNew = applyEvents(subjects.book, subjects.facts, additions(subjects.book, unique));
  const isNew = await inserting;
  const fresh = unique.filter((row) => isNew.has(row.event.id));
  const applied =
    fresh.length === unique.length
      ? ifAllNew
      : applyEvents(subjects.book, subjects.facts, additions(subjects.book, fresh));
  const unknown = fresh.filter(isUnknown);
  // Rows of messages before cells: whoever enrols locks in this order too.
  const known = await awaitMessages(trx, unknown.map(idOfMessage));
  if (known.size > 0) throw new Overtaken('A message has become known while its events were recorded.');
  const saving = saveApplied(trx, applied);
  await underWay(saving);
  const waiting = new Set(unknown.map((row) => row.event.id));
  const outcomes = [
    ...subjects.refused.map((row) => refusedOutcome(row, subjects.book)),
    ...subjects.addressed.map((row) => outcomeOf(row, isNew, waiting)),
  ];
  await saving;
  await letWait(trx, unknown);
  return outcomes;
}

function refusedOutcome({ index, event, error }: Unaddressed, book: RuleBook): Outcome {
  const { id, experiment } = event;
  // Only names of experiments that there are: counts must not grow with what somebody makes up.
  const experiments = experiment !== undefined && book.has(experiment) ? [experiment] : [];
  return { answer: refusedEvent(index, id, error), input: event, experiments };
}

/**
 * Of two events with one id the first is the event, in one call as in two. In the order of the ids, so that two calls with
 * the same events never wait for each other in a circle.
 */
function firstOfEachId(rows: readonly Addressed[]): Addressed[] {
  const first = new Map<string, Addressed>();
  for (const row of rows) if (!first.has(row.event.id)) first.set(row.event.id, row);
  return [...first.values()].sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
}

function isUnknown({ event, enrolments }: Addressed): boolean {
  return event.messageId !== undefined && enrolments.length === 0;
}

function idOfMessage({ event }: Addressed): string {
  return event.messageId ?? '';
}

function outcomeOf(row: Addressed, isNew: Set<string>, waiting: ReadonlySet<string>): Outcome {
  const { index, event, enrolments } = row;
  const { id, type } = event;
  // The same id twice in one call: the first is recorded, the second a duplicate.
  const status = !isNew.delete(id) ? 'duplicate' : waiting.has(id) ? 'waiting' : 'recorded';
  const experiments = enrolments.map((enrolment) => enrolment.experiment);
  const answer: EventAnswer = findKind(type)
    ? { index, id, status }
    : { index, id, status, note: 'unknown_type' };
  return { answer, event, experiments };
}

/** The events as the histories of their enrolments keep them. */
function additions(
  book: RuleBook,
  rows: readonly Pick<Addressed, 'event' | 'wave' | 'enrolments'>[],
): Map<StoredFacts, HistoryEvent[]> {
  const added = new Map<StoredFacts, HistoryEvent[]>();
  for (const { event, wave, enrolments } of rows) {
    for (const enrolment of enrolments) {
      const kept = toHistoryEvent(event, ruleOf(book, enrolment.experiment).needs, eventKey, wave);
      if (!kept) continue;
      const known = added.get(enrolment);
      if (known) known.push(kept);
      else added.set(enrolment, [kept]);
    }
  }
  return added;
}

/** Puts events of unknown messages on the list of those that wait. */
async function letWait(trx: Knex, rows: readonly Addressed[]): Promise<void> {
  await insertWaitingEvents(
    trx,
    rows.map((row) => ({ messageId: idOfMessage(row), eventId: row.event.id })),
  );
}

/** Adds stored events of messages to the facts of their recipients. */
export async function applyToMessages(
  trx: Knex,
  rows: readonly { readonly event: Addressed['event']; readonly message: Message }[],
): Promise<void> {
  if (rows.length === 0) return;
  const facts = await lockFacts(trx, new Set(rows.map(({ message }) => message.enrolment)));
  const byId = new Map(facts.map((row) => [row.id, row]));
  const book = await loadRules(
    trx,
    facts.map((row) => row.experiment),
  );
  const theirs = rows.map(({ event, message }) => {
    const enrolment = byId.get(message.enrolment);
    return { event, wave: message.wave, enrolments: enrolment ? [enrolment] : [] };
  });
  await saveApplied(trx, applyEvents(book, facts, additions(book, theirs)));
}

function refusals(outcomes: readonly Outcome[], source: string, receivedAt: Date): QuarantinedRow[] {
  return outcomes.flatMap(({ answer, input }) =>
    answer.status === 'refused'
      ? [{ kind: 'events' as const, source, row: input, receivedAt, ...answer.error }]
      : [],
  );
}

function idOf(input: unknown): string | undefined {
  const id: unknown = typeof input === 'object' && input !== null && 'id' in input ? input.id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : undefined;
}
