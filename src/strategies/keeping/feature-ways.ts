import { currencyExponent } from '../../experiments/money.js';
import type { FeatureLeaf } from '../../profiles/conditions/condition.js';
import { countedBy } from '../../profiles/features/counted.js';
import { findFeature } from '../../profiles/features/feature.js';
import type { Behaviour } from '../../profiles/history.js';
import type { Axis, AxisValue } from './axes.js';
import { inOrder } from './make-events.js';

/** A history, and what a feature comes to with it. */
export interface FeatureWay {
  readonly events: readonly Behaviour[];
  readonly value: AxisValue;
}

const dayMs = 86_400_000;
const usualCounts = [1, 5, 20, 60];
const usualDays = [1, 20, 45, 100, 200, 400];
/** Bounds that are tried, and events that are made for one of them. */
const mostBounds = 12;
const mostEvents = 300;
const longestDays = 4_000;

/**
 * What a feature comes to is its own affair, so histories of many sizes and ages are made, also as many events, days and as much
 * money as comparisons name, and the feature says what it is of each. The nearest and smallest first.
 */
export function featureWays(
  { leaf, values }: Axis & { readonly leaf: FeatureLeaf },
  clock: number,
): FeatureWay[] {
  const feature = findFeature(leaf.feature);
  if (!feature) return [];
  const numbers = values.filter((value) => typeof value === 'number').slice(0, mostBounds);
  const counts = numbers.map(Math.ceil).filter((n) => n > 0 && n <= mostEvents);
  const days = numbers.filter((n) => n >= 0 && n <= longestDays).map((n) => n + 0.5);
  const sizes = [...crossed([...new Set([...usualCounts, ...counts])], usualDays), ...crossed([1, 4], days)];
  const make = (type: string, n: number, age: number, more: Partial<Behaviour>): Behaviour[] =>
    Array.from({ length: n }, (_, i) => ({
      ...{ id: '', type, at: clock - Math.round(age * dayMs) + i * 1_000, class: 'human' },
      ...{ value: 5_000, currency: 'EUR', order: `order-${i + 1}`, ...more },
    }));
  const { types } = feature.needs;
  const kinds = [...types.map((type) => [type]), ...(types.length > 1 ? [types] : [])];
  const histories = subjects(leaf, values, numbers).flatMap((more) =>
    kinds.flatMap((together) =>
      sizes.map(([n, age]) => together.flatMap((type) => make(type, n, age, more))),
    ),
  );
  return [[], ...histories].map((events) => {
    const history = inOrder(events);
    return { events: history, value: feature.value(history, clock, {}) };
  });
}

function crossed(counts: readonly number[], days: readonly number[]): [number, number][] {
  return counts.flatMap((n) => days.map((age): [number, number] => [n, age]));
}

/** What the events are about: the category and currency of the feature, the amounts and categories of the comparisons. */
function subjects(
  { feature }: FeatureLeaf,
  values: readonly AxisValue[],
  numbers: readonly number[],
): Partial<Behaviour>[] {
  const counted = countedBy(feature);
  if (counted) {
    const { subject, category } = counted;
    const about = category === undefined ? {} : { category };
    if (!feature.startsWith('spend')) return [about];
    const unit = 10 ** currencyExponent(subject);
    const amounts = [50, ...numbers.filter((n) => n > 0)].slice(0, mostBounds / 2);
    return amounts.map((n) => ({ ...about, currency: subject, value: Math.round(n * unit) }));
  }
  const texts = values.filter((value) => typeof value === 'string').slice(0, mostBounds / 2);
  return [{}, ...(feature === 'favourite_category' ? texts.map((category) => ({ category })) : [])];
}
