import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, bootstrapOver } from '../../src/evaluation/bootstrap.js';
import { seededRandom } from '../../src/evaluation/random.js';

const estimate = (result: ReturnType<typeof bootstrapMean>) => {
  if ('refused' in result) throw new Error(result.reason);
  return result;
};

describe('the bootstrap', () => {
  it('gives the mean, the same interval for the same seed and another for another', () => {
    const values = [0, 1, 1, 2, 5, 7];
    const first = estimate(bootstrapMean(values, 'a'));
    expect(first.value).toBeCloseTo(16 / 6, 14);
    expect(bootstrapMean(values, 'a')).toEqual(first);
    expect(estimate(bootstrapMean(values, 'b')).se).not.toBe(first.se);
  });

  it('agrees with the theory of the mean', () => {
    const random = seededRandom('normal');
    const values = Array.from({ length: 400 }, () => random.normal());
    const { se, interval, value } = estimate(bootstrapMean(values, 'theory', 4_000));
    const theory = Math.sqrt(values.reduce((sum, x) => sum + (x - value) ** 2, 0)) / 400;
    expect(se / theory).toBeCloseTo(1, 1);
    expect((interval.lower - value) / theory).toBeCloseTo(-1.96, 0.7);
    expect((interval.upper - value) / theory).toBeCloseTo(1.96, 0.7);
  });

  it('covers the truth about as often as it says', () => {
    const random = seededRandom('coverage');
    let covered = 0;
    for (let i = 0; i < 400; i++) {
      const values = Array.from({ length: 60 }, () => random.next());
      const { interval } = estimate(bootstrapMean(values, `draw ${i}`, 200));
      if (interval.lower <= 0.5 && 0.5 <= interval.upper) covered += 1;
    }
    expect(covered / 400).toBeGreaterThan(0.9);
    expect(covered / 400).toBeLessThan(0.98);
  });

  it('stays between the least and the greatest value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 }), (values) => {
        const { interval, se } = estimate(bootstrapMean(values, 'x', 50));
        expect(interval.lower).toBeGreaterThanOrEqual(Math.min(...values));
        expect(interval.upper).toBeLessThanOrEqual(Math.max(...values));
        expect(interval.lower).toBeLessThanOrEqual(interval.upper);
        expect(se).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('leaves draws out that have no value, and refuses where they are many', () => {
    const labels = (ones: number) => Array.from({ length: 40 }, (_, i) => (i < ones ? 1 : 0));
    const share = (values: number[]) =>
      bootstrapOver(40, 'seed', 500, (units) => {
        const sum = units.reduce((total, unit) => total + (values[unit] ?? 0), 0);
        return sum === 0 ? NaN : sum / units.length;
      });
    expect(share(labels(1))).toMatchObject({ refused: true, code: 'too_few' });
    expect(share(labels(10))).toMatchObject({ value: 0.25 });
  });

  it.each([
    [[], 1_000, 'too_few'],
    [[1], 1_000, 'too_few'],
    [[1, NaN], 1_000, 'invalid_input'],
    [[1, 2], 0, 'invalid_input'],
    [[1, 2], 99.5, 'invalid_input'],
    [[1, 2], NaN, 'invalid_input'],
  ])('refuses %j with %s draws', (values, draws, code) => {
    expect(bootstrapMean(values, 'seed', draws)).toMatchObject({ refused: true, code });
  });
});
