import type { Knex } from 'knex';
import { selectEvents, selectEventsOfRecipients } from '../database/events.js';
import { lockFacts } from '../database/facts.js';
import { insertMessages, type Message, takeWaitingEvents } from '../database/messages.js';
import { touchRecipientsOf } from '../database/segment-members.js';
import { type HistoryEvent, toHistoryEvent } from '../engagement/history.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { applyEvents, saveApplied } from './apply-events.js';
import { eventKey } from './event-key.js';
import { applyToMessages } from './record-events.js';
import { rulesOf } from './rule-book.js';

/** Stores messages, and counts the events that came for them before they were known. */
export async function storeMessages(trx: Knex, messages: readonly Message[]): Promise<void> {
  await joinWaiting(trx, messages, await insertMessages(trx, messages));
}

/** Counts the events that waited for these messages. @param awaited the ids that `insertMessages` gave. */
export async function joinWaiting(
  trx: Knex,
  messages: readonly Message[],
  awaited: readonly string[],
): Promise<void> {
  const waiting = await takeWaitingEvents(trx, awaited);
  if (waiting.length === 0) return;
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const events = await selectEvents(
    trx,
    waiting.map((row) => row.eventId),
  );
  await touchRecipientsOf(
    trx,
    messages.map((message) => message.enrolment),
  );
  await applyToMessages(
    trx,
    events.flatMap((event) => {
      const message = byId.get(event.messageId ?? '');
      return message ? [{ event, message }] : [];
    }),
  );
}

/**
 * Counts what recipients have done by themselves, before or since, in an experiment that they have just been enrolled in.
 * Their identities must be locked, or an event that comes at this moment could be missed by both sides.
 *
 * @param enrolled numbers of the enrolments by recipient key.
 */
export async function joinOwnEvents(
  trx: Knex,
  experiment: StoredExperiment,
  enrolled: ReadonlyMap<string, string>,
): Promise<void> {
  const rules = rulesOf(experiment);
  const events = await selectEventsOfRecipients(trx, [...enrolled.keys()], [...rules.needs.types]);
  if (events.length === 0) return;
  const added = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const id = enrolled.get(event.recipientKey ?? '');
    const kept = toHistoryEvent(event, rules.needs, eventKey, undefined);
    if (id === undefined || !kept) continue;
    const known = added.get(id);
    if (known) known.push(kept);
    else added.set(id, [kept]);
  }
  const facts = await lockFacts(trx, [...added.keys()]);
  await saveApplied(trx, applyEvents(new Map([[experiment.key, rules]]), facts, added));
}
