import type { Knex } from 'knex';
import { type AddressedEvent, insertEvents } from '../database/events.js';
import { selectExperiments } from '../database/experiments.js';
import {
  type Addressee,
  addresseeKey,
  addresseesOfMessages,
  enrolledAmong,
} from '../database/questions/addressees.js';
import { inTransaction } from '../database/transaction.js';
import { type IncomingEvent, parseEvent } from '../engagement/parse-event.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { currencyExponent, parseAmount } from '../experiments/money.js';
import type { Context } from './context.js';
import { refreshFacts } from './refresh-facts.js';

export type EventAnswer =
  | { readonly index: number; readonly id: string; readonly status: 'recorded' | 'duplicate' }
  | {
      readonly index: number;
      readonly id?: string;
      readonly status: 'refused';
      readonly error: { readonly code: string; readonly message: string; readonly path?: string };
    };

/** Digits that a JSON number carries without loss. */
const mostDigits = 15;

/** What the database can hold; more than anybody ever paid. */
const mostUnits = 2n ** 63n - 1n;

type Row = { readonly index: number; readonly event: IncomingEvent };

/**
 * Records events: each once by its id, in any order, with an answer per row. All good rows of a call are stored
 * together with the facts and cells that follow from them, or not at all.
 */
export async function recordEvents(ctx: Context, inputs: readonly unknown[]): Promise<EventAnswer[]> {
  const answers: EventAnswer[] = [];
  const rows: Row[] = [];
  inputs.forEach((input, index) => {
    const parsed = parseEvent(input);
    if (parsed.ok) rows.push({ index, event: parsed.event });
    else answers[index] = refused(index, idOf(input), 'invalid_event', parsed.message, parsed.path);
  });
  const recorded = await inTransaction(ctx.db, (trx) => recordRows(ctx, trx, rows));
  for (const answer of recorded) answers[answer.index] = answer;
  return answers;
}

async function recordRows(ctx: Context, trx: Knex, rows: readonly Row[]): Promise<EventAnswer[]> {
  if (rows.length === 0) return [];
  const address = await addressBook(ctx, trx, rows);
  const answers: EventAnswer[] = [];
  const addressed: { index: number; event: AddressedEvent }[] = [];
  for (const row of rows) {
    const result = address(row.event);
    if ('code' in result)
      answers.push(refused(row.index, row.event.id, result.code, result.message, result.path));
    else addressed.push({ index: row.index, event: result });
  }
  // In the order of their ids, so that two calls with the same events never wait for each other in a circle.
  // Of two events with one id the first is the event, in one call as in two.
  const events = [...new Map([...addressed].reverse().map(({ event }) => [event.id, event])).values()];
  events.sort((a, b) => (a.id < b.id ? -1 : 1));
  const isNew = await insertEvents(trx, events, ctx.clock());
  await refreshFacts(
    trx,
    events.filter((event) => isNew.has(event.id)),
  );
  for (const { index, event } of addressed) {
    // The same id twice in one call: the first is recorded, the second a duplicate.
    answers.push({ index, id: event.id, status: isNew.delete(event.id) ? 'recorded' : 'duplicate' });
  }
  return answers;
}

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** Everything needed to say whose events these are, loaded at once. */
async function addressBook(
  ctx: Context,
  trx: Knex,
  rows: readonly Row[],
): Promise<(event: IncomingEvent) => AddressedEvent | Refused> {
  const named = new Map<IncomingEvent, Addressee>();
  for (const { event } of rows) {
    if (event.experiment === undefined || event.recipient === undefined) continue;
    named.set(event, {
      experiment: event.experiment,
      recipientKey: ctx.pseudonyms.recipientKey(event.recipient),
    });
  }
  const messageIds = rows.flatMap(({ event }) => event.messageId ?? []);
  const byMessage = await addresseesOfMessages(trx, messageIds);
  const enrolled = await enrolledAmong(trx, [...named.values()]);
  const keys = new Set([...byMessage.values(), ...named.values()].map((addressee) => addressee.experiment));
  const experiments = await selectExperiments(trx, [...keys]);
  return (event) => {
    const byName = named.get(event);
    if (byName && !enrolled.has(addresseeKey(byName))) {
      const message = `this recipient is not enrolled in "${byName.experiment}"; ask for the assignment first`;
      return { code: 'not_enrolled', message, path: 'recipient' };
    }
    const addressee = byName ?? byMessage.get(event.messageId ?? '');
    const experiment = addressee && experiments.get(addressee.experiment);
    if (!addressee || !experiment) {
      const message = 'no assignment has given out this messageId';
      return { code: 'unknown_message', message, path: 'messageId' };
    }
    return addressed(event, addressee, experiment);
  };
}

function addressed(
  event: IncomingEvent,
  addressee: Addressee,
  experiment: StoredExperiment,
): AddressedEvent | Refused {
  const value = minorUnits(event, experiment);
  if (typeof value === 'object') return value;
  return {
    ...addressee,
    id: event.id,
    type: event.type,
    at: new Date(event.at),
    class: event.class,
    value,
    url: event.url === undefined ? undefined : withoutQuery(event.url),
  };
}

/** What follows ? or # in a link names the recipient more often than the content. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function minorUnits(event: IncomingEvent, experiment: StoredExperiment): bigint | undefined | Refused {
  if (event.value === undefined) return undefined;
  if (experiment.currency === undefined) {
    const message = `"${experiment.key}" counts no money: it has no currency`;
    return { code: 'no_currency', message, path: 'value' };
  }
  if (event.currency !== experiment.currency) {
    const message = `the currency of "${experiment.key}" is ${experiment.currency}`;
    return { code: 'wrong_currency', message, path: 'currency' };
  }
  const exponent = currencyExponent(experiment.currency);
  const text = String(event.value);
  if (typeof event.value === 'number' && text.replace(/\D/g, '').length > mostDigits) {
    const message = 'a JSON number with so many digits is no longer exact; write the amount in quotes';
    return { code: 'invalid_amount', message, path: 'value' };
  }
  const units = parseAmount(text, exponent);
  if (units !== undefined && units <= mostUnits && units >= -mostUnits) return units;
  const message = `write an amount with at most ${exponent} digits after the point, such as ${exponent ? '19.99' : '20'}`;
  return { code: 'invalid_amount', message, path: 'value' };
}

function refused(
  index: number,
  id: string | undefined,
  code: string,
  message: string,
  path?: string,
): EventAnswer {
  return {
    index,
    ...(id !== undefined && { id }),
    status: 'refused',
    error: { code, message, ...(path && { path }) },
  };
}

function idOf(input: unknown): string | undefined {
  const id: unknown = typeof input === 'object' && input !== null && 'id' in input ? input.id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : undefined;
}
