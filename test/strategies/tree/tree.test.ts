import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Profile } from '../../../src/profiles/history.js';
import { canonicalJson } from '../../../src/strategies/content-hash.js';
import { type TreeState, leafNodesOf } from '../../../src/strategies/tree/node.js';
import { treeKind } from '../../../src/strategies/tree/tree.js';
import { describeStrategyKind } from '../../conformance/strategy.js';

const clock = new Date('2026-06-15T12:00:00Z');
const parts = { learned: null, contents: new Map(), segments: new Map() };
const leaf = (id: string) => ({ leaf: id, slots: { subject: `for ${id}` } });
const adult = { trait: 'age', op: 'gte', value: 18 };
const bought = { event: 'purchase', within: '30d' };

const byAge = {
  by: 'age',
  cases: [
    { when: { below: 18 }, then: leaf('child') },
    { when: { from: 18, below: 65 }, then: { if: bought, then: leaf('buyer'), else: leaf('adult') } },
    { when: { from: 65 }, then: leaf('senior') },
  ],
  else: leaf('ageless'),
};
const byCountry = {
  by: 'country',
  cases: [
    { when: 'AT', then: leaf('austria') },
    { when: ['DE', 'CH'], then: byAge },
  ],
  else: leaf('abroad'),
};

function problemsOf(root: unknown): [string, string][] {
  const parsed = treeKind.parse({ kind: 'tree', root });
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => [path, message]);
}

function leafOf(root: unknown, profile: Profile): string {
  const parsed = treeKind.parse({ kind: 'tree', root });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const choice = treeKind.prepare(parsed.value, parts).decide(profile, () => [], clock);
  if ('noChoice' in choice) throw new Error(choice.noChoice);
  return choice.reason.replace('leaf ', '');
}

const of = (traits: Profile['traits'], ...ago: number[]): Profile => ({
  traits,
  history: ago.map((days, i) => ({
    id: `e${i}`,
    type: 'purchase',
    at: clock.getTime() - days * 86_400_000,
  })),
});

const known = (age: number) => of({ country: 'CH', age });

describeStrategyKind(treeKind, [
  { name: 'one leaf', definition: { kind: 'tree', root: leaf('all') }, profiles: [of({})] },
  {
    name: 'switches in switches',
    definition: { kind: 'tree', root: byCountry, owner: 'Ada', purpose: 'Offers by age.' },
    profiles: [of({ country: 'AT' }), known(17), known(18), known(65), of({ country: 'DE' }), of({})],
  },
  {
    name: 'a fork by events and a segment',
    definition: {
      kind: 'tree',
      root: {
        if: { all: [bought, { segment: 'regulars@2' }] },
        then: { leaf: 'a', slots: { offer: { content: 'vip@1' } } },
        else: { leaf: 'b', slots: { offer: 'none' } },
      },
    },
    segments: new Map([
      ['regulars@2', { when: { event: 'purchase', measure: 'count', op: 'gte', value: 3 } }],
    ]),
    profiles: [of({}, 1, 2, 3), of({}, 1)],
  },
]);

describe('decide', () => {
  test.each<[string, Profile]>([
    ['austria', of({ country: 'AT', age: 3 })],
    ['child', known(17.999)],
    ['adult', known(18)],
    ['adult', of({ country: 'DE', age: 64 }, 30.001)],
    ['buyer', of({ country: 'DE', age: 64 }, 30)],
    ['senior', known(65)],
    ['ageless', of({ country: 'DE' })],
    ['ageless', of({ country: 'DE', age: '30' })],
    ['abroad', of({ country: null })],
    ['abroad', of({ country: 'at' })],
  ])('leads to %s', (expected, profile) => {
    expect(leafOf(byCountry, profile)).toBe(expected);
  });

  test('says with every decision which way was taken and why', () => {
    const parsed = treeKind.parse({ kind: 'tree', root: byCountry });
    if (!parsed.ok) throw new Error();
    const trace = treeKind
      .prepare(parsed.value, parts)
      .trace(of({ country: 'DE', age: 40 }), () => [], clock);
    expect(trace).toMatchObject({
      winner: 'adult',
      steps: [
        { by: 'country', actual: 'DE', taken: { when: ['DE', 'CH'] } },
        { by: 'age', actual: 40, taken: { when: { from: 18, below: 65 } } },
        { if: { event: 'purchase', expected: 1, actual: 0, events: 0, verdict: false }, taken: 'else' },
      ],
    });
  });
});

