import { z } from 'zod';
import { eventClasses } from '../experiments/experiment.js';
import { type Problem, readWith } from '../experiments/read-with.js';
import { isStorable } from '../experiments/text.js';
import type { CarriedField } from './event.js';
import { findKind } from './kinds/registry.js';
import { currencyCode, isPlainEvent, mostProperties, propertyName, typeName } from './plain-event.js';

/**
 * One event as it arrives, checked in itself; whether its message is known and its currency right is for the flow.
 */

const id = z.string().min(1).max(200);
const short = z.string().min(1).max(200);

/** An amount in major units, `19.99` or `"19.99"`; read digit by digit, never through a double. */
const amount = z.union([z.number(), z.string().max(40)], 'must be an amount such as 19.99 or "19.99"');

const property = z.union(
  [z.string().max(500), z.number(), z.boolean(), z.null()],
  'must be a text of at most 500 characters, a number, true, false or null',
);

export const eventSchema = z
  .strictObject({
    id: id.describe('Makes the event known: the same id again is a duplicate and counts once.'),
    type: z
      .string()
      .regex(typeName, 'must be a name such as opened, of at most 64 characters')
      .describe('What happened. A type that Postulate does not know is kept, and told to be unknown.'),
    messageId: z.string().min(1).max(100).optional().describe('As given in the assignment answer.'),
    experiment: z.string().min(1).max(64).optional().describe('With `recipient`, instead of `messageId`.'),
    recipient: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'With `experiment`; alone for what a recipient did without a message: it counts in all experiments.',
      ),
    wave: z
      .string()
      .max(64)
      .optional()
      .describe('With `experiment` and `recipient`: which of several messages; the first unless said.'),
    at: z.iso
      .datetime({
        offset: true,
        error:
          'must be a time with seconds and zone, such as 2026-03-01T10:00:00Z or 2026-03-01T10:00:00+01:00',
      })
      .describe('When it happened, with a time zone.'),
    value: amount.optional().describe('Amount in major units; of a conversion, negative for a refund.'),
    currency: z
      .string()
      .regex(currencyCode, 'must be a three-letter code such as "EUR"')
      .optional()
      .describe(
        'Of the value: the currency of the experiment, or one that it declares an exchange rate for.',
      ),
    order: short.optional().describe('Order id: one order counts once, however often it is reported.'),
    item: short.optional().describe('What it was about, as in the catalogue.'),
    category: short.optional(),
    class: z
      .enum(eventClasses)
      .optional()
      .describe('Opens and clicks: who is behind it; unknown unless you say so.'),
    url: z
      .string()
      .max(4_000)
      .optional()
      .describe('The address that was followed. What follows ? or # is not kept.'),
    target: id.optional().describe('Of a void: the id of the event that is taken back.'),
    properties: z
      .record(z.string().regex(propertyName, 'must be a name of letters, digits, _ . and -'), property)
      .refine(
        (value) => Object.keys(value).length <= mostProperties,
        `may hold at most ${mostProperties} names`,
      )
      .optional()
      .describe('Anything else that filters of metrics may ask for.'),
  })
  .describe('Something that happened to a message, or that a recipient did.');

export type IncomingEvent = z.infer<typeof eventSchema>;

export type EventResult =
  | { readonly ok: true; readonly event: IncomingEvent }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** Years in which e-mail events can have happened; outside lies a mistaken unit, not a campaign. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** @returns the event, or the first thing that is wrong with it. */
export function parseEvent(input: unknown): EventResult {
  if (isPlainEvent(input)) return checked(input);
  const parsed = readWith(eventSchema, input);
  if (!parsed.ok) return { ok: false, path: '', message: 'is not an event', ...parsed.problems[0] };
  return checked(parsed.value);
}

/** What no field by itself can be wrong in. */
function checked(event: IncomingEvent): EventResult {
  const problem = subjectProblem(event) ?? timeProblem(event) ?? carriedProblem(event) ?? textProblem(event);
  return problem ? { ok: false, ...problem } : { ok: true, event };
}

function subjectProblem({
  type,
  messageId,
  experiment,
  recipient,
  wave,
}: IncomingEvent): Problem | undefined {
  const byName = experiment !== undefined && recipient !== undefined;
  if (wave !== undefined && !byName) {
    return {
      path: 'wave',
      message: 'a wave stands beside experiment and recipient; a messageId names its own',
    };
  }
  if (messageId !== undefined && experiment === undefined && recipient === undefined) return undefined;
  if (messageId === undefined && byName) return undefined;
  const message = 'say whose event it is: either messageId, or experiment and recipient, or recipient alone';
  if (messageId !== undefined || recipient === undefined) return { path: 'messageId', message };
  if (findKind(type)?.of !== 'message') return undefined;
  return {
    path: 'messageId',
    message: `an event of type "${type}" is of a message: give its messageId, or the experiment beside the recipient`,
  };
}

function timeProblem(event: IncomingEvent): Problem | undefined {
  const time = Date.parse(event.at);
  if (time >= earliest && time < latest) return undefined;
  return { path: 'at', message: 'lies outside the years 2000 to 2099; is the unit right?' };
}

const carried: readonly CarriedField[] = ['class', 'value', 'order', 'item', 'category', 'url', 'target'];

function carriedProblem(event: IncomingEvent): Problem | undefined {
  const kind = findKind(event.type);
  for (const field of carried) {
    if (kind && event[field] !== undefined && !kind.carries.includes(field)) {
      return { path: field, message: `an event of type "${event.type}" has no ${field}` };
    }
  }
  if (event.value !== undefined && event.currency === undefined) {
    return { path: 'currency', message: 'a value needs its currency, such as "EUR"' };
  }
  if (event.currency !== undefined && event.value === undefined) {
    return { path: 'value', message: 'a currency stands beside a value' };
  }
  return missingProblem(event);
}

function missingProblem({ type, target, order, value }: IncomingEvent): Problem | undefined {
  if (type === 'void' && target === undefined) {
    return { path: 'target', message: 'a void says which event it takes back: give its id as target' };
  }
  if (type === 'cancel' && order === undefined) {
    return { path: 'order', message: 'a cancel says which order was cancelled' };
  }
  if (type === 'refund' && order === undefined && value === undefined) {
    return { path: 'value', message: 'a refund says how much, or of which order all' };
  }
  if (type === 'refund' && value !== undefined && /^\s*-/.test(String(value))) {
    return { path: 'value', message: 'write what was given back as a positive amount' };
  }
  return undefined;
}

const texts = [
  'id',
  'messageId',
  'experiment',
  'recipient',
  'wave',
  'order',
  'item',
  'category',
  'url',
  'target',
] as const;

function textProblem(event: IncomingEvent): Problem | undefined {
  for (const field of texts) {
    const text = event[field];
    if (text !== undefined && !isStorable(text))
      return { path: field, message: 'holds NUL or broken Unicode' };
  }
  if (!event.properties) return undefined;
  for (const [name, value] of Object.entries(event.properties)) {
    if (typeof value === 'string' && !isStorable(value)) {
      return { path: `properties.${name}`, message: 'holds NUL or broken Unicode' };
    }
  }
  return undefined;
}
