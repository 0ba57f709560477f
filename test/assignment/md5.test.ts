import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { newState } from '../../src/assignment/md5-block.js';
import { md5After, md5AfterShort, md5Prefix, md5Words, wordOf } from '../../src/assignment/md5.js';
import { utf8Length } from '../../src/assignment/utf8.js';

const reference = (text: string) => {
  const digest = createHash('md5').update(text, 'utf8').digest();
  return [0, 4, 8, 12].map((at) => digest.readUInt32BE(at));
};

const unicode = fc.string({ unit: 'binary', maxLength: 600 });

describe('md5Words', () => {
  test('gives the digests of RFC 1321', () => {
    const hex = (text: string) =>
      md5Words(text)
        .map((word) => word.toString(16).padStart(8, '0'))
        .join('');
    expect(hex('')).toBe('d41d8cd98f00b204e9800998ecf8427e');
    expect(hex('abc')).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(hex('1234567890'.repeat(8))).toBe('57edf4a22be3c955ac49da2e2107b67a');
  });

  test.each(['a', 'é', '語', '😀'])('agrees with node:crypto on %s, 0 to 600 times', (character) => {
    for (let length = 0; length <= 600; length += 1) {
      const text = character.repeat(length);
      expect(md5Words(text)).toEqual(reference(text));
    }
  });

  test('agrees with node:crypto on any Unicode', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        expect(md5Words(text)).toEqual(reference(text));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});

describe('md5After', () => {
  test('continues a prefix of any length, again and again, in any order', () => {
    fc.assert(
      fc.property(unicode, unicode, unicode, (salt, one, other) => {
        const prefix = md5Prefix(salt);
        const state = newState();
        for (const text of [one, other, one]) {
          md5After(prefix, text, state);
          expect(([0, 1, 2, 3] as const).map((i) => wordOf(state, i))).toEqual(reference(salt + text));
        }
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  test('takes the short way for ASCII within one block only', () => {
    const state = newState();
    expect(md5AfterShort(md5Prefix('salt:'), 'x'.repeat(50), state)).toBe(true);
    expect(md5AfterShort(md5Prefix('salt:'), 'x'.repeat(51), state)).toBe(false);
    expect(md5AfterShort(md5Prefix('salt:'), 'é', state)).toBe(false);
  });
});

test('utf8Length counts the bytes that are written', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
      // Buffer writes a lone surrogate as U+FFFD, three bytes too.
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
    }),
    { numRuns: 2_000, seed: 3 },
  );
});
