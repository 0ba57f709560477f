import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, spellDuration } from '../../src/experiments/duration.js';
import {
  convertMinorUnits,
  currencyExponent,
  formatAmount,
  largestAmount,
  parseAmount,
} from '../../src/experiments/money.js';

describe('amounts', () => {
  it.each([
    ['19.99', 2, 1999n],
    ['19.9', 2, 1990n],
    ['-0.01', 2, -1n],
    ['0', 2, 0n],
    ['1000', 0, 1000n],
    ['1.234', 3, 1234n],
    ['1.500', 2, 150n],
    ['9999999999999.99', 2, 999999999999999n],
    ['-99999999999.9999', 4, -999999999999999n],
  ])('read %s with exponent %i exactly', (text, exponent, units) => {
    expect(parseAmount(text, exponent)).toBe(units);
  });

  it.each(['1.999', '', ' 1', '1,00', '1e3', 'NaN', '+1', '.5', '5.', '0x10', '1'.repeat(16), '１'])(
    'refuse %j',
    (text) => {
      expect(parseAmount(text, 2)).toBeUndefined();
    },
  );

  it.each([
    ['10000000000000', 2],
    ['-10000000000000.00', 2],
    ['123456789012345.67', 2],
    ['1000000000000000', 0],
  ])('refuse %s with exponent %i, a quadrillion minor units or more', (text, exponent) => {
    expect(parseAmount(text, exponent)).toBeUndefined();
  });

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

describe('conversion to another currency', () => {
  it.each([
    [1_000n, 'USD', 'EUR', '0.92', 920n],
    [-1_000n, 'USD', 'EUR', '0.92', -920n],
    [100n, 'JPY', 'EUR', '0.0061', 61n],
    [61n, 'EUR', 'JPY', '163.934', 100n],
    [1_000n, 'KWD', 'EUR', '3', 300n],
    [1n, 'CLF', 'JPY', '5000', 1n],
    [1n, 'USD', 'EUR', '0.5', 1n],
    [-1n, 'USD', 'EUR', '0.5', -1n],
    [1n, 'USD', 'EUR', '0.499999999999', 0n],
    [3n, 'USD', 'EUR', '0.50', 2n],
    [0n, 'USD', 'EUR', '7', 0n],
    [largestAmount, 'JPY', 'KWD', '999999999.999999999999', 999999999999998999999000000n],
  ])('makes %s of %s in %s at %s exactly %s', (units, from, to, rate, expected) => {
    expect(convertMinorUnits(units, from, to, rate)).toBe(expected);
  });

  const anyRate = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n - 1n }), fc.integer({ min: 0, max: 12 }))
    .chain(([whole, digits]) =>
      fc
        .bigInt({ min: 0n, max: 10n ** BigInt(digits) - 1n })
        .map((part) => ({ whole, part, digits, times: 10n ** BigInt(digits) })),
    )
    .filter(({ whole, part }) => whole + part > 0n);
  const currencies: [string, bigint][] = [['EUR', 100n], ['JPY', 1n], ['KWD', 1_000n], ['CLF', 10_000n]]; // prettier-ignore
  const anyUnits = fc.bigInt({ min: -largestAmount, max: largestAmount });

  it('is the nearest whole number to the fraction, and the one farther from zero of two', () => {
    const one = fc.constantFrom(...currencies);
    fc.assert(
      fc.property(anyUnits, one, one, anyRate, (units, [from, inFrom], [to, inTo], rate) => {
        const text = `${rate.whole}${rate.digits > 0 ? `.${String(rate.part).padStart(rate.digits, '0')}` : ''}`;
        const converted = convertMinorUnits(units, from, to, text);
        // units / inFrom * (whole + part / times) * inTo, over one denominator
        const above = units * (rate.whole * rate.times + rate.part) * inTo;
        const below = inFrom * rate.times;
        const size = (n: bigint): bigint => (n < 0n ? -n : n);
        const off = size(2n * (converted * below - above));
        expect(off <= below).toBe(true);
        if (off === below) expect(size(converted * below) > size(above)).toBe(true);
        expect(convertMinorUnits(-units, from, to, text)).toBe(-converted);
      }),
    );
  });

  it.each(['', '0', '0.00', '-1', '1e3', '.5', '1.', 'NaN', '1.1234567890123', '1234567890', '１'])(
    'throws at %j, which no draft can hold',
    (rate) => {
      expect(() => convertMinorUnits(1n, 'USD', 'EUR', rate)).toThrow('is no exchange rate');
    },
  );
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
