import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cohortSnapshot } from '../../src/profiles/cohort-snapshot.js';
import { mergeTraits } from '../../src/profiles/merge-traits.js';
import { parseTraits } from '../../src/profiles/parse-traits.js';

const pathsOf = (input: unknown) => {
  const parsed = parseTraits(input);
  return parsed.ok ? 'ok' : parsed.problems.map(({ path }) => path);
};

describe('parseTraits', () => {
  test('takes texts, finite numbers, booleans and nulls as they are', () => {
    const traits = {
      country: 'AT',
      orders: 0,
      spent: -1.5,
      vip: false,
      plan: null,
      Größe: '',
      constructor: 'x',
    };
    expect(parseTraits(traits)).toEqual({ ok: true, value: traits });
    expect(parseTraits({})).toEqual({ ok: true, value: {} });
  });

  test('gives traits of its own', () => {
    const given: Record<string, string> = { country: 'AT' };
    const parsed = parseTraits(given);
    given['country'] = 'DE';
    expect(parsed).toEqual({ ok: true, value: { country: 'AT' } });
  });

  test.each([undefined, null, 'x', 3, [], [1]])('refuses %j as traits', (input) => {
    expect(pathsOf(input)).toEqual(['']);
  });

  test('names every trait that is wrong', () => {
    expect(
      pathsOf({
        a: {},
        b: [1],
        c: NaN,
        d: Infinity,
        e: undefined,
        f: 1n,
        g: 'x\0',
        h: '\ud83d',
        i: new Date(0),
        ok: 1,
      }),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    expect(pathsOf({ 'a b': [], '': 1 })).toEqual(['["a b"]', '[""]']);
  });

  test('keeps to its bounds', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, i]));
    expect(pathsOf(many(100))).toBe('ok');
    expect(pathsOf(many(101))).toEqual(['']);
    expect(pathsOf({ ['n'.repeat(64)]: 'x'.repeat(1_000) })).toBe('ok');
    expect(pathsOf({ ['n'.repeat(65)]: 1 })).toHaveLength(1);
    expect(pathsOf({ text: 'x'.repeat(1_001) })).toEqual(['text']);
  });

  test('refuses a trait that would be a prototype', () => {
    expect(pathsOf(JSON.parse('{"__proto__": "x", "a": 1}'))).toEqual(['__proto__']);
    expect(pathsOf(JSON.parse('{"__proto__": {"admin": true}}'))).toEqual(['__proto__']);
  });
});

describe('mergeTraits', () => {
  test('lets the given win, and null forget', () => {
    expect(mergeTraits({ a: 1, b: 2, c: 3 }, { b: 'x', c: null, d: true, e: null })).toEqual({
      a: 1,
      b: 'x',
      d: true,
    });
  });

  test('changes neither side', () => {
    const [stored, given] = [Object.freeze({ a: 1 }), Object.freeze({ a: null })];
    expect(mergeTraits(stored, given)).toEqual({});
    expect(stored).toEqual({ a: 1 });
  });

  test('given again, changes nothing more', () => {
    const traits = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(traits, traits, (stored, given) => {
        const merged = mergeTraits(stored, given);
        expect(mergeTraits(merged, given)).toEqual(merged);
      }),
      { seed: 8 },
    );
  });
});

describe('cohortSnapshot', () => {
  test('writes each value as a text', () => {
    const traits = { country: 'AT', orders: 12.5, vip: true, none: null };
    const declared = ['country', 'orders', 'vip', 'none', 'absent', 'constructor'].map((trait) => ({
      trait,
    }));
    expect(cohortSnapshot(declared, traits)).toEqual({
      country: 'AT',
      orders: '12.5',
      vip: 'true',
      none: '(unknown)',
      absent: '(unknown)',
      constructor: '(unknown)',
    });
  });

  test('gathers the values that are not told apart', () => {
    const declared = [{ trait: 'country', values: ['AT', 'DE'] }];
    expect(cohortSnapshot(declared, { country: 'DE' })).toEqual({ country: 'DE' });
    expect(cohortSnapshot(declared, { country: 'de' })).toEqual({ country: 'other' });
    expect(cohortSnapshot(declared, {})).toEqual({ country: '(unknown)' });
    expect(cohortSnapshot([{ trait: 'size', values: ['1', 'true'] }], { size: 1 })).toEqual({ size: '1' });
  });

  test('gathers values longer than 64 characters', () => {
    expect(cohortSnapshot([{ trait: 'a' }], { a: 'x'.repeat(64) })).toEqual({ a: 'x'.repeat(64) });
    expect(cohortSnapshot([{ trait: 'a' }], { a: 'x'.repeat(65) })).toEqual({ a: 'other' });
  });

  test('survives a trait named like a prototype', () => {
    const snapshot = cohortSnapshot([{ trait: '__proto__' }], {});
    expect(Object.entries(snapshot)).toEqual([['__proto__', '(unknown)']]);
  });
});
