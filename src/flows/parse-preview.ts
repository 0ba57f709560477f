import { z } from 'zod';
import { badInput, type InputProblem } from '../errors.js';
import { currencyExponent, parseAmount } from '../experiments/money.js';
import { readWith } from '../experiments/read-with.js';
import { text } from '../experiments/text.js';
import type { History } from '../profiles/history.js';
import { orderlyHistory } from '../profiles/orderly-history.js';
import { parseTraits } from '../profiles/parse-traits.js';
import type { PreviewAsked } from './preview-arms.js';

const mostEvents = 1_000;
const short = text(200).min(1);
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-01T10:00:00Z' });

const eventSchema = z.strictObject({
  type: text(64).min(1),
  at: time,
  item: short.optional(),
  category: short.optional(),
  order: short.optional(),
  class: short.optional(),
  value: z.union([z.number(), z.string().max(40)], 'must be an amount such as 19.99').optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a three-letter code such as "EUR"')
    .optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

export const previewSchema = z.strictObject({
  recipient: text(256).min(1).optional().describe('Id of a recipient who is known.'),
  traits: z.record(z.string(), z.unknown()).optional().describe('Over what is known.'),
  events: z
    .array(eventSchema)
    .max(mostEvents)
    .optional()
    .describe('In the place of what is known: type, at, item, category, value, currency, order, …'),
  clock: time.optional().describe('The moment of the decision; now, unless you say so.'),
});

/** @throws bad_input `invalid_preview` with every problem found. */
export function parsePreview(input: unknown): PreviewAsked {
  const parsed = readWith(previewSchema, input);
  if (!parsed.ok) throw invalid(parsed.problems);
  const { recipient, traits, events, clock } = parsed.value;
  const read = parseTraits(traits ?? {});
  if (!read.ok)
    throw invalid(read.problems.map(({ path, message }) => ({ path: `traits.${path}`, message })));
  return {
    ...(recipient !== undefined && { recipient }),
    ...(traits !== undefined && { traits: read.value }),
    ...(events && { history: historyOf(events) }),
    ...(clock !== undefined && { clock: new Date(clock) }),
  };
}

function historyOf(events: readonly z.output<typeof eventSchema>[]): History {
  const reports = events.map(({ at, value, currency, ...rest }, i) => ({
    ...rest,
    id: `event-${String(i).padStart(4, '0')}`,
    at: Date.parse(at),
    ...(currency !== undefined && { currency }),
    ...(value !== undefined && { value: minorUnits(value, currency, i) }),
  }));
  return orderlyHistory(reports);
}

function minorUnits(value: number | string, currency: string | undefined, index: number): number {
  const path = `events[${index}].value`;
  if (currency === undefined) throw invalid([{ path, message: 'stands with a currency, such as "EUR"' }]);
  const units = parseAmount(String(value), currencyExponent(currency));
  if (units === undefined) throw invalid([{ path, message: `is no amount in ${currency}` }]);
  return Number(units);
}

function invalid(problems: readonly InputProblem[]) {
  return badInput('invalid_preview', 'Nothing can be shown for this recipient.', problems);
}
