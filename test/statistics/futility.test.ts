import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { integrate } from '../../src/statistics/numerics/quadrature.js';
import { futilityBounds } from '../../src/statistics/sequential/futility.js';
import { groupSequential } from '../../src/statistics/sequential/group-sequential.js';
import { spent, type Spending } from '../../src/statistics/sequential/spending.js';
import { codeOf, must } from './arbitrary.js';
import { equal, fractions, obf, spendings } from './looks.js';

const hsd = (gamma: number): Spending => ({ kind: 'hwang_shih_decani', gamma });

describe('futility', () => {
  it('gives the example of gsDesign: three looks, test type 4, one-sided 0.025, power 0.9', () => {
    const { looks, inflation } = must(futilityBounds(equal(3), hsd(-4), hsd(-2), 0.05, 0.9));
    [3.01, 2.55, 2].forEach((bound, k) => expect(looks[k]?.bound).toBeCloseTo(bound, 2));
    [-0.24, 0.94, 2].forEach((bound, k) => expect(looks[k]?.futility).toBeCloseTo(bound, 2));
    expect(inflation).toBeCloseTo(1.07, 3);
  });

  it('leaves the upper bounds as they are, costs more and ends earlier without an effect', () => {
    fc.assert(
      fc.property(fractions, spendings, spendings, (times, spending, futile) => {
        const plan = must(futilityBounds(times, spending, futile, 0.05, 0.8));
        const plain = must(groupSequential(times, spending, 0.05, 0.8));
        expect(plan.looks.map(({ bound }) => bound)).toEqual(plain.looks.map(({ bound }) => bound));
        expect(plan.drift).toBeGreaterThan(plain.drift * (1 - 1e-6));
        // The plain plan also ends early for harm; a futility bound beyond that one cannot end it sooner.
        if (plan.looks.every(({ bound, futility }) => futility >= -bound)) {
          expect(plan.expectedFraction.null).toBeLessThan(plain.expectedFraction.null + 1e-9);
        }
        for (const { bound, futility } of plan.looks) expect(futility).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 25 },
    );
  });

  it('spends on both sides what it says, by one integral over the first of two looks', () => {
    const t = 0.4;
    const plan = must(futilityBounds([t, 1], obf, obf, 0.05, 0.9));
    const [first, last] = plan.looks;
    const mean = plan.drift * Math.sqrt(t);
    const beta = spent(obf, t, 0.2) / 2;
    expect(normal.cdf((first?.futility ?? NaN) - mean)).toBeCloseTo(beta, 13);
    const inside = integrate(
      (z) =>
        (Math.exp(-0.5 * (z - mean) ** 2) / Math.sqrt(2 * Math.PI)) *
        normal.sf(((last?.bound ?? NaN) - z * Math.sqrt(t) - plan.drift * (1 - t)) / Math.sqrt(1 - t)),
      first?.futility ?? NaN,
      first?.bound ?? NaN,
      80,
    );
    expect(normal.sf((first?.bound ?? NaN) - mean) + inside).toBeCloseTo(0.9, 12);
  });

  it('refuses', () => {
    const ask = (times: number[], power = 0.8, futile: Spending = obf) =>
      codeOf(futilityBounds(times, obf, futile, 0.05, power));
    expect(ask([0.5, 0.9])).toBe('invalid_input');
    expect(ask([0.5, 0.5, 1])).toBe('invalid_input');
    for (const power of [0.5, 0, 1, NaN]) expect(ask([0.5, 1], power)).toBe('invalid_input');
    expect(ask([0.5, 1], 0.8, { kind: 'power', exponent: -1 })).toBe('invalid_input');
  });
});
