import type { Knex } from 'knex';
import { enrolmentsOfRecipients, lockFacts, type StoredFacts } from '../database/facts.js';
import { insertIdentities, lockIdentities } from '../database/identities.js';
import { type Message, selectMessages } from '../database/messages.js';
import { guardAgainstRebuilds, type RebuildGuard } from '../database/rebuild-locks.js';
import type { StoredEvent } from '../engagement/event.js';
import type { IncomingEvent } from '../engagement/parse-event.js';
import type { Context } from './context.js';
import type { EventError } from './event-answer.js';
import { amountOf } from './event-amount.js';
import { readAddress } from './message-address.js';
import { loadRules, type RuleBook, ruleOf } from './rule-book.js';

export interface Given {
  readonly index: number;
  readonly event: IncomingEvent;
}

/** A good event with whose it is. */
export interface Addressed {
  readonly index: number;
  readonly event: StoredEvent;
  /** Of an event of a message: which of several, '' for the first. */
  readonly wave: string | undefined;
  /** The enrolments that it may count in; none while the message is not known. */
  readonly enrolments: readonly StoredFacts[];
}

/** An event that cannot be what it says it is, with the reason. */
export interface Unaddressed extends Given {
  readonly error: EventError;
}

/** Whose events these are, with the facts that they touch, locked. */
export interface Subjects {
  readonly addressed: readonly Addressed[];
  readonly refused: readonly Unaddressed[];
  readonly facts: readonly StoredFacts[];
  readonly book: RuleBook;
}

/** How an event names whose it is: a message, or a recipient alone. */
type Named =
  | { readonly messageId: string; readonly hint: number | undefined; readonly experiment: string | undefined }
  | { readonly recipientKey: string };

