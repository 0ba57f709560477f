import { describe, expect, test } from 'vitest';

import type { Condition } from '../../../src/profiles/conditions/condition.js';
import { prepareOutlooks } from '../../../src/profiles/conditions/outlook.js';
import { conditionSchema } from '../../../src/profiles/conditions/parse-condition.js';
import { needsOfCondition, prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import { traceCondition } from '../../../src/profiles/conditions/trace-condition.js';
import { readWith } from '../../../src/experiments/read-with.js';
import type { Profile } from '../../../src/profiles/history.js';

function problemsOf(condition: unknown): [string, string][] {
  const parsed = readWith(conditionSchema, condition);
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => [path, message]);
}

const leaf = { trait: 'age', op: 'exists' };
const nobody: Profile = { traits: {}, history: [] };

describe('a condition', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['an unknown kind of leaf', { path: 'a.b', op: 'eq', value: 1 }, '', /"trait", "event", "feature" or "segment"/],
    ['a path for json-path', { trait: 'a', op: 'eq', value: 1, path: '$..*' }, '', /must not have "path"/],
    ['an unknown event', { event: 'bought' }, 'event', /must be one of sent, .*purchase/],
    ['events that were taken back', { event: 'void' }, 'event', /must be one of/],
    ['an unknown feature', { feature: 'charm', op: 'gt', value: 1 }, 'feature', /is no feature; there are recency_days/],
    ['an unknown operator', { trait: 'a', op: 'regex', value: '(a+)+$' }, 'op', /must be one of eq.*matches/],
    ['two leaves in one', { trait: 'a', event: 'view', op: 'eq', value: 1 }, '', /must not have "trait"/],
    ['a pattern without end', { trait: 'a', op: 'matches', value: '*'.repeat(101) }, 'value', /at most 100/],
    ['a trait called __proto__', JSON.parse('{"trait": "__proto__", "op": "exists"}'), 'trait', /not a name/],
    ['a key called __proto__', JSON.parse('{"trait": "a", "op": "exists", "__proto__": {}}'), '', /must not have "__proto__"/],
    ['a property called __proto__', { event: 'view', where: [{ property: '__proto__', op: 'exists' }] }, 'where[0].property', /not a name/],
    ['NaN', { trait: 'a', op: 'gt', value: NaN }, 'value', /must be a number/],
    ['infinity', { trait: 'a', op: 'lt', value: Infinity }, 'value', /must be a number/],
    ['half a surrogate', { trait: 'a', op: 'eq', value: '\ud800' }, 'value', /valid Unicode/],
    ['a range upside down', { trait: 'a', op: 'between', value: [3, 1] }, 'value', /smaller number first/],
    ['a date that is none', { trait: 'a', op: 'before', value: '2026-02-30' }, 'value', /must be a date/],
    ['a window that is none', { trait: 'a', op: 'within_last', value: '30 days' }, 'value', /such as "12h", "30d" or "3mo"/],
    ['weeks', { event: 'view', within: '2w' }, 'within', /such as "12h"/],
    ['a sum of nothing', { event: 'purchase', measure: 'sum', op: 'gt', value: 1 }, 'property', /is missing/],
    ['a sum of texts', { event: 'purchase', measure: 'sum', property: 'item', op: 'gt', value: 1 }, 'property', /has no sum/],
    ['money without currency', { event: 'purchase', measure: 'sum', property: 'value', op: 'gt', value: 1 }, 'currency', /is missing/],
    ['a currency for a count', { event: 'purchase', currency: 'EUR' }, 'currency', /for the sum of "value" only/],
    ['a third of a cent', { event: 'purchase', measure: 'sum', property: 'value', currency: 'USD', op: 'gt', value: 0.001 }, 'value', /at most 2 digits/],
    ['a broken yen', { event: 'purchase', measure: 'sum', property: 'value', currency: 'JPY', op: 'gt', value: 1.5 }, 'value', /at most 0 digits/],
    ['half an event', { event: 'view', op: 'gt', value: 2.5 }, 'value', /whole number/],
    ['fewer than no events', { event: 'view', op: 'gte', value: -1 }, 'value', /whole number/],
    ['exactly so many days', { event: 'view', measure: 'days_since_last', op: 'eq', value: 3 }, 'op', /use gt/],
    ['two bounds for one', { event: 'view', op: 'gt', value: [1, 2] }, 'value', /must be one number/],
    ['one bound for two', { event: 'view', op: 'between', value: 1 }, 'value', /must be two numbers/],
    ['a bound without operator', { event: 'view', value: 1 }, 'op', /is missing/],
    ['an operator without bound', { event: 'view', op: 'gt' }, 'value', /is missing/],
    ['classes of purchases', { event: 'purchase', classes: ['human'] }, 'classes', /belong to opened and clicked/],
    ['a property for a count', { event: 'view', property: 'item' }, 'property', /sum and distinct only/],
    ['21 filters', { event: 'view', where: Array(21).fill({ property: 'item', op: 'exists' }) }, 'where', /at most 20/],
    ['a segment with a bad name', { segment: '../x' }, 'segment', /must name a segment/],
    ['101 parts', { all: Array(101).fill(leaf) }, 'all', /1 to 100/],
    ['a list with holes', { all: Array(3) }, 'all[0]', /must be \{"all"/],
    ['a list of 1001', { trait: 'a', op: 'in', value: Array(1001).fill(1) }, 'value', /at most 1000/],
  ])('with %s is refused', (_, condition, path, words) => {
    expect(problemsOf(condition)).toContainEqual([path, expect.stringMatching(words)]);
  }); // prettier-ignore

  test('of 10,000 leaves is refused in one sentence', () => {
    const many = { any: Array(100).fill({ any: Array(100).fill(leaf) }) };
    expect(problemsOf(many)).toEqual([['', expect.stringContaining('more than 1000 comparisons')]]);
    const enough = { any: Array(10).fill({ any: Array(100).fill(leaf) }) };
    expect(problemsOf(enough)).toEqual([]);
  });

  test('of depth 100 or 100,000 is refused with the place', () => {
    for (const levels of [100, 100_000]) {
      let deep: unknown = leaf;
      for (let i = 0; i < levels; i += 1) deep = { not: deep };
      expect(problemsOf(deep)).toEqual([['not.not.not.not.not.not.not.not', expect.stringContaining('deeper than 8')]]);
    }
  });

  test.each([null, undefined, 0, '', 'all', [], [leaf], () => leaf, new Date(), Symbol('x'), 10n])(
    'that is %s is refused',
    (condition) => {
      expect(problemsOf(condition).length).toBeGreaterThan(0);
    },
  );
}); // prettier-ignore

