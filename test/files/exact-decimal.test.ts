import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactDecimal } from '../../src/files/exact-decimal.js';

function read(text: string, point: '.' | ',' = '.'): string {
  const number = new ExactDecimal(point);
  const bytes = Buffer.from(`##${text}##`);
  if (!number.read(bytes, 2, bytes.length - 2)) return number.problem;
  return `${number.units}e-${number.decimals}`;
}

describe('exact decimals', () => {
  it.each([
    ['0', '0e-0'], ['1', '1e-0'], ['-1', '-1e-0'], ['+1', '1e-0'], ['007', '7e-0'], ['-0.00', '0e-0'],
    ['19.99', '1999e-2'], ['19.90', '199e-1'], ['19.00', '19e-0'], [' 5.5\t', '55e-1'], ['.5', '5e-1'], ['5.', '5e-0'],
    ['1e3', '1000e-0'], ['1.5E-3', '15e-4'], ['1e-12', '1e-12'], ['0e999', '0e-0'], ['123456789012345', '123456789012345e-0'],
    ['123456789012345.123456789012', '123456789012345123456789012e-12'], ['0.1000000000000000000', '1e-1'],
    ['1e-41', 'has more than 40 decimals'], ['29.990000000000002', '29990000000000002e-15'], ['5.551115123125783e-17', '5551115123125783e-32'],
    ['1e15', 'is too large'], ['1234567890123456', 'is too large'],
    ['', 'is empty'], ['  ', 'is empty'], ['abc', 'is not a plain number'], ['1,5', 'is not a plain number'], ['1 000', 'is not a plain number'],
    ['$5', 'is not a plain number'], ['NaN', 'is not a plain number'], ['inf', 'is not a plain number'], ['.', 'is not a plain number'],
    ['-', 'is not a plain number'], ['1.2.3', 'is not a plain number'], ['--1', 'is not a plain number'], ['0x10', 'is not a plain number'],
  ])('%j is %s', (text, expected) => expect(read(text)).toBe(expected)); // prettier-ignore

  it('reads a decimal comma where that is the point', () => {
    expect(read('12,50', ',')).toBe('125e-1');
    expect(read('12.50', ',')).toBe('is not a plain number');
  });

  it('is exact for any amount of cents, sign and padding', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), fc.nat({ max: 6 }), (cents, zeros) => {
        const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
        const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}${'0'.repeat(zeros)}`;
        const number = new ExactDecimal();
        const bytes = Buffer.from(text);
        expect(number.read(bytes, 0, bytes.length)).toBe(true);
        expect(BigInt(number.units) * 10n ** BigInt(2 - number.decimals)).toBe(cents);
      }),
    );
  });
});
