import { currencyExponent } from '../../experiments/money.js';
import type { EventLeaf, PropertyFilter } from '../../profiles/conditions/condition.js';
import { parseWindow, windowStart } from '../../profiles/conditions/window.js';
import { utc } from '../../profiles/conditions/zone.js';
import type { Behaviour } from '../../profiles/history.js';
import { type Axis, type AxisValue, valuesThatMatter } from './axes.js';
import { passing } from './node.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const defaultCurrency = 'EUR';

/** More events than that are made for nobody: a rule that counts to ten thousand is looked at from outside only. */
const mostEvents = 300;

/**
 * How long before the clock events may lie so that every window and every number of days of these axes is met on both
 * sides, in milliseconds, the latest first.
 */
export function agesThatMatter(axes: readonly Axis[], clock: number): number[] {
  const ages = [hourMs];
  for (const { leaf, values } of axes) {
    if (!('event' in leaf)) continue;
    const window = leaf.within === undefined ? undefined : parseWindow(leaf.within);
    if (window) {
      const length = clock - windowStart(utc, clock, window);
      // The start of a window is inside it.
      ages.push(length - hourMs, length, length + hourMs);
    }
    if (!leaf.measure.startsWith('days_since')) continue;
    for (const days of values) if (typeof days === 'number') ages.push(days * dayMs);
  }
  return [...new Set(ages)].filter((age) => age > 0).sort((a, b) => a - b);
}

/**
 * Ways in which the measure of a leaf can come to a value: each a list of events at one of the ages, the shortest first.
 * Empty: there is none that we know.
 */
export function eventsFor(
  leaf: EventLeaf,
  value: AxisValue,
  ages: readonly number[],
  clock: number,
): Behaviour[][] {
  if (value === undefined || (value === 0 && !leaf.measure.startsWith('days_since'))) return [[]];
  if (typeof value !== 'number') return [];
  const properties = propertiesFor(leaf.where ?? [], clock);
  if (properties === undefined) return [];
  const make = (at: number, more: Properties): Behaviour => eventOf(leaf, { ...properties, ...more }, at);
  const several = (n: number, more: (i: number) => Properties): Behaviour[][] =>
    n > mostEvents
      ? []
      : ages.map((age) => Array.from({ length: n }, (_, i) => make(clock - age + i, more(i))));
  switch (leaf.measure) {
    case 'count':
      return several(value, () => ({}));
    case 'distinct':
      return several(value, (i) => ({ [leaf.property ?? 'item']: `${leaf.property ?? 'item'}-${i + 1}` }));
    case 'sum':
      return several(1, () => ({
        [leaf.property ?? 'value']: value,
        ...(leaf.currency !== undefined && { currency: leaf.currency }),
      }));
    default: {
      // What happens at the clock is not seen yet. Any other age may lie on the same side of a bound and suit the rest better.
      const own = Math.max(value * dayMs, 1);
      return [own, ...ages.filter((age) => age !== own)].map((age) => [make(clock - age, {})]);
    }
  }
}

/** The same events with properties that pass no filter: they must not count. */
export function beside(
  leaf: EventLeaf,
  events: readonly Behaviour[],
  clock: number,
): Behaviour[] | undefined {
  if (leaf.where === undefined || leaf.where.length === 0) return undefined;
  const properties = propertiesFor(leaf.where, clock, false);
  return properties && events.map(({ at }) => eventOf(leaf, properties, at));
}

type Properties = Readonly<Record<string, AxisValue>>;

/** Values that pass every filter, or none of them; undefined where no such value is known. */
function propertiesFor(
  where: readonly PropertyFilter[],
  clock: number,
  wanted = true,
): Properties | undefined {
  const found: Record<string, AxisValue> = {};
  for (const property of new Set(where.map((filter) => filter.property))) {
    const tests = where.filter((filter) => filter.property === property);
    const checks = tests.map(({ property: _property, ...test }) => passing(test, clock));
    const values = valuesThatMatter(tests, clock);
    const known = values.findIndex((value) => checks.every((check) => check(value) === wanted));
    if (known < 0) return undefined;
    found[property] = values[known];
  }
  return found;
}

function eventOf(leaf: EventLeaf, given: Properties, at: number): Behaviour {
  const { item, category, order, currency, value, ...rest } = given;
  const amount = typeof value === 'number' ? value : undefined;
  const unit = typeof currency === 'string' ? currency : defaultCurrency;
  const properties = Object.fromEntries(Object.entries(rest).filter(([, known]) => known !== undefined));
  return {
    id: '',
    type: leaf.event,
    at,
    ...(leaf.classes?.[0] !== undefined && { class: leaf.classes[0] }),
    ...(amount !== undefined && { value: Math.round(amount * 10 ** currencyExponent(unit)) }),
    ...((amount !== undefined || currency !== undefined) && { currency: unit }),
    ...(typeof item === 'string' && { item }),
    ...(typeof category === 'string' && { category }),
    ...(typeof order === 'string' && { order }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** By time, each with an id of its own. */
export function inOrder(events: readonly Behaviour[]): Behaviour[] {
  return [...events].sort((a, b) => a.at - b.at).map((event, i) => ({ ...event, id: `e${i + 1}` }));
}
