import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Condition } from '../../../src/profiles/conditions/condition.js';
import { conditionSchema } from '../../../src/profiles/conditions/parse-condition.js';
import { prepareCondition } from '../../../src/profiles/conditions/prepare-condition.js';
import { traceCondition } from '../../../src/profiles/conditions/trace-condition.js';
import type { Traits } from '../../../src/profiles/traits.js';

const clock = Date.parse('2026-03-31T10:00:00Z');
const satisfies = (condition: Condition, traits: Traits) =>
  prepareCondition(condition, new Map())({ traits, history: [] }, clock);
const holds = (op: string, value: unknown, actual: unknown) =>
  satisfies({ trait: 't', op, value } as Condition, (actual === undefined ? {} : { t: actual }) as Traits);

describe('a comparison', () => {
  // Columns: operator, value, a trait that satisfies it, traits that do not.
  test.each<[string, unknown, unknown[], unknown[]]>([
    ['eq', 3, [3], ['3', 4, true, null, undefined]],
    ['eq', 'AT', ['AT'], ['at', 'AT ', 0, null, undefined]],
    ['eq', true, [true], [1, 'true', false, null]],
    ['eq', 0, [0, -0], ['', false, null, undefined]],
    ['ne', 3, ['3', 4, true], [3, null, undefined]],
    ['in', ['AT', 1], ['AT', 1], ['1', 'DE', true, null, undefined]],
    ['not_in', ['AT', 1], ['DE', '1', false], ['AT', 1, null, undefined]],
    ['gt', 3, [3.1, 4], [3, 2, '4', true, NaN, null, undefined]],
    ['gte', 3, [3, 4], [2.9, '3', null, undefined]],
    ['lt', 3, [2, -1], [3, 4, '2', false, '', NaN, null, undefined]],
    ['lte', 0, [0, -1], [1, '0', '', false, null, undefined]],
    ['exists', undefined, ['', 0, false, 'x'], [null, undefined]],
    ['missing', undefined, [null, undefined], ['', 0, false, 'x']],
    ['contains', 'ann', ['joann', 'ann'], ['Ann', 'an', 3, true, null, undefined]],
    ['starts_with', 'ann', ['anna'], ['joann', 'Ann', 0, null, undefined]],
    ['contains', '1', ['a1'], [1, 11]],
    ['ends_with', '.at', ['a@b.at', '.at'], ['a@b.at ', 'at', 0, null, undefined]],
    ['between', [18, 30], [18, 30, 24.5], [17.9, 30.1, '20', NaN, true, null, undefined]],
    [
      'matches',
      '*@example.???',
      ['a@example.com', '@example.org'],
      ['a@example.co', 'a@example.info', 3, null],
    ],
    ['matches', '*', ['', 'x'], [1, null, undefined]],
    ['matches', '?', ['x', '😀'], ['', 'xy', '😀😀', null]],
    ['matches', 'a*b*c', ['abc', 'axxbxxc', 'abbcc'], ['ab', 'acb', 'abcd', '']],
    ['matches', '(a+)+$', ['(a+)+$'], ['aaaa']],
    [
      'before',
      '2026-03-01',
      ['2026-02-28', '2026-02-28T23:59:59.999Z'],
      ['2026-03-01', 'soon', '2026-02-30', 3, null],
    ],
    [
      'after',
      '2026-03-01',
      ['2026-03-02', '2026-03-02T00:00:00Z'],
      ['2026-03-01', '2026-03-01T23:59:59Z', null],
    ],
    ['after', '2026-03-01T10:00:00Z', ['2026-03-01T10:00:01Z', '2026-03-02'], ['2026-03-01T12:00:00+02:00']],
    [
      'within_last',
      '30d',
      ['2026-03-01T10:00:00Z', '2026-03-31'],
      ['2026-03-01', '2026-04-01', '2026-03-31T10:00:00Z', 5, null],
    ],
    ['within_last', '1mo', ['2026-02-28T10:00:00Z'], ['2026-02-28T09:59:59.999Z', null, undefined]],
  ])('%s %j', (op, value, yes, no) => {
    for (const actual of yes) expect([actual, holds(op, value, actual)]).toEqual([actual, true]);
    for (const actual of no) expect([actual, holds(op, value, actual)]).toEqual([actual, false]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'does not find the inherited %s',
    (trait) => {
      for (const traits of [{}, { country: 'AT' }, Object.create({ [trait]: 'x' }) as Traits]) {
        expect(satisfies({ trait, op: 'exists' }, traits)).toBe(false);
        expect(satisfies({ trait, op: 'missing' }, traits)).toBe(true);
        expect(satisfies({ trait, op: 'ne', value: 'y' }, traits)).toBe(false);
      }
      const own = JSON.parse(`{"${trait}": "x"}`) as Traits;
      expect(satisfies({ trait, op: 'eq', value: 'x' }, own)).toBe(true);
    },
  );
});

test('not is plain negation: an unknown trait does satisfy not eq', () => {
  const isAustrian: Condition = { trait: 'country', op: 'eq', value: 'AT' };
  expect(satisfies({ not: isAustrian }, {})).toBe(true);
  expect(satisfies({ trait: 'country', op: 'ne', value: 'AT' }, {})).toBe(false);
});

/**
 * Truth tables as bit sets. Traits a, b and c are each unknown, 1 or 2: 27 profiles, one bit each. Comparisons
 * are tables written down by hand (unknown, 1, 2); groups are bit operations.
 */
const values = [undefined, 1, 2] as const;
const names = ['a', 'b', 'c'] as const;
const profiles = Array.from({ length: 27 }, (_, i) => [i % 3, Math.floor(i / 3) % 3, Math.floor(i / 9)]);
const everyone = 2 ** 27 - 1;

const leaves: readonly {
  readonly op: string;
  readonly value?: unknown;
  readonly table: readonly boolean[];
}[] = [
  { op: 'exists', table: [false, true, true] },
  { op: 'missing', table: [true, false, false] },
  { op: 'eq', value: 1, table: [false, true, false] },
  { op: 'ne', value: 1, table: [false, false, true] },
  { op: 'in', value: [2, 3], table: [false, false, true] },
  { op: 'not_in', value: [2, 3], table: [false, true, false] },
  { op: 'gt', value: 1, table: [false, false, true] },
  { op: 'gte', value: 1, table: [false, true, true] },
  { op: 'lt', value: 2, table: [false, true, false] },
  { op: 'lte', value: 2, table: [false, true, true] },
  { op: 'eq', value: '1', table: [false, false, false] },
  { op: 'contains', value: '1', table: [false, false, false] },
];

interface Tree {
  readonly condition: Condition;
  readonly bits: number;
}

const leaf: fc.Arbitrary<Tree> = fc
  .tuple(fc.nat(2), fc.constantFrom(...leaves))
  .map(([t, { table, ...rest }]) => ({
    condition: { trait: names[t]!, ...rest } as Condition,
    bits: profiles.reduce((bits, profile, i) => (table[profile[t]!] ? bits | (1 << i) : bits), 0),
  }));

const group = (tree: fc.Arbitrary<Tree>) => fc.array(tree, { minLength: 1, maxLength: 4 });

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    leaf,
    group(tie('tree')).map((all) => ({
      condition: { all: all.map(({ condition }) => condition) },
      bits: all.reduce((bits, child) => bits & child.bits, everyone),
    })),
    group(tie('tree')).map((any) => ({
      condition: { any: any.map(({ condition }) => condition) },
      bits: any.reduce((bits, child) => bits | child.bits, 0),
    })),
    tie('tree').map(({ condition, bits }) => ({ condition: { not: condition }, bits: ~bits & everyone })),
  ),
}));

test('any tree of conditions equals its truth table, and so does its trace', () => {
  fc.assert(
    fc.property(tree, fc.boolean(), ({ condition, bits }, asNull) => {
      for (const [i, profile] of profiles.entries()) {
        const known = names.flatMap((name, t) => {
          const value = values[profile[t]!];
          if (value === undefined && !asNull) return [];
          return [[name, value ?? null] as const];
        });
        const traits: Traits = Object.fromEntries(known);
        const expected = (bits & (1 << i)) !== 0;
        expect(satisfies(condition, traits)).toBe(expected);
        expect(traceCondition(condition, new Map(), { traits, history: [] }, clock).verdict).toBe(expected);
      }
      expect(conditionSchema.parse(JSON.parse(JSON.stringify(condition)))).toEqual(condition);
    }),
    { numRuns: 500, seed: 6 },
  );
});