/** What was found of those who were named. */
interface Found {
  /** By number of the enrolment. */
  readonly byId: ReadonlyMap<number, StoredFacts>;
  readonly byRecipient: ReadonlyMap<string, readonly StoredFacts[]>;
  /** Of messages that no hint led to. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly book: RuleBook;
}

/**
 * Finds whose events these are. Locks in the order that all follow: identities, experiments against rebuilds, enrolments.
 *
 * @throws BeingRebuilt
 */
export async function findSubjects(ctx: Context, trx: Knex, given: readonly Given[]): Promise<Subjects> {
  const named = given.map(({ event }) => nameOf(ctx, event));
  const guard = await guardAgainstRebuilds(trx);
  const ids = new Set((await lockRecipients(trx, guard, given, named)).map(Number));
  const byRecipient = new Map<string, StoredFacts[]>();
  const unhinted: string[] = [];
  const experiments = new Set<string>();
  for (const name of named) {
    if ('recipientKey' in name) byRecipient.set(name.recipientKey, []);
    else {
      if (name.hint === undefined) unhinted.push(name.messageId);
      else ids.add(name.hint);
      if (name.experiment !== undefined) experiments.add(name.experiment);
    }
  }
  const messages = await selectMessages(trx, unhinted);
  for (const message of messages.values()) ids.add(Number(message.enrolment));
  await guard.ofEnrolments(ids);
  const facts = await lockFacts(trx, ids);
  const byId = new Map(facts.map((row) => [Number(row.id), row]));
  const hinted = named.map((name) => followHint(name, byId));
  await followOtherHints(trx, guard, named, hinted, { byId, messages, facts });
  for (const row of facts) {
    experiments.add(row.experiment);
    byRecipient.get(row.recipientKey)?.push(row);
  }
  const book = await loadRules(trx, experiments);
  return { ...addressAll(given, named, hinted, { byId, byRecipient, messages, book }), facts, book };
}

function addressAll(
  given: readonly Given[],
  named: readonly Named[],
  hinted: readonly (StoredFacts | undefined)[],
  found: Found,
) {
  const addressed: Addressed[] = [];
  const refused: Unaddressed[] = [];
  given.forEach((one, i) => {
    const name = named[i];
    if (!name) return;
    const row = address(one, name, hinted[i], found);
    if ('error' in row) refused.push(row);
    else addressed.push(row);
  });
  return { addressed, refused };
}

function nameOf({ pseudonyms }: Context, { messageId, experiment, recipient, wave }: IncomingEvent): Named {
  if (messageId !== undefined) {
    const given = readAddress(messageId);
    return { messageId: given.messageId, hint: given.hint, experiment: undefined };
  }
  const recipientKey = pseudonyms.recipientKey(recipient ?? '');
  if (experiment === undefined) return { recipientKey };
  return {
    messageId: pseudonyms.messageId(experiment, recipientKey, wave),
    hint: undefined,
    experiment,
  };
}

/**
 * The enrolments that events of recipients alone may count in. Their identities are locked, as they are by whoever enrols
 * them: an event and an enrolment at the same moment see each other.
 */
async function lockRecipients(
  trx: Knex,
  guard: RebuildGuard,
  given: readonly Given[],
  named: readonly Named[],
): Promise<string[]> {
  const identities = new Map<string, string>();
  named.forEach((name, i) => {
    if ('recipientKey' in name) identities.set(name.recipientKey, given[i]?.event.recipient ?? '');
  });
  if (identities.size === 0) return [];
  const keys = [...identities.keys()].sort();
  await insertIdentities(
    trx,
    keys.map((recipientKey) => ({ recipientKey, recipientId: identities.get(recipientKey) ?? '' })),
  );
  await lockIdentities(trx, keys);
  const enrolments = await enrolmentsOfRecipients(trx, keys);
  // Also of those that seem not to ask for such events: the rules may be changing.
  await guard.ofExperiments(enrolments.map((row) => row.experiment));
  const book = await loadRules(
    trx,
    enrolments.map((row) => row.experiment),
  );
  const types = new Map<string, Set<string>>();
  named.forEach((name, i) => {
    if (!('recipientKey' in name)) return;
    const known = types.get(name.recipientKey) ?? new Set();
    types.set(name.recipientKey, known.add(given[i]?.event.type ?? ''));
  });
  return enrolments
    .filter(({ experiment, recipientKey }) =>
      [...(types.get(recipientKey) ?? [])].some((type) => book.get(experiment)?.needs.types.has(type)),
    )
    .map((row) => row.id);
}

/** The enrolment that a hint leads to, if the message is its first one. */
function followHint(name: Named, byId: ReadonlyMap<number, StoredFacts>): StoredFacts | undefined {
  if ('recipientKey' in name || name.hint === undefined) return undefined;
  const row = byId.get(name.hint);
  return row?.messageId === name.messageId ? row : undefined;
}

/** Hints that lead to another message: a later one of the same recipient, or wrong ones. */
async function followOtherHints(
  trx: Knex,
  guard: RebuildGuard,
  named: readonly Named[],
  hinted: readonly (StoredFacts | undefined)[],
  found: {
    readonly byId: Map<number, StoredFacts>;
    readonly messages: Map<string, Message>;
    readonly facts: StoredFacts[];
  },
): Promise<void> {
  const other = named.flatMap((name, i) =>
    'recipientKey' in name || name.hint === undefined || hinted[i] ? [] : name.messageId,
  );
  if (other.length === 0) return;
  const missing = new Set<number>();
  for (const [id, message] of await selectMessages(trx, other)) {
    found.messages.set(id, message);
    const enrolment = Number(message.enrolment);
    if (!found.byId.has(enrolment)) missing.add(enrolment);
  }
  await guard.ofEnrolments(missing);
  for (const row of await lockFacts(trx, missing)) {
    found.facts.push(row);
    found.byId.set(Number(row.id), row);
  }
}

function address(
  { index, event }: Given,
  name: Named,
  hinted: StoredFacts | undefined,
  found: Found,
): Addressed | Unaddressed {
  const refused = (error: EventError) => ({ index, event, error });
  if ('recipientKey' in name) {
    const value = amountOf(event, undefined);
    if (typeof value === 'object') return refused(value);
    const enrolments = found.byRecipient.get(name.recipientKey) ?? [];
    const stored = toStored(event, undefined, name.recipientKey, value);
    return { index, event: stored, wave: undefined, enrolments };
  }
  if (name.experiment !== undefined && !found.book.has(name.experiment)) {
    const message = `there is no experiment "${name.experiment}"`;
    return refused({ code: 'unknown_experiment', message, path: 'experiment' });
  }
  const message = hinted ? undefined : found.messages.get(name.messageId);
  const enrolment = hinted ?? (message && found.byId.get(Number(message.enrolment)));
  const key = enrolment?.experiment ?? name.experiment;
  const value = amountOf(event, key === undefined ? undefined : ruleOf(found.book, key).experiment);
  if (typeof value === 'object') return refused(value);
  const stored = toStored(event, name.messageId, undefined, value);
  return { index, event: stored, wave: message?.wave ?? '', enrolments: enrolment ? [enrolment] : [] };
}

/** Field by field: spreading makes objects of another shape each time, which costs more than all the rest. */
function toStored(
  event: IncomingEvent,
  messageId: string | undefined,
  recipientKey: string | undefined,
  value: bigint | undefined,
): StoredEvent {
  const stored = {
    messageId,
    recipientKey,
    id: event.id,
    type: event.type,
    at: new Date(event.at),
    class: event.class,
    value,
    currency: event.currency,
    order: event.order,
    item: event.item,
    category: event.category,
    url: event.url && withoutQuery(event.url),
    target: event.target,
    properties: event.properties,
  };
  return stored as StoredEvent;
}

/** What follows ? or # in a link names the recipient more often than the content. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