describe('the proof that every profile comes to exactly one leaf', () => {
  const cases = (...all: unknown[]) => ({ by: 'age', cases: all, else: leaf('else') });
  const range = (id: string, from?: number, below?: number) => ({
    when: { ...(from !== undefined && { from }), ...(below !== undefined && { below }) },
    then: leaf(id),
  });

  test.each<[string, unknown, string, RegExp]>([
    ['an id twice', { if: adult, then: leaf('a'), else: leaf('a') }, 'root.else.leaf', /"a" is the id of an earlier/],
    ['a gap', cases(range('a', undefined, 18), range('b', 20)), 'root.cases', /age = 18\b/],
    ['a gap below', cases(range('a', 18)), 'root.cases', /age = 17\b/],
    ['a gap above', cases(range('a', undefined, 18), range('b', 18, 65)), 'root.cases', /age = 65\b/],
    ['an overlap', cases(range('a', undefined, 20), range('b', 18)), 'root.cases[1].when', /case 0: age = 18\b/],
    ['two openings', cases(range('a', undefined, 5), range('b', undefined, 9), range('c', 9)), 'root.cases[1].when', /age = 4\b/],
    ['a range in a range', cases(range('a', undefined, 9), range('b', 9), range('c', 20, 30)), 'root.cases[2].when', /case 1: age = 20\b/],
    ['a value twice', cases({ when: 'x', then: leaf('a') }, { when: ['y', 'x'], then: leaf('b') }), 'root.cases[1].when', /"x" is in both/],
    ['a value in a range', cases(range('a', undefined, 9), range('b', 9), { when: 7, then: leaf('c') }), 'root.cases[2].when', /case 0: 7 is in both/],
    ['no else', { by: 'age', cases: [range('a', undefined, 9)] }, 'root.else', /must be/],
    ['a fork without else', { if: adult, then: leaf('a') }, 'root.else', /must be/],
    ['an empty range', cases(range('a', 9, 9)), 'root.cases[0].when', /"from" before "below"/],
    ['a condition again', { if: bought, then: { if: { event: 'purchase', measure: 'count', op: 'at_least', value: 1, within: '30d' }, then: leaf('a'), else: leaf('b') }, else: leaf('c') }, 'root.then.else', /never reached/],
    ['ages that cannot be', { if: adult, then: { if: { trait: 'age', op: 'lt', value: 18 }, then: leaf('a'), else: leaf('b') }, else: leaf('c') }, 'root.then.then', /never reached/],
    ['an unknown age that is known', { if: adult, then: { if: { trait: 'age', op: 'missing' }, then: leaf('a'), else: leaf('b') }, else: leaf('c') }, 'root.then.then', /never reached/],
    ['a case ruled out', { if: { trait: 'age', op: 'in', value: ['x', 'y'] }, then: cases(range('a', undefined, 5), range('b', 5)), else: leaf('c') }, 'root.then.cases[0].then', /never reached/],
    ['an else with nothing left', { if: { all: [adult, { trait: 'age', op: 'exists' }] }, then: cases(range('a', undefined, 30), range('b', 30)), else: leaf('c') }, 'root.then.else', /never reached/],
    ['a part of what is known', { if: { all: [adult, bought] }, then: { if: { any: [bought, { trait: 'x', op: 'exists' }] }, then: leaf('a'), else: leaf('b') }, else: leaf('c') }, 'root.then.else', /never reached/],
    ['a text that is a number', { if: { trait: 'age', op: 'contains', value: '1' }, then: { if: adult, then: leaf('a'), else: leaf('b') }, else: leaf('c') }, 'root.then.then', /never reached/],
    ['a hole', { if: adult, then: leaf('a'), else: { leaf: 'b', slots: { offer: 'x' } } }, 'root', /leaves out offer/],
  ])('refuses %s', (_, root, path, words) => {
    expect(problemsOf(root)).toContainEqual([path, expect.stringMatching(words)]);
  }); // prettier-ignore

  test('takes ranges in any order, negative and broken numbers, values beside ranges that do not hold them', () => {
    expect(problemsOf(cases(range('b', -2.5), range('a', undefined, -2.5), { when: 'old', then: leaf('c') }))).toEqual([]);
    expect(problemsOf({ if: adult, then: cases(range('a', 0, 30), range('b', 30), range('d', undefined, 0)), else: leaf('c') }).length).toBe(2);
  }); // prettier-ignore

  test('goes twelve levels deep and says so beyond, however deep it goes on', () => {
    const nested = (levels: number): unknown => {
      let root: unknown = leaf('end');
      for (let i = 1; i < levels; i += 1) {
        root = { if: { trait: `t${i}`, op: 'exists' }, then: root, else: leaf(`l${i}`) };
      }
      return root;
    };
    expect(problemsOf(nested(12))).toEqual([]);
    for (const levels of [13, 20_000]) {
      expect(problemsOf(nested(levels)).map(([, message]) => message)).toContainEqual(
        expect.stringContaining('deeper than 12 levels'),
      );
    }
  });

  test.each([null, 1, [], 'x', {}, { if: 1 }, { by: 'a' }, JSON.parse('{"by": "__proto__", "cases": []}'), { leaf: 'a' }])(
    'refuses the shape %j with a path',
    (root) => {
      const problems = problemsOf(root);
      expect(problems.length).toBeGreaterThan(0);
      for (const [path] of problems) expect(path).toMatch(/^root/);
    },
  );

  test('refuses more than 500 leaves', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ when: i, then: byMany(i) }));
    function byMany(n: number) {
      const inner = Array.from({ length: 6 }, (_, i) => ({ when: i, then: leaf(`l${n}-${i}`) }));
      return { by: 'b', cases: inner, else: leaf(`e${n}`) };
    }
    expect(problemsOf({ by: 'a', cases: many, else: leaf('x') })).toEqual([['root', expect.stringContaining('701 leaves')]]);
  });
}); // prettier-ignore

