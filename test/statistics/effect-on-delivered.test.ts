import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import {
  addCrossSums,
  crossSumsOf,
  emptyCrossSums,
  type CrossSums,
} from '../../src/statistics/cross-sums.js';
import { effectOnDelivered } from '../../src/statistics/ratios/effect-on-delivered.js';
import { isRefusal } from '../../src/statistics/result.js';
import { chance } from './simulate.js';

type Row = readonly [y: number, d: number];

const armOf = (rows: readonly Row[]): CrossSums =>
  rows.map(([y, d]) => crossSumsOf([BigInt(y), BigInt(d)])).reduce(addCrossSums, emptyCrossSums(2));

const row = fc.tuple(fc.integer({ min: -5, max: 20 }), fc.constantFrom(0, 1, 1, 1));
const rows = fc.array(row, { minLength: 20, maxLength: 60 });
const controlRows = fc.array(fc.tuple(fc.integer({ min: -5, max: 20 }), fc.constant(0)), {
  minLength: 20,
  maxLength: 60,
});

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
function varianceOfMean(values: readonly number[]): number {
  const centre = meanOf(values);
  return values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1) / values.length;
}

/** z of the test that y - θ d has the same mean in both arms, row by row. */
function zAt(theta: number, control: readonly Row[], treatment: readonly Row[]): number {
  const [c, t] = [control, treatment].map((arm) => arm.map(([y, d]) => y - theta * d)) as [
    number[],
    number[],
  ];
  return (meanOf(t) - meanOf(c)) / Math.sqrt(varianceOfMean(c) + varianceOfMean(t));
}

describe('the effect among those to whom it was delivered', () => {
  test('is two-stage least squares, and its interval the inversion of the test of every effect', () => {
    const z = normal.isf(0.025);
    fc.assert(
      fc.property(controlRows, rows, (control, treatment) => {
        const result = effectOnDelivered(armOf(control), armOf(treatment), 0.95);
        if (isRefusal(result)) {
          expect(['weak_instrument', 'no_variation']).toContain(result.code);
          return;
        }
        // Two stages: delivery predicted by the arm, then the outcome regressed on the prediction.
        const predicted = [
          ...control.map(() => 0),
          ...treatment.map(() => meanOf(treatment.map(([, d]) => d))),
        ];
        const ys = [...control, ...treatment].map(([y]) => y);
        const [px, py] = [meanOf(predicted), meanOf(ys)];
        const slope =
          predicted.reduce((sum, x, i) => sum + (x - px) * ((ys[i] ?? 0) - py), 0) /
          predicted.reduce((sum, x) => sum + (x - px) ** 2, 0);
        expect(result.effect.value).toBeCloseTo(slope, 8);
        const { lower, upper } = result.effect.interval;
        expect(Math.abs(zAt(lower, control, treatment))).toBeCloseTo(z, 6);
        expect(Math.abs(zAt(upper, control, treatment))).toBeCloseTo(z, 6);
        expect(Math.abs(zAt((lower + upper) / 2, control, treatment))).toBeLessThan(z);
        expect(lower > 0 || upper < 0).toBe(result.test.p < 0.05);
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  test('is the effect of the assignment where everybody was delivered to', () => {
    const control: Row[] = [3, 5, 2, 8].map((y) => [y, 0]);
    const treatment: Row[] = [6, 4, 9, 7].map((y) => [y, 1]);
    const result = effectOnDelivered(armOf(control), armOf(treatment), 0.95);
    if (isRefusal(result)) throw new Error(result.reason);
    const se = Math.sqrt(varianceOfMean([3, 5, 2, 8]) + varianceOfMean([6, 4, 9, 7]));
    expect(result.effect).toMatchObject({ value: 2, se: expect.closeTo(se, 12) as number });
    expect(result.effect.interval.upper).toBeCloseTo(2 + normal.isf(0.025) * se, 10);
  });

  test('covers the truth as often as it says, also where those not delivered to are unlike the others', () => {
    const random = chance(20_261_127);
    const truth = 0.2;
    let covered = 0;
    let made = 0;
    for (let i = 0; i < 2_000; i += 1) {
      const arm = (assigned: boolean) => {
        let [y, d, yy, yd] = [0, 0, 0, 0];
        for (let k = 0; k < 150; k += 1) {
          const reachable = random() < 0.5;
          const delivered = assigned && reachable;
          const rate = (reachable ? 0.5 : 0.1) + (delivered ? truth : 0);
          if (random() < rate) {
            y += 1;
            yy += 1;
            if (delivered) yd += 1;
          }
          if (delivered) d += 1;
        }
        const [Y, D, YY, YD] = [y, d, yy, yd].map(BigInt) as [bigint, bigint, bigint, bigint];
        return { n: 150n, sums: [Y, D], products: [[YY], [YD, D]] };
      };
      const result = effectOnDelivered(arm(false), arm(true), 0.95);
      if (isRefusal(result)) continue;
      made += 1;
      if (result.effect.interval.lower <= truth && truth <= result.effect.interval.upper) covered += 1;
    }
    expect(made).toBe(2_000);
    expect(covered / made).toBeGreaterThan(0.935);
    expect(covered / made).toBeLessThan(0.965);
  });

  test('is refused where delivery hardly differs, is no yes or no, or nothing varies', () => {
    const some: Row[] = [1, 2, 3, 4, 5, 6].map((y) => [y, 0]);
    const few: Row[] = [1, 2, 3, 4, 5, 6].map((y) => [y, y === 1 ? 1 : 0]);
    const code = (control: CrossSums, treatment: CrossSums) => {
      const result = effectOnDelivered(control, treatment, 0.95);
      return isRefusal(result) ? result.code : 'none';
    };
    expect(code(armOf(some), armOf(some))).toBe('weak_instrument');
    expect(code(armOf(some), armOf(few))).toBe('weak_instrument');
    expect(code(armOf(some), armOf([...few.slice(1), [1, 2]]))).toBe('invalid_input');
    expect(code(armOf(some), armOf([[1, 1]]))).toBe('too_few');
    expect(code(armOf([]), armOf(few))).toBe('empty_arm');
    const same: Row[] = [7, 7, 7].map((y) => [y, 0]);
    expect(code(armOf(same), armOf(same.map(([y]): Row => [y, 1])))).toBe('no_variation');
  });
});