describe('segments', () => {
  const circle = new Map<string, Condition>([
    ['a@1', { any: [{ segment: 'b@1' }, { trait: 'x', op: 'exists' }] }],
    ['b@1', { not: { segment: 'a@1' } }],
  ]);

  test('that lead back to themselves are told, and nothing turns for ever', () => {
    for (const use of [prepareCondition, (...[c, s]: Parameters<typeof prepareCondition>) => traceCondition(c, s, nobody, 0), (...[c, s]: Parameters<typeof prepareCondition>) => prepareOutlooks([c], s)]) {
      expect(() => use({ segment: 'a@1' }, circle)).toThrow('lead back to themselves: a@1 > b@1 > a@1');
    }
    expect(needsOfCondition({ segment: 'a@1' }, circle)).toEqual({ types: [] });
  });

  test('that are missing are told', () => {
    expect(() => prepareCondition({ segment: 'gone@1' }, new Map())).toThrow('segment gone@1 is missing');
  });

  test('that each name another one twice are made ready and explained once each', () => {
    const tower = new Map<string, Condition>([['s0@1', { trait: 'x', op: 'exists' }]]);
    for (let i = 1; i <= 60; i += 1) {
      tower.set(`s${i}@1`, { all: [{ segment: `s${i - 1}@1` }, { segment: `s${i - 1}@1` }] });
    }
    const profile: Profile = { traits: { x: 1 }, history: [] };
    const trace = traceCondition({ segment: 's60@1' }, tower, profile, 0);
    expect(trace.verdict).toBe(true);
    expect(JSON.stringify(trace).length).toBeLessThan(20_000);
  });
}); // prettier-ignore

test('a pattern that would explode as a regular expression is matched at once', () => {
  const bomb: Condition = { trait: 't', op: 'matches', value: `${'*a'.repeat(49)}*b` };
  const start = process.cpuUsage();
  const matches = prepareCondition(bomb, new Map());
  expect(matches({ traits: { t: 'a'.repeat(100_000) }, history: [] }, 0)).toBe(false);
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
});

test('a history of 10,000 events, out of order or at one moment, is counted rightly and soon', () => {
  const condition = conditionSchema.parse({
    all: [
      { event: 'view', op: 'gte', value: 5_000, within: '1mo' },
      { event: 'view', measure: 'distinct', property: 'item', op: 'eq', value: 7, within: '1mo' },
    ],
  });
  const clock = Date.parse('2026-06-15T12:00:00Z');
  const history = Array.from({ length: 10_000 }, (_, i) => ({
    id: `e${i}`,
    type: 'view',
    at: clock - ((i * 7_919) % 5_000) * 500_000 - 1,
    item: `i${i % 7}`,
  }));
  const profile = { traits: { timezone: 'Europe/Vienna' }, history };
  const start = process.cpuUsage();
  expect(prepareCondition(condition, new Map())(profile, clock)).toBe(true);
  expect(prepareOutlooks([condition], new Map())(profile, clock)[0]?.changesAt).toBeGreaterThan(clock);
  expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
});
