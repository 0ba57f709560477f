import { z } from 'zod';

import { eventClasses, eventTypes } from '../experiments/experiment.js';
import { currencyExponent, parseAmount } from '../experiments/money.js';
import { slotsSchema } from '../experiments/slots.js';
import { text } from '../experiments/text.js';
import { classedEvents } from '../profiles/conditions/condition.js';
import { type Window, parseWindow, windowStart } from '../profiles/conditions/window.js';
import { type Zone, zoneOf } from '../profiles/conditions/zone.js';
import type { Behaviour, Profile } from '../profiles/history.js';
import { orderlyHistory } from '../profiles/orderly-history.js';

/** When tests are set that do not say: an ordinary Monday noon. */
export const testClock = '2026-06-15T12:00:00.000Z';

const eventSchema = z
  .strictObject({
    type: z.enum(eventTypes, `must be one of ${eventTypes.join(', ')}`),
    at: z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-01T10:00:00Z' }).optional(),
    ago: text(40)
      .refine(
        (value) => agoParts(value) !== undefined,
        'must say how long before the clock, as in "29d", "12h", "3mo" or "30d 1h"',
      )
      .optional(),
    item: text(200).optional(),
    category: text(200).optional(),
    value: z.number('must be a number, in major units: 19.99').optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be a currency as three capital letters (ISO 4217), such as USD')
      .optional(),
    order: text(200).optional(),
    class: z.enum(eventClasses, `must be one of ${eventClasses.join(', ')}`).optional(),
    properties: z
      .record(text(64), z.union([text(1_000), z.number(), z.boolean()]))
      .refine((properties) => Object.keys(properties).length <= 100, 'must have at most 100 properties')
      .optional(),
  })
  .superRefine(({ at, ago, value, currency }, context) => {
    const problem = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((at === undefined) === (ago === undefined)) problem('at', 'give either "at" or "ago"');
    if (value !== undefined && currency === undefined) problem('currency', 'is missing: a value has one');
    if (value !== undefined && currency !== undefined && minorUnits(value, currency) === undefined)
      problem(
        'value',
        `is no amount of ${currency}: it has ${currencyExponent(currency)} digits after the point`,
      );
  });

export const tableTestSchema = z.strictObject(
  {
    name: text(200).min(1, 'must say what is tested, as in "bought 29 days ago"'),
    traits: z
      .record(text(64), z.union([text(1_000), z.number(), z.boolean(), z.null()]))
      .refine((traits) => Object.keys(traits).length <= 100, 'must have at most 100 traits')
      .optional(),
    events: z.array(eventSchema).max(1_000, 'must have at most 1000 events').optional(),
    clock: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2026-03-01T10:00:00Z' })
      .optional()
      .describe(`When it is decided; ${testClock} when left out.`),
    expect: z.strictObject(
      {
        rule: z
          .union(
            [text(64), z.null()],
            'must be the id of a rule or leaf, "default", or null where nothing is chosen',
          )
          .describe('Id of the rule or leaf that wins, `default`, or null where nothing is chosen.'),
        slots: slotsSchema
          .optional()
          .describe('Slots as they are delivered; those left out are not looked at.'),
      },
      'must be an object with "rule"',
    ),
  },
  'must be a test with name and expect',
);

/** One line of a table of tests: a recipient, and what must be delivered to them. */
export type TableTest = z.infer<typeof tableTestSchema>;

/** The recipient and the clock of a test, in the form that strategies see. */
export function profileOfTest({ traits = {}, events = [], clock }: TableTest): {
  readonly profile: Profile;
  readonly clock: Date;
} {
  const now = Date.parse(clock ?? testClock);
  const zone = zoneOf(traits);
  const reports = events.map((event, i) =>
    behaviourOf(event, `e${String(i + 1).padStart(4, '0')}`, zone, now),
  );
  const history = orderlyHistory(reports.filter(({ at }) => at < now));
  return { profile: { traits, history }, clock: new Date(now) };
}

function behaviourOf(event: z.infer<typeof eventSchema>, id: string, zone: Zone, now: number): Behaviour {
  const { type, at, ago, value, class: by, item, category, currency, order, properties } = event;
  return {
    id,
    type,
    at: at === undefined ? instantAgo(zone, now, ago ?? '') : Date.parse(at),
    // Who writes a test of an open means a person's.
    ...(classedEvents.includes(type) && { class: by ?? 'human' }),
    ...(value !== undefined && { value: minorUnits(value, currency ?? '') ?? 0 }),
    ...(currency !== undefined && { currency }),
    ...(order !== undefined && { order }),
    ...(item !== undefined && { item }),
    ...(category !== undefined && { category }),
    ...(properties !== undefined && { properties }),
  };
}

function minorUnits(value: number, currency: string): number | undefined {
  const units = parseAmount(String(value), currencyExponent(currency));
  return units === undefined ? undefined : Number(units);
}

/** `30d 1h` as windows, one taken off after the other. */
function agoParts(ago: string): Window[] | undefined {
  const windows = ago.split(' ').map(parseWindow);
  const known = windows.filter((window) => window !== undefined);
  return known.length === windows.length ? known : undefined;
}

function instantAgo(zone: Zone, clock: number, ago: string): number {
  return (agoParts(ago) ?? []).reduce((at, window) => windowStart(zone, at, window), clock);
}
