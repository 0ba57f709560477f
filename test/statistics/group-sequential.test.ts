import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { integrate } from '../../src/statistics/numerics/quadrature.js';
import { groupSequential } from '../../src/statistics/sequential/group-sequential.js';
import { spent, type Spending } from '../../src/statistics/sequential/spending.js';
import { wangTsiatis } from '../../src/statistics/sequential/wang-tsiatis.js';
import { codeOf, must } from './arbitrary.js';
import { alphas, equal, fractions, obf, spendings } from './looks.js';

describe('published boundaries', () => {
  // Jennison & Turnbull (2000), tables 2.1 and 2.3 and 2.9; Pocock (1977); O'Brien & Fleming (1979).
  it.each([
    [0.5, [2.178, 2.289, 2.361, 2.413, 2.453, 2.485, 2.512, 2.535, 2.555]],
    [0, [1.977, 2.004, 2.024, 2.04, 2.053, 2.063, 2.072, 2.08, 2.087]],
    [0.25, [2.038, 2.083, 2.113, 2.136]],
  ])('have the constants of the tables for shape %s', (shape, constants) => {
    constants.forEach((constant, k) => {
      expect(must(wangTsiatis(equal(k + 2), shape, 0.05)).constant).toBeCloseTo(constant, 3);
    });
  });

  it('have the constants of the tables at 1 and 10 %', () => {
    expect(must(wangTsiatis(equal(5), 0.5, 0.01)).constant).toBeCloseTo(2.986, 3);
    expect(must(wangTsiatis(equal(5), 0.5, 0.1)).constant).toBeCloseTo(2.122, 3);
  });

  it('by spending, five looks, are those of Lan and DeMets', () => {
    const bounds = must(groupSequential(equal(5), obf, 0.05, 0.8)).looks.map(({ bound }) => bound);
    [4.8769, 3.357, 2.6803, 2.2898, 2.031].forEach((bound, k) => expect(bounds[k]).toBeCloseTo(bound, 4));
  });
});

