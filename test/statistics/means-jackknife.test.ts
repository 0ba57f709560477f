import { describe, expect, it } from 'vitest';
import { meanDeltaUplift } from '../../src/statistics/means/delta-uplift.js';
import {
  foldJackknife,
  foldMeanDifference,
  foldMeanUplift,
  type FoldSums,
} from '../../src/statistics/means/fold-jackknife.js';
import { welch } from '../../src/statistics/means/welch.js';
import { refuse } from '../../src/statistics/result.js';
import { addSums, sumsOf } from '../../src/statistics/sums.js';
import { codeOf, must, sumUp } from './arbitrary.js';
import { chance } from './simulate.js';

describe('jackknife over folds', () => {
  const single = (y: bigint): FoldSums => ({ control: sumsOf(0n), treatment: sumsOf(y) });

  it('of folds of one recipient is the standard error of the mean', () => {
    // Leave-one-out of a mean gives s / √n exactly: for 1..20 that is √(35 / 20).
    const folds = Array.from({ length: 20 }, (_, i) => single(BigInt(i + 1)));
    const { value, se, leftOut } = must(foldJackknife(folds, foldMeanDifference, 0.95));
    expect(value).toBe(10.5);
    expect(se).toBeCloseTo(Math.sqrt(35 / 20), 12);
    expect(leftOut[19]).toBe(10);
  });

  it("comes near Welch's error and Fieller's, as far as 20 folds can tell", () => {
    const random = chance(7);
    const folds = Array.from({ length: 20 }, () => {
      const arm = (mean: number) =>
        sumUp(Array.from({ length: 400 }, () => BigInt(Math.floor(-mean * Math.log(1 - random())))));
      return { control: arm(1000), treatment: arm(1200) };
    });
    const control = folds.map((fold) => fold.control).reduce(addSums);
    const treatment = folds.map((fold) => fold.treatment).reduce(addSums);
    const ratios = [
      must(foldJackknife(folds, foldMeanDifference, 0.95)).se /
        must(welch(control, treatment, 0.95)).difference.se,
      must(foldJackknife(folds, foldMeanUplift, 0.95)).se /
        must(meanDeltaUplift(control, treatment, 0.95)).se,
    ];
    // A standard error from 20 folds is itself uncertain by 16 %.
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.5);
    }
  });

  it('passes refusals on and finds out what cannot be left out', () => {
    const folds = [single(1n), single(2n), single(4n)];
    expect(codeOf(foldJackknife(folds.slice(1), foldMeanDifference, 0.95))).toBe('too_few');
    expect(codeOf(foldJackknife(folds, foldMeanUplift, 0.95))).toBe('too_few');
    expect(codeOf(foldJackknife(folds, () => refuse('missing_cell', 'Nobody.'), 0.95))).toBe('missing_cell');
    expect(codeOf(foldJackknife(folds, () => 7, 0.95))).toBe('no_variation');
    expect(codeOf(foldJackknife(folds, foldMeanDifference, -1))).toBe('invalid_input');
    const some = foldJackknife(
      folds,
      (kept) => (kept.length < 3 ? refuse('too_few', 'Few.') : { value: 1 }),
      0.95,
    );
    expect(codeOf(some)).toBe('too_few');
  });
});
