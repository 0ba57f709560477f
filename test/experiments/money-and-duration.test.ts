import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, spellDuration } from '../../src/experiments/duration.js';
import { currencyExponent, formatAmount, parseAmount } from '../../src/experiments/money.js';

describe('amounts', () => {
  it.each([
    ['19.99', 2, 1999n],
    ['19.9', 2, 1990n],
    ['-0.01', 2, -1n],
    ['0', 2, 0n],
    ['1000', 0, 1000n],
    ['1.234', 3, 1234n],
    ['1.500', 2, 150n],
    ['123456789012345.67', 2, 12345678901234567n],
  ])('read %s with exponent %i exactly', (text, exponent, units) => {
    expect(parseAmount(text, exponent)).toBe(units);
  });

  it.each(['1.999', '', ' 1', '1,00', '1e3', 'NaN', '+1', '.5', '5.', '0x10', '1'.repeat(16), '１'])(
    'refuse %j',
    (text) => {
      expect(parseAmount(text, 2)).toBeUndefined();
    },
  );

  it('have up to fifteen digits before the point', () => {
    for (const sign of ['', '-']) {
      expect(parseAmount(`${sign}${10n ** 15n - 1n}`, 0)).toBe(BigInt(`${sign}${10n ** 15n - 1n}`));
      expect(parseAmount(`${sign}${10n ** 15n}`, 0)).toBeUndefined();
    }
  });

  it('are written as they were read', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n - 10n ** 15n, max: 10n ** 15n - 1n }),
        fc.integer({ min: 0, max: 4 }),
        (units, exponent) => {
          expect(parseAmount(formatAmount(units, exponent), exponent)).toBe(units);
        },
      ),
    );
  });

  it('know currencies without cents, and with mils', () => {
    expect(['EUR', 'JPY', 'KWD', 'XYZ'].map(currencyExponent)).toEqual([2, 0, 3, 2]);
  });
});

describe('durations', () => {
  it('are read and written as minutes, hours or days', () => {
    expect(parseDuration('90m')).toBe(5_400_000);
    expect(parseDuration('36h')).toBe(129_600_000);
    for (const text of ['1m', '90m', '36h', '14d', '400d'])
      expect(formatDuration(parseDuration(text)!)).toBe(text);
  });

  it('are told to readers in words', () => {
    const told = ['1d', '14d', '36h', '1h', '90m'].map((text) => spellDuration(parseDuration(text)!));
    expect(told).toEqual(['1 day', '14 days', '36 hours', '1 hour', '90 minutes']);
  });

  it.each(['', '14', 'd', '0d', '-1d', '1.5h', '2w', ' 1d', '1d ', '999999d'])('refuse %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
