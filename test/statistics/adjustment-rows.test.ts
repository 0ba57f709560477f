import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { adjustedRows } from '../../src/statistics/adjustment/adjusted-rows.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, leavesOutZero, levels, must } from './arbitrary.js';
import { add, armsOf, byBirth, chicks, type Rows } from './adjustment-data.js';

describe('adjustment recipient by recipient', () => {
  it("agrees with R's lm on chicks and diets, with ordinary and HC2 errors", () => {
    const { thetaTotal, thetaWithin, comparisons } = must(adjustedRows(byBirth, 0.95));
    expect(thetaTotal[0]).toBeCloseTo(-19.01525822, 8);
    expect(thetaWithin[0]).toBeCloseTo(-11.88476869, 8);
    const [, third] = comparisons;
    const { estimate, test } = must(third!.ancova);
    expect(estimate.value).toBeCloseTo(83.48786388, 8);
    expect(estimate.se).toBeCloseTo(26.440210459, 8);
    expect(test.df).toEqual([40]);
    expect(test.p).toBeCloseTo(0.003022853085, 11);
    expect(must(third!.ancovaHc2).estimate.se).toBeCloseTo(27.998786646, 8);
    expect(must(third!.lin).estimate.value).toBeCloseTo(95.83214078, 8);
    expect(must(third!.lin).estimate.se).toBeCloseTo(28.26464102, 7);
  });

  it('agrees with R on two covariates', () => {
    const { comparisons } = must(adjustedRows(chicks, 0.95));
    const fourth = comparisons[2]!;
    expect(must(fourth.ancova).estimate.value).toBeCloseTo(56.4322014448, 9);
    expect(must(fourth.ancova).estimate.se).toBeCloseTo(31.644251114, 8);
    expect(must(fourth.ancovaHc2).estimate.se).toBeCloseTo(26.370545231, 8);
  });

  it('gives the estimates that sums give', () => {
    fc.assert(
      fc.property(armsOf(2), (rows) => {
        const result = adjustedRows(rows, 0.95);
        fc.pre(!isRefusal(result));
        const arms = rows.map(add);
        const coefficients = arms.map((_, k) => (k === 1 ? 1 : k === 0 ? -1 : 0));
        const [first] = result.comparisons;
        const pooled = must(adjustedMeans(arms, 'pooled'));
        const common = adjustedContrast(pooled, coefficients, 0.95);
        fc.pre(!isRefusal(common) && !isRefusal(first!.within));
        expect(common.estimate.value).toBeCloseTo(first!.within.estimate.value, 9);
        expect(common.estimate.se).toBeCloseTo(first!.within.estimate.se, 9);
        const own = must(adjustedMeans(arms, 'per_arm'));
        fc.pre(own.slopeKind === 'per_arm' && !isRefusal(first!.lin));
        const lin = must(adjustedContrast(own, coefficients, 0.95));
        expect(lin.estimate.value).toBeCloseTo(first!.lin.estimate.value, 9);
      }),
    );
  });

  it('leaves out no effect exactly when each test rejects', () => {
    fc.assert(
      fc.property(armsOf(1), levels, (rows, level) => {
        const result = adjustedRows(rows, level);
        fc.pre(!isRefusal(result));
        for (const tested of result.comparisons.flatMap((all) => Object.values(all) as (typeof all.lin)[])) {
          if (isRefusal(tested)) continue;
          expect(leavesOutZero(tested.estimate.interval)).toBe(tested.test.p < 1 - level);
        }
      }),
    );
  });

  it('refuses the HC2 error where a single recipient decides a slope, and only it', () => {
    const rows: Rows[] = [
      [[1n, 0n], [4n, 0n], [2n, 0n], [9n, 1n]],
      [[5n, 0n], [3n, 0n], [1n, 0n], [2n, 0n]],
    ]; // prettier-ignore
    const [only] = must(adjustedRows(rows, 0.95)).comparisons;
    expect([codeOf(only!.ancova), codeOf(only!.ancovaHc2), codeOf(only!.lin)]).toEqual([
      'not refused',
      'too_few',
      'too_few',
    ]);
  });

  it('refuses what has no answer', () => {
    const [control, treatment] = [byBirth[0]!, byBirth[1]!];
    expect(codeOf(adjustedRows([control], 0.95))).toBe('invalid_input');
    expect(codeOf(adjustedRows([control, []], 0.95))).toBe('empty_arm');
    expect(codeOf(adjustedRows([control, [[1n, 1n]]], 0.95))).toBe('too_few');
    expect(codeOf(adjustedRows([control, [...treatment, [1n]]], 0.95))).toBe('invalid_input');
    expect(codeOf(adjustedRows([control.map(([y]) => [y!]), treatment.map(([y]) => [y!])], 0.95))).toBe(
      'invalid_input',
    );
    const flat = [control, treatment].map((arm, k) => arm.map(([y]) => [y!, BigInt(k)]));
    expect(codeOf(adjustedRows(flat, 0.95))).toBe('no_variation');
    expect(codeOf(adjustedRows([control, treatment], 1))).toBe('invalid_input');
  });
});
