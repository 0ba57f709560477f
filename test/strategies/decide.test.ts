import { describe, expect, test } from 'vitest';

import { decideFor } from '../../src/strategies/decide.js';
import type { Choice, NoChoice, StrategyKind } from '../../src/strategies/strategy.js';

const fallback = { subject: 'Hello' };
const profile = { traits: { name: 'Ann' } };

/** A kind that answers as told. */
function kindOf(decide: () => Choice | NoChoice): StrategyKind<null> {
  return {
    kind: 'told',
    summary: 'Answers as told.',
    parse: () => ({ ok: true, value: null }),
    decide,
    mayDecline: () => true,
    slotNames: () => ['subject'],
  };
}

function decided(decide: () => unknown, withFallback = true) {
  const kind = kindOf(decide as () => Choice);
  return decideFor(kind, null, profile, new Date(0), withFallback ? fallback : undefined);
}

describe('decideFor', () => {
  test('delivers a whole choice with its reason and probability', () => {
    const choice = { slots: { subject: 'For you' }, reason: 'rule vip', probability: 0.25 };
    expect(decided(() => choice)).toEqual({ delivered: 'strategy', ...choice });
    expect(decided(() => choice, false)).toEqual({ delivered: 'strategy', ...choice });
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
