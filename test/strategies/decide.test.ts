import { describe, expect, test } from 'vitest';

import { decideFor } from '../../src/strategies/decide.js';
import type { Decide } from '../../src/strategies/strategy.js';

const fallback = { subject: 'Hello' };
const profile = { traits: { name: 'Ann' }, history: [] };
const slotNames = ['subject'];
const items = [{ id: 'boots' }, { id: 'scarf' }];

const said = { reason: 'r', probability: 1 };
const boots = { item: 'boots', score: 1, reason: 'r' };
const noReason = 'the choice came without a reason';

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
    ['leaves a slot out', () => ({ slots: {}, ...said }), 'slot subject was left out or blank'],
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
        ...{ slots: { subject: 'x' }, ...said },
        items: [
          { item: 'boots', score: 2, reason: 'r' },
          { item: 'gone', score: 1, reason: 'r' },
        ],
      }),
      'an item was chosen that is no candidate',
    ],
    ['gives no reason', () => ({ slots: { subject: 'x' }, probability: 1 }), noReason],
    [
      'gives a reason that cannot be stored',
      () => ({ slots: { subject: 'x' }, reason: 'a\0', probability: 1 }),
      noReason,
    ],
    [
      'writes a novel',
      () => ({ slots: { subject: 'x' }, reason: 'x'.repeat(501), probability: 1 }),
      noReason,
    ],
    ...[NaN, 0, -1, 1.1, '1', undefined].map((probability): [string, () => unknown, string] => [
      `chooses with the probability ${String(probability)}`,
      () => ({ slots: { subject: 'x' }, reason: 'r', probability }),
      'the probability of the choice is none',
    ]),
    [
      'names an item twice',
      () => ({ slots: { subject: 'x' }, ...said, items: [boots, boots] }),
      'an item was chosen twice',
    ],
    ...[
      { ...boots, score: NaN },
      { ...boots, reason: undefined },
    ].map((item): [string, () => unknown, string] => [
      `names the item ${JSON.stringify(item)}`,
      () => ({ slots: { subject: 'x' }, ...said, items: [item] }),
      'an item came without a score or a reason',
    ]),
    ['declines without a word', () => ({ noChoice: { why: 'none' } }), 'no reason was given'],
    ['declines with what cannot be stored', () => ({ noChoice: 'a\0b' }), 'no reason was given'],
    [
      'throws an error whose name cannot be read',
      () => {
        throw Object.defineProperty(new Error('x'), 'name', {
          get: () => (undefined as unknown as { a: { b: string } }).a.b,
        });
      },
      'the strategy failed with an error without a name',
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

  test('keeps the gist of a choice, and none that fails or is too long', () => {
    const choice = { slots: { subject: 'x' }, ...said };
    const withGist = (gist: () => unknown, decide: () => unknown = () => choice) =>
      decideFor(
        { decide: decide as Decide, slotNames, fallback, gist: gist as () => string },
        profile,
        () => items,
        new Date(0),
      );
    expect(withGist(() => ({ leaf: 'few' }))).toEqual({
      delivered: 'strategy',
      ...choice,
      gist: '{"leaf":"few"}',
    });
    for (const gist of [
      () => 'x'.repeat(500),
      () => undefined,
      () => 1n,
      () => {
        throw new Error('no gist');
      },
    ]) {
      expect(withGist(gist)).toEqual({ delivered: 'strategy', ...choice });
    }
    expect(
      withGist(
        () => 'gist',
        () => ({ noChoice: 'none' }),
      ),
    ).not.toHaveProperty('gist');
  });
});
