import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedJointContrasts } from '../../src/statistics/adjustment/adjusted-joint-contrasts.js';
import { adjustedMeans, type AdjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { addCrossSums, crossSumsOf, emptyCrossSums } from '../../src/statistics/cross-sums.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, must } from './arbitrary.js';

const recipient = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 }));
const arm = fc
  .array(recipient, { minLength: 5, maxLength: 40 })
  .map((rows) =>
    rows.map(([y, x]) => crossSumsOf([BigInt(y + x), BigInt(x)])).reduce(addCrossSums, emptyCrossSums(2)),
  );
const adjusted = fc
  .tuple(arm, arm, arm, fc.constantFrom('auto', 'per_arm', 'pooled'))
  .map(([a, b, c, slopes]) => adjustedMeans([a, b, c], slopes))
  .filter((means): means is AdjustedMeans => !isRefusal(means));
const rows = [
  [-1, 1, 0],
  [-1, 0, 1],
];

describe('several contrasts of adjusted means', () => {
  it('with one row are the square of the contrast', () => {
    fc.assert(
      fc.property(adjusted, (means) => {
        const one = adjustedContrast(means, [-1, 1, 0], 0.95);
        fc.pre(!isRefusal(one));
        const joint = must(adjustedJointContrasts(means, [[-1, 1, 0]]));
        const z = must(one).test.statistic;
        expect(Math.abs(joint.statistic - z * z)).toBeLessThan(1e-9 * Math.max(1, z * z));
        expect(Math.abs(joint.p - must(one).test.p)).toBeLessThan(1e-9);
      }),
    );
  });

  it('with two are the quadratic form of their covariance, written out', () => {
    fc.assert(
      fc.property(adjusted, (means) => {
        const result = adjustedJointContrasts(means, rows);
        fc.pre(!isRefusal(result));
        const at = (k: number, l: number): number => means.covariance[k]?.[l] ?? NaN;
        const c = (k: number, l: number): number => at(k, l) - at(k, 0) - at(0, l) + at(0, 0);
        const d = (k: number): number => (means.means[k] ?? NaN) - (means.means[0] ?? NaN);
        const wald =
          (c(2, 2) * d(1) ** 2 - 2 * c(1, 2) * d(1) * d(2) + c(1, 1) * d(2) ** 2) /
          (c(1, 1) * c(2, 2) - c(1, 2) ** 2);
        expect(Math.abs(must(result).statistic - wald)).toBeLessThan(1e-6 * Math.max(1, wald));
        expect(must(result).df).toEqual([2]);
      }),
    );
  });

  it('do not depend on which arm the others are compared with', () => {
    fc.assert(
      fc.property(adjusted, (means) => {
        const result = adjustedJointContrasts(means, rows);
        fc.pre(!isRefusal(result));
        const other = must(
          adjustedJointContrasts(means, [
            [0, 3, -3],
            [1, 0, -1],
          ]),
        );
        const { statistic } = must(result);
        expect(Math.abs(other.statistic - statistic)).toBeLessThan(1e-6 * Math.max(1, statistic));
      }),
    );
  });

  it('are refused where a row follows from the others or does not fit', () => {
    const means = must(
      adjustedMeans(
        [1n, 2n, 3n].map((shift) =>
          [0n, 4n, 1n, 7n, 3n, 3n]
            .map((y, i) => crossSumsOf([y + shift, BigInt((i * i) % 5)]))
            .reduce(addCrossSums, emptyCrossSums(2)),
        ),
      ),
    );
    for (const bad of [[], [[0, 0, 0]], [[1, -1]], [[NaN, 1, 0]], [...rows, [0, 1, -1]]])
      expect(codeOf(adjustedJointContrasts(means, bad))).toBe('invalid_input');
  });
});
