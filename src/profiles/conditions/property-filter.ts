import { currencyExponent } from '../../experiments/money.js';
import type { Behaviour } from '../history.js';
import type { PropertyFilter, Scalar } from './condition.js';
import { compileTest } from './value-test.js';

/** The columns of an event; every other name is one of its properties. */
const columns = ['item', 'category', 'currency', 'order'] as const;

/** A property of an event; undefined where it has none. The value of money in major units: 50 for fifty euros. */
export function readerOf(property: string): (event: Behaviour) => Scalar | undefined {
  const column = columns.find((name) => name === property);
  if (column) return (event) => event[column];
  if (property === 'value') return majorUnits;
  return ({ properties }) => {
    const value = properties && Object.hasOwn(properties, property) ? properties[property] : undefined;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : undefined;
  };
}

/**
 * The double nearest to the amount: minor units are whole numbers below 2^53, so that equal amounts give equal doubles and a
 * bound as somebody writes it ("49.99") is the double of the same amount.
 */
function majorUnits({ value, currency }: Behaviour): number | undefined {
  return value === undefined ? undefined : value / 10 ** currencyExponent(currency ?? '');
}

/** All filters made ready as one; undefined where there are none. */
export function compileFilters(
  where: readonly PropertyFilter[] = [],
): ((event: Behaviour) => boolean) | undefined {
  const tests = where.map((filter) => ({ read: readerOf(filter.property), passes: compileTest(filter) }));
  const [first, second] = tests;
  if (first === undefined) return undefined;
  if (second === undefined) return (event) => first.passes(first.read(event));
  return (event) => tests.every(({ read, passes }) => passes(read(event)));
}
