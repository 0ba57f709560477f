import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../../src/profiles/history.js';
import {
  isFeature,
  namedColumns,
  needsOfFeatures,
  usualFeatures,
} from '../../../src/strategies/ml/feature-groups.js';
import { featureSet, findColumn, traitsAt } from '../../../src/strategies/ml/features.js';
import { labelsOf, rowsAt, trainingCutOffs } from '../../../src/strategies/ml/labels.js';
import { cellsOf, learnOutcomes, type Lesson } from '../../../src/strategies/ml/learn-outcomes.js';
import { happened, outcomeInWords } from '../../../src/strategies/ml/outcome.js';
import { shopClock, shopLog } from './shop-world.js';

const day = 86_400_000;
const clock = shopClock.getTime();
const names = [
  ...usualFeatures,
  'trait.plan',
  'count(view, shoes, 30d)',
  'category_count(view, 30d): a, (b)',
];

const anyEvent = fc.record({
  type: fc.constantFrom('view', 'cart', 'purchase', 'refund', 'opened', 'clicked', 'unsubscribed'),
  days: fc.integer({ min: -60, max: 400 }),
  category: fc.constantFrom('shoes', 'books', 'a, (b)'),
  value: fc.integer({ min: 1, max: 10_000 }),
});
const historyOf = (
  events: readonly { type: string; days: number; category: string; value: number }[],
): Behaviour[] =>
  events
    .map(({ days, ...event }, i) => ({
      ...event,
      id: `e${i}`,
      at: clock - days * day,
      currency: 'EUR',
      class: 'human',
    }))
    .sort((a, b) => a.at - b.at);

describe('features', () => {
  test('see nothing at the clock or later', () => {
    const before = historyOf([{ type: 'purchase', days: 1, category: 'shoes', value: 5 }]);
    const columns = namedColumns(names, [before], clock);
    const set = featureSet(columns);
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const all = historyOf(events);
        const known = all.filter(({ at }) => at < clock);
        expect(set.row(all, clock, {})).toEqual(set.row(known, clock, {}));
        expect(namedColumns(names, [all], clock)).toEqual(namedColumns(names, [known], clock));
      }),
    );
  });

  test('need no event but those that they say', () => {
    const needs = needsOfFeatures(['count(view, 30d)', 'category_counts(purchase, 90d)', 'spend(*, 60d)']);
    expect(needs).toEqual({ types: ['purchase', 'refund', 'view'], lookbackMs: 90 * day });
    expect(needsOfFeatures(['trait.plan'])).toEqual({ types: [] });
    expect(needsOfFeatures(['recency_days', 'count(view, 30d)']).lookbackMs).toBeUndefined();
  });

  test('know a trait only where it was said before, and not anew since', () => {
    const known = {
      plan: { value: 'gold', at: clock - 1 },
      age: { value: 4, at: clock },
      'x y': { value: null, at: 0 },
    };
    expect(traitsAt(known, clock)).toEqual({ plan: 'gold', 'x y': null });
    expect(traitsAt(undefined, clock)).toEqual({});
    const set = featureSet(['trait.plan', 'trait.constructor']);
    expect(set.row([], clock, traitsAt(known, clock))).toEqual(['gold', undefined]);
    expect(set.traits).toEqual(['constructor', 'plan']);
  });

  test('of categories and money are named after what was there', () => {
    const history = historyOf([
      { type: 'purchase', days: 5, category: 'a, (b)', value: 150 },
      { type: 'purchase', days: 4, category: 'a, (b)', value: 250 },
      { type: 'purchase', days: 300, category: 'shoes', value: 7 },
    ]);
    const columns = namedColumns(
      ['category_counts(purchase, 90d)', 'spend(*, 90d)', 'recency_days'],
      [history],
      clock,
    );
    expect(columns).toEqual([
      'category_count(purchase, 90d): a, (b)',
      'category_count(purchase, 90d): shoes',
      'spend(EUR, 90d)',
      'recency_days',
    ]);
    expect(featureSet(columns).row(history, clock, {})).toEqual([2, 0, 4, 4]);
  });

  test.each([
    '',
    'trait.',
    'horoscope',
    'count(dreams)',
    'category_counts(void)',
    'spend(*, 0d)',
    'x'.repeat(400),
  ])('are none of %j', (name) => {
    expect(isFeature(name)).toBe(false);
    expect(findColumn(name)).toBeUndefined();
  });
});

