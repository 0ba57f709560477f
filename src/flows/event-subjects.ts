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
import { type MessageAddress, readAddress } from './message-address.js';
import { loadRules, type RuleBook, ruleOf } from './rule-book.js';

export interface Given {
  readonly index: number;
  readonly event: IncomingEvent;
}

/** A good event with whose it is. */
export interface Addressed {
  readonly index: number;
  readonly event: StoredEvent;
  /** Of an event of a message: the message, where it is known. */
  readonly message?: Message;
}

export interface Unaddressed {
  readonly index: number;
  readonly id: string;
  readonly error: EventError;
  readonly experiment?: string;
}

/** Whose events these are, with the facts that they touch, locked. */
export interface Subjects {
  readonly addressed: readonly Addressed[];
  readonly refused: readonly Unaddressed[];
  readonly facts: readonly StoredFacts[];
  readonly book: RuleBook;
  readonly byId: ReadonlyMap<string, StoredFacts>;
  readonly byRecipient: ReadonlyMap<string, readonly StoredFacts[]>;
}

type Named =
  { readonly address: MessageAddress; readonly experiment?: string } | { readonly recipientKey: string };

/**
 * Finds whose events these are. Locks in the order that all follow: identities, experiments against rebuilds, enrolments.
 *
 * @throws BeingRebuilt
 */
export async function findSubjects(ctx: Context, trx: Knex, given: readonly Given[]): Promise<Subjects> {
  const named = given.map(({ event }) => nameOf(ctx, event));
  const guard = await guardAgainstRebuilds(trx);
  const recipients = await lockRecipients(trx, guard, given, named);
  const unhinted = named.flatMap((name) =>
    'address' in name && !name.address.hint ? name.address.messageId : [],
  );
  const messages = await selectMessages(trx, unhinted);
  const hints = named.flatMap((name) => ('address' in name ? (name.address.hint ?? []) : []));
  const ids = new Set([
    ...hints,
    ...[...messages.values()].map((message) => message.enrolment),
    ...recipients,
  ]);
  await guard.ofEnrolments([...ids]);
  const facts = [...(await lockFacts(trx, [...ids]))];
  const byId = new Map(facts.map((row) => [row.id, row]));
  await followOtherHints(trx, guard, named, byId, messages, facts);
  const experiments = named.flatMap((name) => ('address' in name ? (name.experiment ?? []) : []));
  const book = await loadRules(trx, [...facts.map((row) => row.experiment), ...experiments]);
  const byRecipient = new Map<string, StoredFacts[]>();
  for (const row of facts) {
    const known = byRecipient.get(row.recipientKey);
    if (known) known.push(row);
    else byRecipient.set(row.recipientKey, [row]);
  }
  const addressed: Addressed[] = [];
  const refused: Unaddressed[] = [];
  given.forEach(({ index, event }, i) => {
    const name = named[i];
    if (!name) return;
    const found = address(event, name, messages, byId, book);
    if ('code' in found) refused.push({ index, id: event.id, error: found, experiment: event.experiment });
    else addressed.push({ index, ...found });
  });
  return { addressed, refused, facts, book, byId, byRecipient };
}

function nameOf({ pseudonyms }: Context, { messageId, experiment, recipient, wave }: IncomingEvent): Named {
  if (messageId !== undefined) return { address: readAddress(messageId) };
  const recipientKey = pseudonyms.recipientKey(recipient ?? '');
  if (experiment === undefined) return { recipientKey };
  return { address: { messageId: pseudonyms.messageId(experiment, recipientKey, wave) }, experiment };
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

/** Hints that lead to another message: a later one of the same recipient, or wrong ones. */
async function followOtherHints(
  trx: Knex,
  guard: RebuildGuard,
  named: readonly Named[],
  byId: Map<string, StoredFacts>,
  messages: Map<string, Message>,
  facts: StoredFacts[],
): Promise<void> {
  const other: string[] = [];
  for (const name of named) {
    if (!('address' in name) || name.address.hint === undefined) continue;
    const { messageId, hint } = name.address;
    const row = byId.get(hint);
    if (row?.messageId === messageId) messages.set(messageId, { messageId, enrolment: hint, wave: '' });
    else other.push(messageId);
  }
  if (other.length === 0) return;
  const found = await selectMessages(trx, other);
  for (const [id, message] of found) messages.set(id, message);
  const missing = new Set([...found.values()].map((one) => one.enrolment).filter((id) => !byId.has(id)));
  await guard.ofEnrolments([...missing]);
  for (const row of await lockFacts(trx, [...missing])) {
    facts.push(row);
    byId.set(row.id, row);
  }
}

function address(
  event: IncomingEvent,
  name: Named,
  messages: ReadonlyMap<string, Message>,
  byId: ReadonlyMap<string, StoredFacts>,
  book: RuleBook,
): { event: StoredEvent; message?: Message } | EventError {
  if ('recipientKey' in name) {
    const value = amountOf(event, undefined);
    if (typeof value === 'object') return value;
    return { event: toStored(event, undefined, name.recipientKey, value) };
  }
  const { messageId } = name.address;
  if (name.experiment !== undefined && !book.has(name.experiment)) {
    return {
      code: 'unknown_experiment',
      message: `there is no experiment "${name.experiment}"`,
      path: 'experiment',
    };
  }
  const message = messages.get(messageId);
  const enrolment = message && byId.get(message.enrolment);
  const key = enrolment?.experiment ?? name.experiment;
  const value = amountOf(event, key === undefined ? undefined : ruleOf(book, key).experiment);
  if (typeof value === 'object') return value;
  return { event: toStored(event, messageId, undefined, value), ...(message && enrolment && { message }) };
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
    url: event.url === undefined ? undefined : withoutQuery(event.url),
    target: event.target,
    properties: event.properties,
  };
  return stored as StoredEvent;
}

/** What follows ? or # in a link names the recipient more often than the content. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