describe('group sequential plan', () => {
  it('spends as it says, and has the power it says', () => {
    fc.assert(
      fc.property(fractions, spendings, alphas, (times, spending, alpha) => {
        const { looks } = must(groupSequential(times, spending, alpha, 0.8));
        let [spentSoFar, found] = [0, 0];
        for (const look of looks) {
          spentSoFar += look.stops.null;
          found += look.stops.design;
          expect(Math.abs(spentSoFar - look.cumulativeAlpha)).toBeLessThan(1e-13);
          expect(look.cumulativeAlpha).toBe(spent(spending, look.fraction, alpha));
        }
        expect(found).toBeCloseTo(0.8, 12);
      }),
      { numRuns: 40 },
    );
  });

  it('needs more recipients than one look, ends earlier, and is one test with one look', () => {
    fc.assert(
      fc.property(fractions, spendings, alphas, (times, spending, alpha) => {
        const plan = must(groupSequential(times, spending, alpha, 0.9));
        expect(plan.inflation).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(plan.expectedFraction.design).toBeLessThanOrEqual(plan.expectedFraction.null + 1e-12);
        const single = must(groupSequential([1], spending, alpha, 0.9));
        expect(single.looks[0]?.bound).toBeCloseTo(normal.isf(alpha / 2), 13);
        expect(single.inflation).toBe(1);
      }),
      { numRuns: 30 },
    );
  });

  it('does not change bounds for looks that come later', () => {
    const long = must(groupSequential([0.2, 0.4, 0.7, 1], obf, 0.05, 0.8));
    const short = must(groupSequential([0.2, 0.4, 1], obf, 0.05, 0.8));
    expect(short.looks.slice(0, 2).map((look) => look.bound)).toEqual(
      long.looks.slice(0, 2).map((look) => look.bound),
    );
  });

  it.each([0.001, 0.3, 0.9, 0.9995])(
    'two looks, the first at %s, agree with integrals over the first',
    (t) => {
      const { looks } = must(groupSequential([t, 1], { kind: 'pocock' }, 0.05, 0.8));
      const [b1 = NaN, b2 = NaN] = looks.map(({ bound }) => bound);
      const later = (z: number) => {
        const tail = (side: number) => normal.cdf((-b2 - side * z * Math.sqrt(t)) / Math.sqrt(1 - t));
        return (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * (tail(1) + tail(-1));
      };
      let inside = 0;
      for (let k = 0; k < 500; k += 1) {
        inside += integrate(later, b1 * (k / 250 - 1), b1 * ((k + 1) / 250 - 1), 10);
      }
      expect(2 * normal.sf(b1) + inside).toBeCloseTo(0.05, 13);
    },
  );

  it('three looks, two of them close together, spend what two and one do', () => {
    // Where the middle look spends next to nothing, the plan is that without it.
    const rare: Spending = { kind: 'hwang_shih_decani', gamma: -60 };
    const bounds = (times: number[]) =>
      must(groupSequential(times, rare, 0.05, 0.8)).looks.map(({ bound }) => bound);
    for (const middle of [0.2002, 0.3, 0.5]) {
      expect(bounds([0.2, middle, 1]).at(-1)).toBeCloseTo(bounds([0.2, 1]).at(-1) ?? NaN, 11);
    }
  });

  it('costs as many recipients as the tables say', () => {
    const inflation = (looks: number, spending: Spending) =>
      must(groupSequential(equal(looks), spending, 0.05, 0.8)).inflation;
    expect(inflation(5, obf)).toBeCloseTo(1.025, 3);
    expect(inflation(2, obf)).toBeCloseTo(1.004, 3);
    expect(inflation(5, { kind: 'pocock' })).toBeCloseTo(1.212, 3);
  });

  it('fourteen and fifty looks, the first far beyond z = 8', () => {
    const plan = must(groupSequential(equal(14), obf, 0.05, 0.8));
    const first = 2 * normal.sf(normal.isf(0.0125) * Math.sqrt(14));
    expect(plan.looks[0]?.bound).toBeCloseTo(normal.isf(first), 12);
    const many = must(groupSequential(equal(50), obf, 0.05, 0.8));
    expect(many.looks[0]?.bound).toBeGreaterThan(15);
    expect(
      (2 * normal.sf(many.looks[0]?.bound ?? NaN)) / (many.looks[0]?.cumulativeAlpha ?? NaN),
    ).toBeCloseTo(1, 10);
    expect(many.looks.reduce((sum, look) => sum + look.stops.null, 0)).toBeCloseTo(0.05, 13);
    const bounds = many.looks.map(({ bound }) => bound);
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
  });

  it('leaves looks open that have nothing to spend', () => {
    const { looks } = must(groupSequential([0.001, 1], obf, 0.05, 0.8));
    expect(looks[0]?.bound).toBe(Infinity);
    expect(looks[0]?.nominalP).toBe(0);
    expect(looks[1]?.bound).toBeCloseTo(normal.isf(0.025), 12);
  });

  it('lets the last look come late: all is spent, correlations follow the information', () => {
    const late = must(groupSequential([0.5, 1.2], obf, 0.05, 0.8)).looks;
    const planned = must(groupSequential([0.5, 1], obf, 0.05, 0.8)).looks;
    expect(late[0]?.bound).toBe(planned[0]?.bound);
    expect(late[1]?.cumulativeAlpha).toBe(0.05);
    expect(late[1]?.bound).toBeGreaterThan(planned[1]?.bound ?? NaN);
  });

  it('spends by families that meet', () => {
    expect(spent({ kind: 'hwang_shih_decani', gamma: 0 }, 0.3, 0.05)).toBeCloseTo(0.015, 15);
    expect(spent({ kind: 'hwang_shih_decani', gamma: 5e-324 }, 0.5, 0.05)).toBe(0.025);
    expect(spent({ kind: 'hwang_shih_decani', gamma: 1e-9 }, 0.3, 0.05)).toBeCloseTo(0.015, 10);
    expect(spent({ kind: 'hwang_shih_decani', gamma: -1000 }, 0.5, 0.05)).toBeCloseTo(
      0.05 * Math.exp(-500),
      230,
    );
    expect(spent({ kind: 'hwang_shih_decani', gamma: 1000 }, 0.5, 0.05)).toBeCloseTo(0.05, 15);
    expect(spent({ kind: 'power', exponent: 1 }, 0.3, 0.05)).toBeCloseTo(0.015, 15);
  });

  it('refuses looks that are none', () => {
    const ask = (times: number[], alpha = 0.05, power = 0.8, spending: Spending = obf) =>
      codeOf(groupSequential(times, spending, alpha, power));
    for (const times of [
      [],
      [0, 1],
      [0.5, 0.5, 1],
      [0.6, 0.5],
      [0.5, NaN],
      [1, 1.5],
      [0.5, Infinity],
      [0.5, 0.50001],
    ])
      expect(ask(times), String(times)).toBe('invalid_input');
    expect(ask(equal(101))).toBe('invalid_input');
    for (const alpha of [0, 1, NaN, -0.05]) expect(ask([0.5, 1], alpha)).toBe('invalid_input');
    for (const power of [0.05, 0, 1, NaN]) expect(ask([0.5, 1], 0.05, power)).toBe('invalid_input');
    for (const spending of [
      { kind: 'power', exponent: 0 },
      { kind: 'power', exponent: NaN },
      { kind: 'hwang_shih_decani', gamma: Infinity },
      { kind: 'constructor' },
    ])
      expect(ask([0.5, 1], 0.05, 0.8, spending as Spending)).toBe('invalid_input');
    expect(ask([0.001])).toBe('invalid_input');
    expect(codeOf(wangTsiatis(equal(3), 0.6, 0.05))).toBe('invalid_input');
    expect(codeOf(wangTsiatis(equal(3), NaN, 0.05))).toBe('invalid_input');
  });
});
