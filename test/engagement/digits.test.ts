import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base36, sixDigits32 } from '../../src/engagement/digits.js';
import { eventKey } from '../../src/flows/event-key.js';

describe('digits', () => {
  it('are those of the language, whatever the number', () => {
    const edges = [0, 36 ** 7 - 1, 36 ** 7, 36 ** 8 - 1, 36 ** 8, Number.MAX_SAFE_INTEGER].map((n) =>
      fc.constant(n),
    );
    const times = fc.integer({ min: 36 ** 7, max: 36 ** 8 });
    fc.assert(
      fc.property(fc.oneof(times, fc.maxSafeInteger(), fc.double(), ...edges), (value) => {
        expect(base36(value)).toBe(value.toString(36));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (bits) => {
        expect(sixDigits32(bits)).toBe((bits % 2 ** 30).toString(32).padStart(6, '0'));
      }),
    );
  });
});

describe('the key of an event', () => {
  it('is made of the MD5 of its id, and stored: it never changes', () => {
    expect(eventKey('evt-1')).toBe(keyByCrypto('evt-1'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (id) => {
        expect(eventKey(id)).toBe(keyByCrypto(id));
      }),
    );
  });
});

function keyByCrypto(id: string): string {
  const hex = createHash('md5').update(id).digest('hex');
  const first = parseInt(hex.slice(0, 8), 16).toString(32).padStart(7, '0');
  return (
    first +
    Math.floor(parseInt(hex.slice(8, 16), 16) / 4)
      .toString(32)
      .padStart(6, '0')
  );
}
