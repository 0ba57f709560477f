import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { machineShareTest, roganGladen } from '../../src/statistics/proportions/machine-opens.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { waldDifference } from '../../src/statistics/proportions/wald-difference.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, counts, levels, must } from './arbitrary.js';
import { chance, draw } from './simulate.js';

function count(successes: number | bigint, n: number | bigint): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

describe('opens without machines', () => {
  it('are the observed ones where there are no machines', () => {
    const opens = count(300, 1000);
    const { value, observed, se } = must(roganGladen(opens, { share: 0, n: 5000n }, 0.95));
    expect([value, observed]).toEqual([0.3, 0.3]);
    // Against an arm without any, Wald's standard error is that of the rate alone.
    expect(se).toBeCloseTo(must(waldDifference(count(0, 10), opens, 0.95)).se!, 15);
  });

  it('give back the human rate that was diluted: 20 % with half the mailboxes on machines', () => {
    const { value } = must(roganGladen(count(60, 100), { share: 0.5, n: 1000n }, 0.95));
    expect(value).toBeCloseTo(0.2, 14);
  });

  it('are known as well as they vary, the machine share included', () => {
    const random = chance(5);
    const [n, sample, share, human, runs] = [400, 150, 0.4, 0.3, 4000];
    const values = Array.from({ length: runs }, () => {
      const machines = { share: draw(random, sample, share) / sample, n: BigInt(sample) };
      return must(roganGladen(count(draw(random, n, share + (1 - share) * human), n), machines, 0.95)).value;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / runs;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1));
    const exact = must(roganGladen(count(232, 400), { share, n: 150n }, 0.95));
    expect(exact.se / sd).toBeGreaterThan(0.95);
    expect(exact.se / sd).toBeLessThan(1.05);
  });

  it('lie in [0, 1] and say where they were cut', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        counts,
        shares,
        levels,
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (opens, share, level, n) => {
          const result = roganGladen(opens, { share, n }, level);
          fc.pre(!isRefusal(result));
          const { value, interval, observed, warnings } = must(result);
          expect(0 <= interval.lower && interval.lower <= value).toBe(true);
          expect(value <= interval.upper && interval.upper <= 1).toBe(true);
          expect(warnings.map(({ code }) => code)).toEqual(observed < share ? ['clipped'] : []);
          if (observed < share) expect(value).toBe(0);
        },
      ),
    );
  });

  it('refuse', () => {
    const opens = count(300, 1000);
    const of = (share: number, n = 100n, of = opens) => codeOf(roganGladen(of, { share, n }, 0.95));
    expect([of(-0.1), of(1.1), of(NaN), of(0.3, -1n)]).toEqual(Array(4).fill('invalid_input'));
    expect(of(0.3, 0n)).toBe('empty_arm');
    expect(of(1)).toBe('no_variation');
    expect(of(0.3, 100n, count(1000, 1000))).toBe('no_variation');
    expect(of(0.3, 100n, count(0, 0))).toBe('empty_arm');
    expect(codeOf(roganGladen(opens, { share: 0.3, n: 100n }, 0))).toBe('invalid_input');
  });
});

describe('the test of equal machine shares', () => {
  it('is Pearson on the flags, under its own name', () => {
    const flags = [count(3400, 10_000), count(3650, 10_000), count(3500, 10_000)];
    expect(must(machineShareTest(flags))).toEqual({
      ...must(pearson(flags)),
      method: 'proportion.machine_share',
    });
    expect(must(machineShareTest(flags)).p).toBeLessThan(0.001);
    expect(codeOf(machineShareTest([count(0, 10), count(0, 12)]))).toBe('no_variation');
    expect(codeOf(machineShareTest([count(0, 10)]))).toBe('invalid_input');
  });
});
