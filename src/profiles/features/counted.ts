import { eventTypes } from '../../experiments/experiment.js';
import { currencyExponent, formatAmount } from '../../experiments/money.js';
import type { Behaviour, History } from '../history.js';
import type { Feature } from './feature.js';
import { countsAsHuman } from './human.js';
import { day, dayOf, eventsIn, nextToLeave } from './window.js';

const longestWindowDays = 3_650;
/** Of an explanation. */
const mostLines = 20;

interface Asked {
  readonly subject: string;
  readonly category?: string;
  readonly days?: number;
}

/** `count(view)`, `count(view, shoes)`, `count(view, shoes, 30d)`: so many of these events. */
export function countFeature(name: string): Feature | undefined {
  const asked = readName(name, 'count');
  if (!asked || !(eventTypes as readonly string[]).includes(asked.subject) || asked.subject === 'void')
    return undefined;
  const { subject, windowMs, ...looked } = lookedAt(asked, [asked.subject]);
  const found = (history: History, clock: number): Behaviour[] =>
    eventsIn(history, clock, { ...looked, ...(windowMs !== undefined && { windowMs }) }).filter(
      countsAsHuman,
    );
  return {
    name,
    title: `${subject} events${inWords(asked)}`,
    meaning:
      'How many events of a type there were, in one category or all of them. Opens and clicks count where a human is behind them.',
    unit: 'events',
    needs: { types: looked.types, ...(windowMs !== undefined && { lookbackMs: windowMs }) },
    value: (history, clock) => found(history, clock).length,
    changesAt: (history, clock) => nextToLeave(found(history, clock), windowMs),
    explain: (history, clock) => lastOf(found(history, clock)),
  };
}

/**
 * `spend(EUR)`, `spend(EUR, shoes)`, `spend(EUR, shoes, 90d)`: money paid less money that went back, in units of the
 * currency. Other currencies are left out, never converted.
 */
export function spendFeature(name: string): Feature | undefined {
  const asked = readName(name, 'spend');
  if (!asked || !/^[A-Z]{3}$/.test(asked.subject)) return undefined;
  const { subject: currency, windowMs } = lookedAt(asked, []);
  const paid = (history: History, clock: number): Behaviour[] =>
    paymentsIn(history, clock, { ...asked, currency });
  return {
    name,
    title: `money spent in ${currency}${inWords(asked)}`,
    meaning:
      'Money paid less money that went back, in one currency. Other currencies are left out, never converted.',
    unit: currency,
    // The order that a refund is of may lie before the window, and has the category.
    needs: {
      types: ['purchase', 'refund'],
      ...(asked.category === undefined && windowMs !== undefined && { lookbackMs: windowMs }),
    },
    value: (history, clock) => inUnits(totalOf(paid(history, clock)), currency),
    changesAt: (history, clock) => nextToLeave(paid(history, clock), windowMs),
    explain: (history, clock) => {
      const lines = paid(history, clock).map(({ type, at, value }) => {
        const amount = formatAmount(BigInt(value ?? 0), currencyExponent(currency));
        return `${type} on ${dayOf(at)}: ${amount} ${currency}`;
      });
      return lines.length === 0 ? ['there is none'] : lines.slice(-mostLines).reverse();
    },
  };
}

/** What somebody paid, less what went back, in minor units: exact. */
export function spentMinor(history: History, clock: number, currency: string): bigint {
  return totalOf(paymentsIn(history, clock, { currency }));
}

function totalOf(payments: readonly Behaviour[]): bigint {
  return payments.reduce((sum, { value }) => sum + BigInt(value ?? 0), 0n);
}

function paymentsIn(
  history: History,
  clock: number,
  {
    currency,
    category,
    days,
  }: { readonly currency: string; readonly category?: string; readonly days?: number },
): Behaviour[] {
  const types = ['purchase', 'refund'];
  const payments = eventsIn(history, clock, {
    types,
    ...(days !== undefined && { windowMs: days * day }),
  }).filter((event) => event.currency === currency && event.value !== undefined);
  if (category === undefined) return payments;
  const ofOrder = new Map(
    history.flatMap((event) =>
      event.type === 'purchase' && event.order !== undefined ? [[event.order, event.category]] : [],
    ),
  );
  return payments.filter((event) => {
    const own = event.category ?? (event.order === undefined ? undefined : ofOrder.get(event.order));
    return own === category;
  });
}

/** The double next to the exact amount: equal amounts are equal numbers, and 19.99 is 19.99. */
function inUnits(minor: bigint, currency: string): number {
  return Number(formatAmount(minor, currencyExponent(currency)));
}

function lookedAt({ subject, category, days }: Asked, types: readonly string[]) {
  return {
    subject,
    types,
    ...(category !== undefined && { category }),
    windowMs: days === undefined ? undefined : days * day,
  };
}

function inWords({ category, days }: Asked): string {
  return `${category === undefined ? '' : ` in ${category}`}${days === undefined ? '' : ` within ${days} days`}`;
}

function lastOf(events: readonly Behaviour[]): string[] {
  const last = events.at(-1);
  return last ? [`the last one was on ${dayOf(last.at)}`] : ['there is none'];
}

/** What a name such as `spend(EUR, shoes, 90d)` speaks of; undefined where it names no such feature. */
export function countedBy(name: string): Asked | undefined {
  return readName(name, 'count') ?? readName(name, 'spend');
}

function readName(name: string, verb: string): Asked | undefined {
  if (name.length > 200) return undefined;
  const inside = /^([a-z]+)\(([^()]*)\)$/.exec(name);
  if (inside?.[1] !== verb) return undefined;
  const [subject = '', ...rest] = (inside[2] ?? '').split(',').map((part) => part.trim());
  const days = /^([1-9]\d{0,3})d$/.exec(rest.at(-1) ?? '')?.[1];
  if (days !== undefined) rest.pop();
  const [category, ...more] = rest;
  // What looks like days and is none was not meant as a category.
  const mistaken = category === '' || /^\d+d$/.test(category ?? '');
  if (more.length > 0 || mistaken || Number(days ?? 1) > longestWindowDays) return undefined;
  return {
    subject,
    ...(category !== undefined && { category }),
    ...(days !== undefined && { days: Number(days) }),
  };
}
