import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalJson, contentHash } from '../../src/strategies/content-hash.js';

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe('canonicalJson', () => {
  test('sorts keys at every depth and leaves lists as they are', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 'x'], a: { z: true, y: -0 } })).toBe(
      '{"a":{"y":0,"z":true},"b":[{"c":null,"d":1},"x"]}',
    );
  });

  test('sorts by UTF-16 unit and keeps Unicode', () => {
    expect(canonicalJson({ ö: 1, z: 2, Z: 3, '😀': '\u2028', ﬀ: 5 })).toBe(
      '{"Z":3,"z":2,"ö":1,"😀":"\u2028","ﬀ":5}',
    );
  });

  test('leaves out undefined properties, as JSON does', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test.each([
    NaN,
    Infinity,
    undefined,
    [undefined],
    [1, , 2], // eslint-disable-line no-sparse-arrays
    { a: NaN },
    new Date(0),
    new Map(),
    1n,
    () => 1,
    Symbol('s'),
  ])('refuses what JSON cannot carry: %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('contentHash', () => {
  test('is sha256 of the canonical JSON in UTF-8', () => {
    const expected = createHash('sha256').update('{"a":"Zoë 😀","b":2}', 'utf8').digest('hex');
    expect(contentHash({ b: 2, a: 'Zoë 😀' })).toBe(`sha256:${expected}`);
  });

  test('does not know the order of keys, and survives storage', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(contentHash(reversed(value))).toBe(contentHash(value));
        expect(contentHash(JSON.parse(JSON.stringify(value)))).toBe(contentHash(value));
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test('tells different values apart', () => {
    const values = [
      1,
      '1',
      true,
      'true',
      null,
      'null',
      [],
      {},
      [1],
      [[1]],
      { a: 1 },
      { a: '1' },
      { A: 1 },
      [1, 2],
      [2, 1],
    ];
    expect(new Set(values.map(contentHash)).size).toBe(values.length);
  });
});
