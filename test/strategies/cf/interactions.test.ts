import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { History } from '../../../src/profiles/history.js';
import { rulesOf } from '../../../src/strategies/cf/definition.js';
import { splitHistories } from '../../../src/strategies/cf/split-histories.js';
import { interactionsOf, worthByItem } from '../../../src/strategies/cf/interactions.js';
import { catalogue, clock, day, did, hiking, parsed, person, shoppers, tea } from './world.js';

const now = clock.getTime();
const worths = (change: object, ...history: History) =>
  Object.fromEntries(worthByItem(person(...history).history, rulesOf(parsed(change)), now));
const ids = new Set(catalogue.map(({ id }) => id));

describe('what counts as an interaction', () => {
  test('adds up by item, each event by the weight of its type', () => {
    const history = [
      did('view', 'map', 3),
      did('view', 'map', 2),
      did('cart', 'map', 1),
      did('purchase', 'tent', 9),
    ];
    expect(worths({}, ...history)).toEqual({ map: 5, tent: 5 });
    expect(worths({ weights: { purchase: 2 } }, ...history)).toEqual({ tent: 2 });
  });

  test('comes in the order in which something was last done with each item, the newest at the end', () => {
    const { history } = person(
      did('view', 'tin', 9),
      did('view', 'cup', 8),
      did('view', 'pot', 7),
      did('cart', 'tin', 3),
    );
    expect([...worthByItem(history, rulesOf(parsed()), clock.getTime())]).toEqual([['cup', 1], ['pot', 1], ['tin', 4]]); // prettier-ignore
  });

  test('is nothing at the clock or later, before the window, without an item, of another type or by a machine', () => {
    const history = [
      ...[did('view', 'map', 0), did('view', 'cup', -1), did('view', 'pot', 91), did('opened', 'tin', 1)],
      { id: 'x', type: 'view', at: now - 5 },
      did('clicked', 'tent', 1, { class: 'scanner' }),
      ...[did('clicked', 'boots', 1, { class: 'human' }), did('click', 'compass', 90)],
    ];
    expect(worths({ window: '90d' }, ...history)).toEqual({ boots: 1, compass: 1 });
  });

  test('is worth half after each half-life', () => {
    const change = { halfLife: '10d', weights: { purchase: 8 } };
    expect(worths(change, did('purchase', 'map', 10), did('purchase', 'tent', 30))).toEqual({
      map: 4,
      tent: 1,
    });
    expect(worths({ ...change, halfLife: '1m' }, did('purchase', 'map', 300))).toEqual({});
  });

  test('is as long as it lasted, in the declared steps, where that is known', () => {
    const dwell = {
      buckets: [
        { from: 5, weight: 0.5 },
        { from: 60, weight: 3 },
      ],
    };
    const look = (item: string, seconds: unknown) =>
      did('view', item, 1, { properties: { dwell_seconds: seconds } });
    const history = [
      ...[look('map', 4.9), look('boots', 5), look('tent', 59), look('cup', 60), look('pot', 86_400)],
      ...[look('tin', 'long'), look('sieve', NaN), look('kettle', -1), did('view', 'compass', 1)],
    ];
    expect(worths({ dwell }, ...history)).toEqual({
      ...{ boots: 0.5, tent: 0.5, cup: 3, pot: 3 },
      ...{ tin: 1, sieve: 1, kettle: 1, compass: 1 },
    });
    const other = did('view', 'map', 1, { properties: { seconds: 70 } });
    expect(worths({ dwell: { ...dwell, property: 'seconds' } }, other)).toEqual({ map: 3 });
    expect(worths({ dwell }, did('cart', 'map', 1, { properties: { dwell_seconds: 70 } }))).toEqual({
      map: 3,
    });
  });

  test('is of items of the catalogue, by recipient', () => {
    const histories = new Map([
      ['a', person(did('view', 'map', 2), did('view', 'gone', 1)).history],
      ['b', []],
    ]);
    expect(interactionsOf(histories, ids, rulesOf(parsed()), now)).toEqual([
      { recipient: 'a', item: 'map', weight: 1 },
    ]);
  });
});

describe('the hold-out', () => {
  const anyHistories = fc
    .array(
      fc.array(
        fc.record({
          type: fc.constantFrom('view', 'cart', 'purchase', 'opened'),
          item: fc.constantFrom(...tea, ...hiking, 'gone'),
          daysAgo: fc.double({ min: -2, max: 60, noNaN: true }),
        }),
        { maxLength: 8 },
      ),
      { maxLength: 6 },
    )
    .map(
      (all) =>
        new Map(
          all.map((events, i) => [
            `r_${i}`,
            person(...events.map(({ type, item, daysAgo }) => did(type, item, daysAgo))).history,
          ]),
        ),
    );

  test('by time: nothing that is learned from happened in it, and nothing in it is excluded or was learned from too early', () => {
    fc.assert(
      fc.property(anyHistories, fc.boolean(), (histories, engaged) => {
        const definition = parsed({ window: '50d', holdOut: '10d', exclude: { engaged } });
        const split = splitHistories(definition, histories, ids, clock, '');
        expect([split.kind, split.from, split.until]).toEqual(['time', now - 60 * day, now - 10 * day]);
        const early = new Map(
          [...histories].map(([key, history]) => [key, history.filter(({ at }) => at < split.until)]),
        );
        expect(splitHistories(definition, early, ids, clock, '').learn).toEqual(split.learn);
        for (const { recipient, relevant, excluded, worths: known } of split.heldOut) {
          const late = histories
            .get(recipient)!
            .filter(({ at, type }) => at >= split.until && at < now && type !== 'opened');
          expect(relevant.size).toBeGreaterThan(0);
          for (const item of relevant) {
            expect(late.map((event) => event.item)).toContain(item);
            expect(ids.has(item) && !excluded.has(item)).toBe(true);
            if (engaged) expect(known.has(item)).toBe(false);
          }
        }
      }),
    );
  });

  test('by chance: about the share is drawn, each item by itself, the same again, and said to flatter', () => {
    const definition = parsed({ holdOut: { random: 0.25 } });
    const split = splitHistories(definition, shoppers(400), ids, clock, 'seed');
    const held = split.heldOut.reduce((sum, { relevant }) => sum + relevant.size, 0);
    expect(held / (held + split.learn.length)).toBeCloseTo(0.25, 1);
    expect(split).toMatchObject({
      kind: 'random',
      until: now,
      note: expect.stringContaining('flatters') as string,
    });
    expect(splitHistories(definition, shoppers(400), ids, clock, 'seed')).toEqual(split);
    expect(splitHistories(definition, shoppers(400), ids, clock, 'other')).not.toEqual(split);
    for (const { recipient, relevant, worths: known } of split.heldOut) {
      for (const item of relevant) {
        expect(known.has(item)).toBe(false);
        expect(split.learn.some((one) => one.recipient === recipient && one.item === item)).toBe(false);
      }
    }
    // What is drawn of somebody does not depend on what else they did.
    const fewer = new Map([...shoppers(400)].map(([key, history]) => [key, history.slice(1)]));
    const again = splitHistories(definition, fewer, ids, clock, 'seed');
    for (const { recipient, relevant } of again.heldOut) {
      const before = split.heldOut.find((one) => one.recipient === recipient);
      for (const item of relevant) expect(before?.relevant.has(item)).toBe(true);
    }
  });
});
