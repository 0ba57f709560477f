import { z } from 'zod';
import { eventTypes } from '../../experiments/experiment.js';
import { formatAmount, currencyExponent } from '../../experiments/money.js';
import { text } from '../../experiments/text.js';
import { countsAsHuman } from '../../profiles/features/human.js';
import type { Behaviour, History } from '../../profiles/history.js';

/** What a model predicts: that a recipient does something, often enough. */
export interface Outcome {
  readonly event: string;
  /** In any of these. */
  readonly category?: readonly string[] | undefined;
  readonly item?: readonly string[] | undefined;
  /** Of one event at least, in minor units of the currency. */
  readonly value?: number | undefined;
  readonly currency?: string | undefined;
  /** So many events at least. */
  readonly count: number;
}

const names = z
  .union([
    text(256)
      .min(1)
      .transform((one) => [one]),
    z.array(text(256).min(1)).min(1).max(100),
  ])
  .transform((list) => [...new Set(list)].sort());

export const outcomeSchema = z
  .strictObject(
    {
      event: z.enum(
        eventTypes.filter((type) => type !== 'void'),
        'must be a kind of event, such as purchase, view or clicked',
      ),
      category: names.optional().describe('In this category, or in any of these.'),
      item: names.optional().describe('Of this item, or of any of these.'),
      value: z
        .int('must be a whole number of minor units, such as 5000 for 50.00')
        .min(1)
        .optional()
        .describe('An event counts from this value on, in minor units of the currency.'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'must be a code such as EUR')
        .optional(),
      count: z
        .int('must be a whole number')
        .min(1)
        .max(1_000)
        .default(1)
        .describe('So many events at least.'),
    },
    'must be an outcome such as {"event": "purchase"}',
  )
  .refine(({ value, currency }) => value === undefined || currency !== undefined, {
    path: ['currency'],
    message: 'is missing: a value is of a currency, such as EUR',
  });

/** Whether an event is one of those that count for the outcome. */
export function counts(outcome: Outcome, event: Behaviour): boolean {
  const { category, item, value, currency } = outcome;
  return (
    event.type === outcome.event &&
    countsAsHuman(event) &&
    (category === undefined || (event.category !== undefined && category.includes(event.category))) &&
    (item === undefined || (event.item !== undefined && item.includes(event.item))) &&
    (currency === undefined || event.currency === currency) &&
    (value === undefined || (event.value ?? -Infinity) >= value)
  );
}

/** Whether it happened in [from, to). */
export function happened(outcome: Outcome, history: History, from: number, to: number): boolean {
  let n = 0;
  for (const event of history) {
    if (event.at < from || event.at >= to || !counts(outcome, event)) continue;
    n += 1;
    if (n >= outcome.count) return true;
  }
  return false;
}

/** How often an event that counts for it happened before a moment, and when last; undefined: never. */
export function pastOf(outcome: Outcome, history: History, before: number): { times: number; last?: number } {
  const past = history.filter((event) => event.at < before && counts(outcome, event));
  const last = past.at(-1)?.at;
  return { times: past.length, ...(last !== undefined && { last }) };
}

/** `2 or more purchases in shoes or hats`. */
export function outcomeInWords({ event, category, item, value, currency, count }: Outcome): string {
  const what = count === 1 ? event : `${count} or more ${event} events`;
  const where = category ? ` in ${listed(category)}` : '';
  const which = item ? ` of ${listed(item)}` : '';
  if (value === undefined || currency === undefined) {
    return `${what}${which}${where}${currency === undefined ? '' : ` in ${currency}`}`;
  }
  return `${what}${which}${where} of ${formatAmount(BigInt(value), currencyExponent(currency))} ${currency} or more`;
}

function listed(list: readonly string[]): string {
  const shown = list.length > 5 ? [...list.slice(0, 4), `${list.length - 4} others`] : list;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : (shown[0] ?? '');
}
