import jstat from 'jstat';
import { chance, pick } from './chance.js';
import { itemsOf, type Taste } from './demo-items.js';
import type { Customer } from './demo-world.js';

const { exponential, lognormal } = jstat.jStat;
const day = 86_400_000;

/**
 * How often somebody comes by, in visits a day: the truth behind the model of visits. Whoever has ordered three times comes
 * twice as often, readers of the newsletter half as often again, and people differ besides.
 */
export function visitsPerDay({ id, traits }: Customer): number {
  const habit = lognormal.inv(chance(id, 'habit'), Math.log(0.012), 1);
  return habit * (traits['loyalty'] === 'loyal' ? 2 : 1) * (traits['newsletter'] === true ? 1.5 : 1);
}

/** The truth behind what people of a similar taste look at. */
export function tasteOf({ id }: Customer): Taste {
  return pick([['japanese', 0.4], ['english', 0.4], ['travelling', 0.2]] as const, id, 'taste'); // prettier-ignore
}

/** One look in five is at something that is not to the taste. */
const curiosity = 0.2;
const all: readonly Taste[] = ['japanese', 'english', 'travelling'];

/** Visits to the shop by themselves: each looks at one to three items, every sixth leaves something in the cart. */
export function demoBrowsing(people: readonly Customer[], from: Date, until: Date): object[] {
  return people.flatMap((customer) => {
    const perDay = visitsPerDay(customer);
    const events: object[] = [];
    let at = from.getTime();
    for (let visit = 0; ; visit++) {
      at += Math.round(exponential.inv(chance(customer.id, 'next visit', visit), perDay) * day);
      if (at >= until.getTime()) return events;
      events.push(...visitOf(customer, visit, at));
    }
  });
}

function visitOf(customer: Customer, visit: number, from: number): object[] {
  const luck = (...what: (string | number)[]): number => chance('browse', customer.id, visit, ...what);
  const looks = 1 + Math.floor(luck('looks') * 3);
  const name = `browse-${customer.id.slice(9, 14)}-${visit}`;
  return Array.from({ length: looks }, (_, i) => {
    const strange = all[Math.floor(luck('strange', i) * all.length)] ?? 'japanese';
    const items = itemsOf(luck('curious', i) < curiosity ? strange : tasteOf(customer));
    const { item, category } = items[Math.floor(luck('item', i) * items.length)] ?? {};
    const at = new Date(from + i * 60_000).toISOString();
    const own = { recipient: customer.id, item, category, at };
    const look = { id: `${name}:${i}:view`, type: 'view', ...own };
    const isLast = i === looks - 1;
    return isLast && luck('cart') < 1 / 6 ? [look, { id: `${name}:cart`, type: 'cart', ...own }] : [look];
  }).flat();
}
