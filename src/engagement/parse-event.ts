import { z } from 'zod';
import { eventClasses, eventTypes } from '../experiments/experiment.js';
import { type Problem, readWith } from '../experiments/read-with.js';
import { eventKinds } from './kinds/registry.js';

/**
 * One event as it arrives, checked in itself; whether its message is known and its currency right is for the flow.
 */

const id = z.string().min(1).max(200);

/** An amount in major units, `19.99` or `"19.99"`; read digit by digit, never through a double. */
const amount = z.union([z.number(), z.string().max(40)], 'must be an amount such as 19.99 or "19.99"');

export const eventSchema = z
  .strictObject({
    id: id.describe('Makes the event known: the same id again is a duplicate and counts once.'),
    type: z.enum(eventTypes),
    messageId: z.string().min(1).max(100).optional().describe('As given in the assignment answer.'),
    experiment: z.string().min(1).max(64).optional().describe('With `recipient`, instead of `messageId`.'),
    recipient: z.string().min(1).max(256).optional(),
    at: z.iso
      .datetime({
        offset: true,
        error:
          'must be a time with seconds and zone, such as 2026-03-01T10:00:00Z or 2026-03-01T10:00:00+01:00',
      })
      .describe('When it happened, with a time zone.'),
    value: amount.optional().describe('Conversions: amount in major units; negative for a refund.'),
    currency: z.string().optional().describe('Must be the currency of the experiment.'),
    class: z
      .enum(eventClasses)
      .optional()
      .describe('Opens and clicks: who is behind it; unknown unless you say so.'),
    url: z
      .string()
      .max(4_000)
      .optional()
      .describe('Clicks and conversions: the address that was followed. What follows ? or # is not kept.'),
  })
  .describe('Something that happened to a message.');

export type IncomingEvent = z.infer<typeof eventSchema>;

export type EventResult =
  | { readonly ok: true; readonly event: IncomingEvent }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** Years in which e-mail events can have happened; outside lies a mistaken unit, not a campaign. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** @returns the event, or the first thing that is wrong with it. */
export function parseEvent(input: unknown): EventResult {
  const parsed = readWith(eventSchema, input);
  if (!parsed.ok) return { ok: false, path: '', message: 'is not an event', ...parsed.problems[0] };
  const event = parsed.value;
  const problem = addressProblem(event) ?? timeProblem(event) ?? carriedProblem(event) ?? textProblem(event);
  return problem ? { ok: false, ...problem } : { ok: true, event };
}

function addressProblem(event: IncomingEvent): Problem | undefined {
  const byRecipient = event.experiment !== undefined && event.recipient !== undefined;
  const partly = event.experiment !== undefined || event.recipient !== undefined;
  if (event.messageId !== undefined && !partly) return undefined;
  if (event.messageId === undefined && byRecipient) return undefined;
  return {
    path: 'messageId',
    message: 'say whose event it is: either messageId, or experiment and recipient',
  };
}

function timeProblem(event: IncomingEvent): Problem | undefined {
  const time = Date.parse(event.at);
  if (time >= earliest && time < latest) return undefined;
  return { path: 'at', message: 'lies outside the years 2000 to 2099; is the unit right?' };
}

function carriedProblem(event: IncomingEvent): Problem | undefined {
  const carries = eventKinds[event.type].carries;
  for (const field of ['class', 'value', 'url'] as const) {
    if (event[field] !== undefined && !carries.includes(field)) {
      return { path: field, message: `an event of type "${event.type}" has no ${field}` };
    }
  }
  if (event.value !== undefined && event.currency === undefined) {
    return { path: 'currency', message: 'a value needs its currency, such as "EUR"' };
  }
  if (event.currency !== undefined && event.value === undefined) {
    return { path: 'value', message: 'a currency stands beside a value' };
  }
  return undefined;
}

/** PostgreSQL text cannot hold NUL, nor halves of surrogate pairs. */
function textProblem(event: IncomingEvent): Problem | undefined {
  for (const field of ['id', 'messageId', 'experiment', 'recipient', 'url'] as const) {
    const text = event[field];
    if (text !== undefined && (text.includes('\0') || !text.isWellFormed())) {
      return { path: field, message: 'holds NUL or broken Unicode' };
    }
  }
  return undefined;
}
