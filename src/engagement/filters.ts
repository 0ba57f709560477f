import type { EventType, PropertyFilter } from '../experiments/experiment.js';
import { currencyExponent } from '../experiments/money.js';
import type { Happening } from './happenings.js';

/** What a recipient had done before the assignment, as far as filters ask for it. */
export interface Past {
  readonly happenings: readonly Happening[];
  readonly enrolledAt: number;
  /** Of the experiment: the one that values are in. */
  readonly currency: string | undefined;
}

/** Whether a happening meets all conditions. A property that is not given meets none, not even `ne`. */
export function passes(
  filters: readonly PropertyFilter[] | undefined,
  happening: Happening,
  event: EventType,
  past: Past,
): boolean {
  return filters === undefined || filters.every((filter) => passesOne(filter, happening, event, past));
}

function passesOne(filter: PropertyFilter, happening: Happening, event: EventType, past: Past): boolean {
  const value = propertyOf(happening, filter.property, past.currency);
  if (filter.op === 'has_history') return pastValues(filter.property, event, past).length > 0;
  if (value === undefined || value === null) return false;
  switch (filter.op) {
    case 'exists':
      return true;
    case 'eq':
      return value === filter.value;
    case 'ne':
      return value !== filter.value;
    case 'in':
      return Array.isArray(filter.value) && (filter.value as unknown[]).includes(value);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return compares(filter.op, value, filter.value);
    case 'new': {
      const before = pastValues(filter.property, event, past);
      return before.length > 0 && !before.includes(value);
    }
    case 'above_history': {
      const before = pastValues(filter.property, event, past).filter((v) => typeof v === 'number');
      return typeof value === 'number' && before.length > 0 && value > Math.max(...before);
    }
  }
}

/** Numbers with numbers, texts with texts (by code unit, so that ISO dates compare as dates). */
function compares(op: 'gt' | 'gte' | 'lt' | 'lte', a: unknown, b: unknown): boolean {
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string');
  if (!comparable) return false;
  const order = a < b ? -1 : a > b ? 1 : 0;
  if (op === 'gt') return order > 0;
  if (op === 'gte') return order >= 0;
  return op === 'lt' ? order < 0 : order <= 0;
}

/** `value` reads in major units, so that a filter says 50 for fifty euros. */
function propertyOf(happening: Happening, name: string, currency: string | undefined): unknown {
  if (name === 'currency' || name === 'order' || name === 'class') return happening[name];
  if (name === 'value') return majorUnits(happening, currency ?? '');
  const { properties } = happening;
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The value was converted; the currency that a happening names is the one it was paid in. */
function majorUnits({ value }: Happening, currency: string): number | undefined {
  return value === undefined ? undefined : Number(value) / 10 ** currencyExponent(currency);
}

/**
 * The values of a property in events of the same type before the assignment; money that went back and orders that were
 * cancelled by then are no such events.
 */
function pastValues(
  property: string,
  event: EventType,
  { happenings, enrolledAt, currency }: Past,
): unknown[] {
  return happenings.flatMap((happening) => {
    const { at, isRefund, cancelledAt } = happening;
    if (at >= enrolledAt || isRefund === true || !isOfType(happening, event)) return [];
    if (cancelledAt !== undefined && cancelledAt < enrolledAt) return [];
    const value = propertyOf(happening, property, currency);
    return value === undefined || value === null ? [] : [value];
  });
}

/** A purchase is a conversion; an order reported as both is a purchase too. */
export function isOfType(happening: Happening, event: EventType): boolean {
  if (happening.type === event) return true;
  if (event === 'converted') return happening.type === 'purchase';
  return event === 'purchase' && happening.type === 'converted' && happening.bought === true;
}