/** Trees of few traits and values, so that many are refused and many are taken. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constant('leaf'),
    fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('gt', 'gte', 'lt', 'lte', 'eq', 'ne'), fc.nat(3), tie('tree'), tie('tree'))
      .map(([trait, op, value, then, other]) => ({ if: { trait, op, value }, then, else: other })),
    fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3), tie('tree'), tie('tree'), tie('tree'))
      .map(([by, at, low, high, rest]) => ({ by, cases: [{ when: { below: at }, then: low }, { when: { from: at }, then: high }], else: rest })),
    fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom<unknown>(1, [2, 'x'], 'x', true), tie('tree'), tie('tree'))
      .map(([by, when, then, rest]) => ({ by, cases: [{ when, then }], else: rest })),
  ),
})); // prettier-ignore

function named(node: unknown, next = { id: 0 }): unknown {
  if (node === 'leaf') return leaf(`l${(next.id += 1)}`);
  if (Array.isArray(node)) return node.map((inner) => named(inner, next));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, named(inner, next)]));
}

test('of the trees that are taken every leaf is reached by somebody, and of those refused as unreachable one is not', () => {
  const values = [null, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 'x', 'y', true, false];
  const everybody = values.flatMap((a) => values.map((b) => of({ a, b })));
  let taken = 0;
  fc.assert(
    fc.property(tree, (shape) => {
      const root = named(shape);
      const parsed = treeKind.parse({ kind: 'tree', root });
      const state = { kind: 'tree', root } as TreeState;
      const { decide } = treeKind.prepare(state, parts);
      const reasons = everybody.map((one) => (decide(one, () => [], clock) as { reason: string }).reason);
      const leaves = leafNodesOf(state.root).map((one) => `leaf ${one.leaf}`);
      const unreached = leaves.filter((one) => !reasons.includes(one));
      if (parsed.ok) {
        taken += 1;
        expect(unreached).toEqual([]);
        expect(canonicalJson(parsed.value)).toBe(canonicalJson(state));
      } else {
        expect(parsed.problems.every(({ message }) => message.includes('never reached'))).toBe(true);
        expect(unreached.length).toBeGreaterThanOrEqual(parsed.problems.length);
      }
    }),
    { numRuns: 300, seed: 3 },
  );
  expect(taken).toBeGreaterThan(100);
}); // prettier-ignore
