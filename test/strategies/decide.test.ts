import { describe, expect, test } from 'vitest';

import { decideFor } from '../../src/strategies/decide.js';
import type { Decide } from '../../src/strategies/strategy.js';

const fallback = { subject: 'Hello' };
const profile = { traits: { name: 'Ann' }, history: [] };
const slotNames = ['subject'];
const items = [{ id: 'boots' }, { id: 'scarf' }];

function decided(decide: () => unknown, withFallback = true) {
  const asked = { decide: decide as Decide, slotNames, ...(withFallback && { fallback }) };
  return decideFor(asked, profile, () => items, new Date(0));
}

describe('decideFor', () => {
  test('delivers a whole choice with its reason and probability', () => {
    const choice = { slots: { subject: 'For you' }, reason: 'rule vip', probability: 0.25 };
    expect(decided(() => choice)).toEqual({ delivered: 'strategy', ...choice });
    expect(decided(() => choice, false)).toEqual({ delivered: 'strategy', ...choice });
    const withItems = { ...choice, items: [{ item: 'scarf', score: 0.5, reason: 'most bought' }] };
    expect(decided(() => withItems)).toEqual({ delivered: 'strategy', ...withItems });
  });

  test.each<[string, () => unknown, string]>([
    ['declines', () => ({ noChoice: 'no rule matched' }), 'no rule matched'],
    [
      'leaves a slot out',
      () => ({ slots: {}, reason: 'r', probability: 1 }),
      'slot subject was left out or blank',
    ],
    ['leaves a slot blank', () => ({ slots: { subject: ' \n' } }), 'slot subject was left out or blank'],
    ['sets no text', () => ({ slots: { subject: 3 } }), 'slot subject was left out or blank'],
    [
      'inherits a slot',
      () => ({ slots: Object.create({ subject: 'x' }) as object }),
      'slot subject was left out or blank',
    ],
    [
      'sets a slot it did not declare',
      () => ({ slots: { subject: 'x', offer: 'y' } }),
      'slot offer was not declared',
    ],
    [
      'names an item that is no candidate',
      () => ({
        slots: { subject: 'x' },
        items: [
          { item: 'boots', score: 2, reason: 'r' },
          { item: 'gone', score: 1, reason: 'r' },
        ],
      }),
      'an item was chosen that is no candidate',
    ],
    ['answers nothing', () => undefined, 'the strategy failed with TypeError'],
    ['answers without slots', () => ({}), 'the strategy failed with TypeError'],
    [
      'throws a string',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'Ann';
      },
      'the strategy failed with no error object',
    ],
    [
      'throws an error that quotes a trait',
      () => {
        throw new RangeError('no offer for Ann');
      },
      'the strategy failed with RangeError',
    ],
  ])('falls back when a strategy %s', (_, decide, why) => {
    expect(decided(decide)).toEqual({
      delivered: 'fallback',
      slots: fallback,
      reason: 'fallback',
      probability: 1,
      fallbackReason: why,
    });
    expect(decided(decide, false)).toEqual({ error: 'no_fallback', reason: why });
  });
});
