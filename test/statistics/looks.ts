import fc from 'fast-check';
import type { Spending } from '../../src/statistics/sequential/spending.js';

export const obf: Spending = { kind: 'obrien_fleming' };
/** Fractions of as many evenly spaced looks. */
export const equal = (looks: number) => Array.from({ length: looks }, (_, k) => (k + 1) / looks);

export const spendings: fc.Arbitrary<Spending> = fc.oneof(
  fc.constant(obf),
  fc.constant<Spending>({ kind: 'pocock' }),
  fc.double({ min: 0.5, max: 4, noNaN: true }).map((exponent): Spending => ({ kind: 'power', exponent })),
  fc
    .double({ min: -8, max: 4, noNaN: true })
    .map((gamma): Spending => ({ kind: 'hwang_shih_decani', gamma })),
);
/** Up to six looks at uneven times. */
export const fractions = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
  .map((gaps) => {
    const total = gaps.reduce((sum, gap) => sum + gap, 0);
    let sum = 0;
    return gaps.map((gap, k) => (k === gaps.length - 1 ? 1 : (sum += gap) / total));
  });
export const alphas = fc.constantFrom(0.2, 0.05, 0.01, 0.001);
