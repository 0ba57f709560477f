import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/profiles/conditions/condition.js';
import { prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import type { Profile } from '../../../src/profiles/history.js';
import { search, study } from '../../../src/strategies/keeping/study.js';
import { clock, lint, only, rule, rules, short } from './lint.js';

const bought = { event: 'purchase', measure: 'count' };
/** The rules of the source articles. */
const vipByEvents = { ...bought, op: 'gt', value: 3, within: '30d' };
const vipByTrait = { trait: 'tier', op: 'eq', value: 'vip' };
const lapsed = {
  all: [
    { trait: 'loyalty_member', op: 'eq', value: true },
    { event: 'purchase', measure: 'days_since_last', op: 'gt', value: 60 },
  ],
};

function holds(when: object, profile: Profile): boolean {
  return prepareCondition(when as Condition, new Map())(profile, clock);
}

describe('rules in conflict', () => {
  it('are named with the slot and somebody whom both match: VIPs who have not bought for 60 days', () => {
    const found = only(lint(rules([rule('vip-offer', vipByTrait), rule('win-back', lapsed)])));
    expect(found).toMatchObject({
      ...{ code: 'conflict', severity: 'error', rules: ['vip-offer', 'win-back'], slot: 'subject' },
      witness: { text: 'loyalty_member true, tier "vip", purchase 61 days ago' },
    });
    expect(holds(vipByTrait, found.witness!.profile) && holds(lapsed, found.witness!.profile)).toBe(true);
  });

  it('are not rules that no recipient can meet at once: four purchases in 30 days, none in 60', () => {
    expect(short(lint(rules([rule('vip-offer', vipByEvents), rule('win-back', lapsed)])))).toEqual([]);
    const in90 = { ...vipByEvents, within: '90d' };
    const found = only(lint(rules([rule('vip-offer', in90), rule('win-back', lapsed)])));
    expect(found.code).toBe('conflict');
    expect(holds(in90, found.witness!.profile) && holds(lapsed, found.witness!.profile)).toBe(true);
  });

  const settled: [string, object[]][] = [
    ['a higher priority', [rule('vip', vipByTrait, { priority: 1 }), rule('back', lapsed)]],
    ['an exception', [rule('vip', vipByTrait), rule('back', lapsed, { exception: true })]],
    ['the same content', [rule('vip', vipByTrait), rule('back', lapsed, { slots: { subject: 'vip' } })]],
    [
      'a rule for those whom both match',
      [
        rule('vip', vipByTrait),
        rule('back', lapsed),
        rule('both', { all: [vipByTrait, lapsed] }, { priority: 1 }),
      ],
    ],
  ]; // prettier-ignore
  it.each(settled)('are not rules that are settled by %s', (_, list) => {
    expect(short(lint(rules(list)))).toEqual([]);
  });

  it('are found through segments, and among stored recipients where nobody can be made up', () => {
    const segments = new Map([['members@1', { when: lapsed as Condition }]]);
    const list = [rule('vip', vipByTrait), rule('members', { segment: 'members@1' })];
    expect(short(lint(rules(list), { segments }))).toEqual(['error conflict members vip']);
    const odd = { trait: 'code', op: 'matches', value: '*a?c*e' };
    const other = { trait: 'code', op: 'ends_with', value: 'zze' };
    const pair = rules([rule('odd', odd), rule('other', other)]);
    const stored = [{ traits: { code: 'xabczze' }, history: [] }];
    const found = lint(pair, { stored });
    expect(short(found)).toEqual(['error conflict odd other']);
    expect(found).toMatchObject({ stored: 1, fared: [{ rule: 'odd', matched: 1, won: 1 }, { won: 0 }] });
  });

  it('are told one by one up to a point, and quickly', () => {
    const list = Array.from({ length: 150 }, (_, i) => rule(`r${i}`, { ...bought, op: 'gt', value: i }));
    const started = performance.now();
    const found = lint(rules(list));
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(found.findings.filter(({ code }) => code === 'conflict')).toHaveLength(51);
  });
});

describe('idle rules', () => {
  it.each([
    ['two bounds', { all: [{ trait: 'age', op: 'gt', value: 30 }, { trait: 'age', op: 'lt', value: 20 }] }, /age is more than 30 and age is less than 20 exclude/],
    ['windows', { all: [vipByEvents, lapsed] }, /bought more than 3 times within 30 days and .* exclude/],
    ['more in less time', { all: [{ ...vipByEvents }, { ...bought, op: 'lt', value: 2, within: '3mo' }] }, /exclude each other/],
    ['an unknown that is known', { all: [{ trait: 'a', op: 'missing' }, { trait: 'a', op: 'ne', value: 'x' }] }, /exclude each other/],
    ['fewer than none', { ...bought, op: 'lt', value: 0 }, /contradict each other/],
  ])('that match nobody are errors with the reason: %s', (_, when, reason) => {
    const found = only(lint(rules([rule('nobody', when)])));
    expect(found).toMatchObject({ code: 'dead', severity: 'error', rules: ['nobody'] });
    expect(found.message).toMatch(reason);
  }); // prettier-ignore

  it('are only warned of where it is not proved', () => {
    const sums = { event: 'purchase', measure: 'sum', property: 'value', currency: 'EUR', within: '30d' };
    const when = {
      all: [
        { ...bought, op: 'eq', value: 0 },
        { ...sums, op: 'gt', value: 10 },
      ],
    };
    expect(short(lint(rules([rule('odd', when)])))).toEqual(['warning never_found odd']);
  });

  it('that never win are named with the rule before them', () => {
    const list = [
      rule('all', { ...vipByEvents, within: '90d' }, { priority: 1 }),
      rule('some', { all: [vipByEvents, vipByTrait] }),
    ];
    expect(short(lint(rules(list)))).toEqual(['warning shadowed all some']);
    const together = [
      rule('low', { trait: 'score', op: 'lt', value: 50 }, { priority: 1 }),
      rule('high', { trait: 'score', op: 'gte', value: 50 }, { priority: 1 }),
      rule('any', { trait: 'score', op: 'between', value: [10, 90] }),
    ];
    expect(short(lint(rules(together)))).toEqual(['warning shadowed any']);
  });
});

describe('gaps between bounds', () => {
  it.each([
    ['at one number', { ...vipByEvents }, { ...vipByEvents, op: 'lt' }, /no rule matches at 3,/],
    ['over a range', { trait: 'score', op: 'gte', value: 50 }, { trait: 'score', op: 'lt', value: 30 }, /between 30 and 50,/],
  ])('are warned of %s', (_, above, below, where) => {
    const found = only(lint(rules([rule('above', above), rule('below', below)])));
    expect(found).toMatchObject({ code: 'gap', severity: 'warning', rules: ['below', 'above'] });
    expect(found.message).toMatch(where);
  }); // prettier-ignore

  it.each([
    ['bounds that meet', { trait: 'score', op: 'gte', value: 30 }, { trait: 'score', op: 'lt', value: 30 }],
    ['whole numbers', { trait: 'age', op: 'gte', value: 30 }, { trait: 'age', op: 'lte', value: 29 }],
    ['values that are named', { trait: 'tier', op: 'eq', value: 1 }, { trait: 'tier', op: 'eq', value: 3 }],
  ])('are none with %s', (_, one, other) => {
    expect(short(lint(rules([rule('one', one), rule('other', other)])))).toEqual([]);
  });
  it('are none where one rule leaves the middle out on purpose', () => {
    const score = (op: string, value: number) => ({ trait: 'score', op, value });
    const ends = rule('ends', { any: [score('lt', 3), score('gt', 5)] });
    expect(short(lint(rules([ends])))).toEqual([]);
  });
});

describe('neglect', () => {
  it('is warned of: no owner, no purpose, a review that is late by a day', () => {
    const bare = rules([rule('a', vipByTrait)], { owner: undefined, purpose: undefined });
    expect(short(lint(bare))).toEqual(['warning no_owner', 'warning no_purpose']);
    const due = (review: string) => short(lint(rules([rule('a', vipByTrait)], { review })));
    expect([due('2026-03-01'), due('2026-02-28')]).toEqual([[], ['warning review_overdue']]);
    const own = rule('own', vipByTrait, { review: '2026-02-28', owner: 'Ana' });
    const one = only(lint(rules([own, rule('b', lapsed, { priority: 1 })], { review: '2026-03-01' })));
    expect(one).toMatchObject({ code: 'review_overdue', rules: ['own'] });
    expect(one.message).toMatch(/^"own" was to be looked at again by 2026-02-28, 1 day ago/);
    expect(short(lint(rules([own], { review: '2020-01-01', owner: undefined })))).toEqual([
      'warning review_overdue own',
    ]);
    const [inTime, late] = ['2027-01-01', '2020-01-01'].map((review) => rule('own', vipByTrait, { review }));
    expect(short(lint(rules([inTime!], { review: '2020-01-01' })))).toEqual([]);
    expect(short(lint(rules([late!], { review: '2027-01-01' })))).toEqual(['warning review_overdue own']);
  });
});

describe('references', () => {
  const when = { all: [{ segment: 'eu@1' }, vipByTrait] };
  const refers = rules([rule('a', when, { slots: { subject: { content: 'hello@1' } } })], {
    tests: [{ name: 'one', traits: {}, expect: { rule: 'default' } }],
  });

  it('that cannot be looked up are said to be unchecked, and the rest is checked', () => {
    const found = lint(refers);
    expect(short(found)).toEqual([]);
    expect(found.unchecked).toEqual([
      'content hello@1',
      'segment eu@1',
      'its tests, which need the segments',
    ]);
  });
});

const leaf: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    trait: fc.constantFrom('a', 'b'),
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'ne'),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ trait: fc.constantFrom('a', 'b'), op: fc.constantFrom('exists', 'missing') }),
  fc.record({
    event: fc.constant('purchase'),
    measure: fc.constantFrom('count', 'days_since_last'),
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte'),
    value: fc.integer({ min: 0, max: 3 }),
    within: fc.constantFrom('1d', '2d', '3d'),
  }),
);
const condition: fc.Arbitrary<object> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('node') }),
  ),
})).node;