describe('labels', () => {
  const outcome = { event: 'purchase', count: 1 };

  test('lie in the half-open horizon after the cut-off', () => {
    const at = (ms: number): Behaviour[] => [{ id: 'p', type: 'purchase', at: ms }];
    expect(happened(outcome, at(100), 100, 200)).toBe(true);
    expect(happened(outcome, at(199), 100, 200)).toBe(true);
    expect(happened(outcome, at(200), 100, 200)).toBe(false);
    expect(happened(outcome, at(99), 100, 200)).toBe(false);
    expect(happened({ ...outcome, count: 2 }, [...at(100), ...at(150)], 100, 200)).toBe(true);
    expect(happened({ ...outcome, count: 2 }, at(100), 100, 200)).toBe(false);
  });

  test('count only what the outcome names, and no machines', () => {
    const event = {
      id: 'p',
      type: 'purchase',
      at: 1,
      category: 'shoes',
      item: 'boots',
      value: 500,
      currency: 'EUR',
    };
    const is = (change: object, other: object = {}) =>
      happened({ ...outcome, ...change }, [{ ...event, ...other }], 0, 2);
    expect(is({ category: ['hats', 'shoes'] })).toBe(true);
    expect(is({ category: ['hats'] })).toBe(false);
    expect(is({ item: ['boots'] })).toBe(true);
    expect(is({ item: ['boots'] }, { item: undefined })).toBe(false);
    expect(is({ value: 500, currency: 'EUR' })).toBe(true);
    expect(is({ value: 501, currency: 'EUR' })).toBe(false);
    expect(is({ value: 500, currency: 'USD' })).toBe(false);
    expect(is({ event: 'opened' }, { type: 'opened', class: 'privacy_proxy' })).toBe(false);
    expect(is({ event: 'opened' }, { type: 'opened', class: 'human' })).toBe(true);
  });

  test('say in words what they are of', () => {
    expect(outcomeInWords({ event: 'purchase', count: 1, category: ['hats', 'shoes'] })).toBe(
      'purchase in hats or shoes',
    );
    expect(outcomeInWords({ event: 'purchase', count: 2, value: 5_000, currency: 'EUR' })).toBe(
      '2 or more purchase events of 50.00 EUR or more',
    );
  });

  test('leave out whom nobody knew and who was not active, counted by the reason', () => {
    const cutOff = clock - 30 * day;
    const history = (days: number): Behaviour[] => [{ id: 'v', type: 'view', at: clock - days * day }];
    const histories = new Map([
      ['active', history(40)],
      ['late', history(10)],
      ['said', history(10)],
      ['silent', history(300)],
      ['long', Array.from({ length: 10_000 }, (_, i) => ({ id: `${i}`, type: 'view', at: cutOff - i }))],
    ]);
    const traits = new Map([['said', { plan: { value: 'gold', at: cutOff - 1 } }]]);
    const rows = rowsAt({ histories, traits }, { active: '90d' }, [cutOff]);
    expect(rows.recipients).toEqual(['active']);
    expect(Object.fromEntries(rows.gaps)).toEqual({
      'not known at the cut-off yet': 1,
      'not active within 90 days before the cut-off': 2,
      'the history is too long to be read whole': 1,
    });
    expect(rowsAt({ histories, traits }, {}, [cutOff]).recipients).toEqual(['active', 'said', 'silent']);
  });

  test('training ends where the hold-out begins', () => {
    expect(trainingCutOffs({ horizon: '30d', cutOffs: 3 }, clock)).toEqual(
      [2, 3, 4].map((horizons) => clock - horizons * 30 * day),
    );
  });

  test('of absence are the other way round', () => {
    const log = shopLog(40);
    const rows = rowsAt(log, {}, [clock - 60 * day]);
    const present = labelsOf(rows, log.histories, outcome, 30 * day);
    const absent = labelsOf(rows, log.histories, outcome, 30 * day, true);
    expect([...present].map((label) => 1 - label)).toEqual([...absent]);
  });
});

describe('learning', () => {
  const lesson: Lesson = {
    ...{ horizon: '30d', cutOffs: 2 },
    tasks: [{ key: 'o', outcome: { event: 'purchase', count: 1 }, absent: false }],
    model: {
      estimator: 'logistic',
      settings: { ridge: 1 },
      features: ['recency_days', 'category_counts(purchase)', 'trait.plan'],
    },
  };

  test('what happens after the hold-out begins changes no row that was learned from, and no feature that is measured on', () => {
    const log = shopLog(80);
    const held = clock - 30 * day;
    const taught = learnOutcomes(lesson, log, shopClock, 's');
    const histories = new Map(
      [...log.histories].map(([key, history], i) => [
        key,
        [
          ...history.filter(({ at }) => at < held),
          ...(i % 2 === 0 ? [{ id: `late-${i}`, type: 'purchase', at: held + i, category: 'hats' }] : []),
        ],
      ]),
    );
    const traits = new Map(
      [...log.traits].map(([key, known]) => [key, { ...known, fresh: { value: 'x', at: held } }]),
    );
    const again = learnOutcomes(lesson, { histories, traits }, shopClock, 's');
    if ('refused' in taught || 'refused' in again) throw new Error('nothing was learned');
    expect(again.outcomes[0]?.model?.toJSON()).toEqual(taught.outcomes[0]?.model?.toJSON());
    expect(again.outcomes[0]?.labels).toEqual(taught.outcomes[0]?.labels);
    expect(again.heldOutCells).toEqual(taught.heldOutCells);
    expect(cellsOf(taught.features, { histories, traits }, taught.holdOut)).toEqual(taught.heldOutCells);
    expect(again.outcomes[0]?.heldOut).not.toEqual(taught.outcomes[0]?.heldOut);
  });
});
