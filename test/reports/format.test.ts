import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  estimateText,
  groupedDecimal,
  listText,
  numberText,
  pText,
  shareText,
  visibleName,
} from '../../src/reports/format.js';

describe('numbers in words', () => {
  it.each([
    [0, 'p < 0.0001'], [0.00009999, 'p < 0.0001'], [0.00016, 'p = 0.00016'], [0.031, 'p = 0.031'], [0.0499, 'p = 0.0499'],
    [0.04999999, 'p = 0.04999999'], [0.0500001, 'p = 0.0500001'], [0.05, 'p = 0.0500'], [0.34, 'p = 0.34'], [0.996, 'p = 0.9960'],
    [0.99995, 'p > 0.9999'], [1, 'p = 1'],
  ])('writes p = %d as %s', (p, text) => expect(pText(p)).toBe(text)); // prettier-ignore

  const level = 0.95;
  it('rounds by the width of the interval', () => {
    const points = { kind: 'points', signed: true, minDecimals: 1 } as const;
    expect(estimateText(0.0766, { lower: 0.06995, upper: 0.08323, level }, points)).toEqual({
      text: '+7.66 pp',
      intervalText: '+7.00 to +8.32 pp',
    });
    expect(estimateText(0.000123, { lower: 0.0001, upper: 0.00015, level }, points).text).toBe('+0.0123 pp');
    const money = { kind: 'money', currency: 'JPY', signed: false, minDecimals: 0 } as const;
    expect(estimateText(1234.56, { lower: 1000, upper: 1500, level }, money).text).toBe('¥1,235');
  });

  it('never rounds a bound onto zero from one side', () => {
    const points = { kind: 'points', signed: true, minDecimals: 1 } as const;
    expect(estimateText(0.05, { lower: 0.0004, upper: 0.1, level }, points).intervalText).toBe(
      '+0.04 to +10.00 pp',
    );
  });

  it('says when a side has no bound', () => {
    const percent = { kind: 'percent', signed: true, minDecimals: 0 } as const;
    expect(estimateText(2, { lower: 0.5, upper: Infinity, level }, percent).intervalText).toBe(
      '+50% to no upper bound',
    );
  });

  it('writes lists, shares and exact decimals', () => {
    expect(listText(['a', 'b', 'c'])).toBe('a, b and c');
    expect([0, 1, 0.5, 0.00004, 0.9999].map(shareText)).toEqual([
      '0.0%',
      '100.0%',
      '50.0%',
      '0.0040%',
      '99.990%',
    ]);
    const noisy = ['29.990000000000002', '-0.00000000001', '999.9999999', '-1.5000005', '5.00000000'];
    expect(noisy.map(groupedDecimal)).toEqual(['29.99', '0', '1,000', '-1.500001', '5']);
    expect(['-1234567.8912', '12', '123456', '0.123456'].map(groupedDecimal)).toEqual([
      '-1,234,567.8912',
      '12',
      '123,456',
      '0.123456',
    ]);
  });
});

describe('times in words', () => {
  const time = { kind: 'minutes', signed: false, minDecimals: 0 } as const;
  const signed = { ...time, signed: true };
  const level = 0.95;

  it.each([
    [3060, 0, '2 d 3 h'], [3061, 0, '2 d 3 h 1 min'], [0, 0, '0 min'], [0, -1, '0 h'], [59.6, 0, '1 h'], [1439.7, 0, '1 d'],
    [0.25, 2, '0.25 min'], [61.5, 1, '1 h 1.5 min'], [-90, 0, '-1 h 30 min'], [1_440_000, -1, '1,000 d'], [1439.7, -1, '1 d'],
    [-0.2, 0, '0 min'], [60.04, 1, '1 h'],
  ])('writes %d minutes with %d decimals as %s', (value, decimals, text) =>
    expect(numberText(value, decimals, time)).toBe(text)); // prettier-ignore

  it('rounds by the width of the interval, and never onto zero', () => {
    expect(estimateText(17_900, { lower: 17_600, upper: 18_200, level }, time)).toEqual({
      text: '12 d 10 h',
      intervalText: '12 d 5 h to 12 d 15 h',
    });
    expect(estimateText(-1000, { lower: -1950, upper: -30, level }, signed)).toEqual({
      text: '-16 h 40 min',
      intervalText: '-1 d 8 h 30 min to -30 min',
    });
    expect(estimateText(2, { lower: 0.04, upper: 4, level }, signed).intervalText).toBe('+0.040 min to +4.000 min');
    expect(estimateText(0, { lower: -5, upper: 5, level }, signed)).toEqual({ text: '0 min', intervalText: '-5 min to +5 min' });
  });

  it('never loses the sign of a bound', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }), (lower, width) => {
        fc.pre(Math.abs(lower) > 1e-4);
        const text = estimateText(lower + width / 2, { lower, upper: lower + width, level }, signed).intervalText;
        expect(text.startsWith(lower < 0 ? '-' : '+')).toBe(true);
      }),
    );
  });
}); // prettier-ignore

it('puts names in quotes where white space would not be seen', () => {
  expect(['A', 'New offer', 'A ', ' A', 'A  B', 'A\u00a0B', 'A\tB', ''].map(visibleName)).toEqual([
    ...['A', 'New offer', '"A "', '" A"', '"A  B"', '"A\\u00a0B"', '"A\\tB"', '""'],
  ]);
});