/** Every recipient there is in a small world: traits 0 to 4 or unknown, up to four purchases at three ages. */
function* everybody(): Generator<Profile> {
  const values = [undefined, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4];
  for (const a of values)
    for (const b of values)
      for (const counts of [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [2, 0, 0], [0, 2, 0], [1, 1, 1], [4, 0, 0], [0, 4, 0], [0, 0, 4]]) {
        const history = counts.flatMap((n, day) =>
          Array.from({ length: n }, (_, i) => ({ id: `${day}${i}`, type: 'purchase', at: clock - (day + 0.5) * 86_400_000 + i })),
        );
        const traits = { ...(a !== undefined && { a }), ...(b !== undefined && { b }) };
        yield { traits, history: history.sort((x, y) => x.at - y.at) };
      }
} // prettier-ignore

describe('the search for somebody', () => {
  const people = [...everybody()];

  it('finds only people for whom it holds, and proves only what is true of everybody', () => {
    const seen = { found: 0, proved: 0 };
    fc.assert(
      fc.property(condition, condition, (yes, no) => {
        const about = study([yes, no] as Condition[], new Map(), clock);
        const found = search(about, [0], [1]);
        if (found.profile) {
          seen.found += 1;
          expect([holds(yes, found.profile), holds(no, found.profile)]).toEqual([true, false]);
        } else if (found.impossible) {
          seen.proved += 1;
          expect(people.find((one) => holds(yes, one) && !holds(no, one))).toBeUndefined();
        } else {
          // Neither found nor proved: then at least this small world has nobody either.
          expect(people.find((one) => holds(yes, one) && !holds(no, one))).toBeUndefined();
        }
      }),
      { numRuns: 300, seed: 11 },
    );
    expect(seen.found).toBeGreaterThan(50);
    expect(seen.proved).toBeGreaterThan(20);
  });
});
