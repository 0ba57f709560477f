import { describe, expect, it } from 'vitest';
import { lint, only, rule, rules, short } from './lint.js';

const of = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const item = (value: string) => ({ property: 'item', op: 'eq', value });
const reps = 500;

/** As many rules and comparisons as are taken, each list made to hurt another part of the lint. */
const heavy: [string, () => object[]][] = [
  ['counts in windows, each of another item', () =>
    of(reps, (i) => rule(`r${i}`, { all: of(10, (j) => ({ event: 'purchase', where: [item(`i${i}_${j}`)], within: `${j + 1}d`, op: 'at_least', value: j + 1 })) }))],
  ['as many windows as comparisons', () =>
    of(reps, (i) => rule(`r${i}`, { any: of(10, (j) => ({ event: 'purchase', within: `${i * 10 + j + 1}h`, op: 'more_than', value: 290 })) }))],
  ['features of their own', () =>
    of(reps, (i) => rule(`r${i}`, { all: of(10, (j) => ({ feature: `count(view, c${i}x${j}, ${j + 1}d)`, op: 'at_least', value: j + 1 })) }))],
  ['bounds of one trait', () =>
    of(reps, (i) => rule(`r${i}`, { any: of(10, (j) => ({ trait: 'score', op: 'gt', value: i * 10 + j })) }))],
]; // prettier-ignore

describe('rules that are as large as may be', () => {
  it.each(heavy)('are linted in seconds: %s', (_, list) => {
    const strategy = rules(list());
    const started = performance.now();
    const found = lint(strategy);
    const seconds = (performance.now() - started) / 1_000;
    expect(seconds).toBeLessThan(20);
    expect(found.findings.length).toBeGreaterThan(0);
    expect(found.findings.length).toBeLessThan(1_200);
  });
});

describe('rules on features', () => {
  const feature = (name: string, op: string, value: unknown) => ({ feature: name, op, value });
  it.each([
    ['days', feature('recency_days', 'gt', 777), feature('frequency', 'eq', 1)],
    ['a day between', feature('recency_days', 'between', [37, 38]), feature('tenure_days', 'gte', 37)],
    ['counts', feature('frequency', 'eq', 17), feature('recency_days', 'lt', 3)],
    ['events of a category', feature('count(view, shoes, 30d)', 'between', [7, 8]), feature('count(view, shoes)', 'lt', 9)],
    ['money', feature('spend(USD, shoes, 90d)', 'between', [1234, 1235]), feature('spend(USD)', 'gt', 1233)],
    ['texts', feature('favourite_category', 'eq', 'shoes'), feature('interactions', 'gte', 5)],
    ['a feature beside events', feature('recency_days', 'gt', 60), { event: 'purchase', within: '3mo' }],
  ])('that conflict are found by their bounds: %s', (_, one, other) => {
    expect(short(lint(rules([rule('one', one), rule('other', other)])))).toEqual(['error conflict one other']);
  }); // prettier-ignore

  it('of which it cannot be decided are said to be so, and a priority ends it', () => {
    const odd = feature('engagement_score_decayed', 'between', [0.001, 0.0011]);
    const pair = (priority: number) => [
      rule('odd', odd, { priority }),
      rule('other', feature('frequency', 'eq', 3)),
    ];
    const found = lint(rules(pair(0))).findings.filter(({ code }) => code === 'undecided');
    expect(found).toMatchObject([{ severity: 'warning', rules: ['odd', 'other'] }]);
    expect(short(lint(rules(pair(1))))).toEqual(['warning never_found odd']);
  });

  it('that exclude each other are not in conflict', () => {
    const pair = [
      rule('a', feature('recency_days', 'gt', 60)),
      rule('b', feature('recency_days', 'lte', 60)),
    ];
    expect(short(lint(rules(pair)))).toEqual([]);
    expect(
      only(lint(rules([rule('a', { all: [feature('frequency', 'gt', 3), feature('frequency', 'lt', 2)] })])))
        .code,
    ).toBe('dead');
  });
});
