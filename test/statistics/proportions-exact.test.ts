import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { barnard } from '../../src/statistics/proportions/barnard.js';
import { boschloo } from '../../src/statistics/proportions/boschloo.js';
import { fisherMidP } from '../../src/statistics/proportions/fisher-mid-p.js';
import { fisher } from '../../src/statistics/proportions/fisher.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, must } from './arbitrary.js';

function count(successes: number | bigint, n: number | bigint): Count {
  return { successes: BigInt(successes), n: BigInt(n) };
}

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i += 1) value = (value * (n - k + i)) / i;
  return value;
}

const tables = (max: number) =>
  fc.integer({ min: 1, max }).chain((n) => fc.integer({ min: 0, max: n }).map((k) => count(k, n)));

const failures = ({ successes, n }: Count): Count => ({ successes: n - successes, n });

/** Probabilities of all tables with these margins, by successes of the treatment. */
function probabilities(control: Count, treatment: Count): Map<number, number> {
  const [n, m, total] = [
    Number(treatment.n),
    Number(control.n),
    Number(control.successes + treatment.successes),
  ];
  const all = new Map<number, number>();
  for (let x = Math.max(0, total - m); x <= Math.min(n, total); x += 1) {
    all.set(x, (choose(n, x) * choose(m, total - x)) / choose(n + m, total));
  }
  return all;
}

describe("Fisher's test", () => {
  it('is that of the lady tasting tea, and of the twins in R', () => {
    const tea = [count(1, 4), count(3, 4)] as const;
    expect(must(fisher(...tea, 'greater')).p).toBeCloseTo(0.2429, 4);
    expect(must(fisher(...tea)).p).toBeCloseTo(0.4857, 4);
    const twins = [count(10, 13), count(2, 17)] as const;
    expect(must(fisher(...twins, 'less')).p).toBeCloseTo(0.0004652, 7);
    expect(must(fisher(...twins)).p).toBeCloseTo(0.0005367, 7);
  });

  it('sums the tables', () => {
    fc.assert(
      fc.property(tables(25), tables(25), (control, treatment) => {
        const all = [...probabilities(control, treatment)];
        const x = Number(treatment.successes);
        const observed = all.find(([k]) => k === x)![1];
        const sum = (counts: (k: number, p: number) => boolean) =>
          all.reduce((total, [k, p]) => total + (counts(k, p) ? p : 0), 0);
        const two = must(fisher(control, treatment));
        expect(two.p).toBeCloseTo(
          sum((_, p) => p <= observed * (1 + 1e-7)),
          11,
        );
        expect(Math.exp(two.logP)).toBeCloseTo(two.p, 14);
        expect(must(fisher(control, treatment, 'greater')).p).toBeCloseTo(
          sum((k) => k >= x),
          11,
        );
        expect(must(fisher(control, treatment, 'less')).p).toBeCloseTo(
          sum((k) => k <= x),
          11,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same with arms swapped, and for failures', () => {
    const large = fc
      .bigInt({ min: 1n, max: 10n ** 10n })
      .chain((n) => fc.bigInt({ min: 0n, max: n < 300n ? n : 300n }).map((k) => count(k, n)));
    fc.assert(
      fc.property(fc.oneof(tables(300), large), fc.oneof(tables(300), large), (a, b) => {
        for (const [there, back] of [
          ['two_sided', 'two_sided'],
          ['greater', 'less'],
        ] as const) {
          const { logP } = must(fisher(a, b, there));
          const near = (other: number) => expect(Math.abs(other - logP)).toBeLessThan(1e-10 * (1 - logP));
          near(must(fisher(b, a, back)).logP);
          near(must(fisher(failures(a), failures(b), back)).logP);
        }
        expect(must(fisherMidP(a, b)).p).toBeLessThanOrEqual(must(fisher(a, b, 'greater')).p * 2);
      }),
    );
  });

  it('keeps its digits in arms of millions and of ten thousand million', () => {
    // R: phyper(5002999, 1e7, 1e7, 10003000, lower.tail = FALSE).
    const middle = must(fisher(count(5_000_000, 10_000_000), count(5_003_000, 10_000_000), 'greater'));
    expect(middle.p).toBeCloseTo(0.0899287957564458, 12);
    // Few successes split like a coin: P(13 or more of 15).
    const few = must(fisher(count(2, 10_000_000_000), count(13, 10_000_000_000), 'greater'));
    expect(few.p / ((105 + 15 + 1) / 2 ** 15)).toBeCloseTo(1, 7);
    const far = must(fisher(count(0, 100_000), count(1000, 1000)));
    expect([far.p, far.statistic]).toEqual([0, 1000]);
    expect(far.logP).toBeCloseTo(-5605.78567780921, 8);
  });

  it('counts tables as equally likely that differ by rounding only', () => {
    // Of 10 with 5 in each arm, 1 : 4 and 4 : 1 have the same probability.
    expect(must(fisher(count(1, 5), count(4, 5))).p).toBeCloseTo(
      2 * must(fisher(count(1, 5), count(4, 5), 'greater')).p,
      14,
    );
    // The mean lies halfway between the two likeliest tables.
    const middle = must(fisher(count(500_000, 1_000_000), count(500_001, 1_000_000)));
    expect(middle).toMatchObject({ p: 1, logP: 0 });
    // One table further out only the likeliest, of probability 1/√(2π · 125,000), does not count.
    const beside = must(fisher(count(499_999, 1_000_000), count(500_001, 1_000_000)));
    expect(-beside.logP * Math.sqrt(2 * Math.PI * 125_000)).toBeCloseTo(1, 2);
  });

  it('is certain where only one table is possible, and refuses what has no answer', () => {
    for (const alternative of ['two_sided', 'greater', 'less'] as const) {
      expect(must(fisher(count(0, 5), count(0, 9), alternative))).toMatchObject({ p: 1, logP: 0 });
      expect(must(fisher(count(5, 5), count(9, 9), alternative))).toMatchObject({ p: 1, logP: 0 });
    }
    expect(codeOf(fisher(count(0, 0), count(0, 9)))).toBe('empty_arm');
    expect(codeOf(fisher(count(10, 9), count(0, 9)))).toBe('invalid_input');
    expect(codeOf(fisher(count(1, 9), count(0, 9), '' as never))).toBe('invalid_input');
    const half = count(10n ** 14n, 2n * 10n ** 14n);
    expect([fisher(half, half), fisherMidP(half, half)].map(codeOf)).toEqual(['too_many', 'too_many']);
    const huge = count(3n, 10n ** 18n);
    expect([fisher(huge, huge), fisherMidP(huge, huge)].map(codeOf)).toEqual(['too_many', 'too_many']);
  });
});

/** Probability of a region, for the worst of many common rates; `extreme` by successes of control and treatment. */
function worst(nc: number, nt: number, extreme: (c: number, t: number) => boolean): number {
  let most = extreme(0, 0) || extreme(nc, nt) ? 1 : 0;
  for (let step = 1; step < 400; step += 1) {
    const p = Math.sin((step * Math.PI) / 800) ** 2;
    let sum = 0;
    for (let c = 0; c <= nc; c += 1) {
      for (let t = 0; t <= nt; t += 1) {
        if (extreme(c, t)) sum += choose(nc, c) * choose(nt, t) * p ** (c + t) * (1 - p) ** (nc + nt - c - t);
      }
    }
    most = Math.max(most, sum);
  }
  return most;
}

const varied = fc.tuple(tables(9), tables(9)).filter(([a, b]) => {
  const total = a.successes + b.successes;
  return total > 0n && total < a.n + b.n;
});

describe("Barnard's test", () => {
  it('is the published one (Suissa & Shuster; scipy)', () => {
    const arms = [count(12, 15), count(7, 15)] as const;
    expect(must(barnard(...arms)).statistic).toBeCloseTo(-1.894, 3);
    expect(must(barnard(...arms)).p).toBeCloseTo(0.06822, 4);
    expect(must(barnard(...arms, 'less')).p).toBeCloseTo(0.03411, 4);
  });

  it('is the largest probability of all tables as far out, ties included', () => {
    fc.assert(
      fc.property(varied, ([control, treatment]) => {
        const [nc, nt] = [Number(control.n), Number(treatment.n)];
        const z = (c: number, t: number) => {
          const k = c + t;
          return k === 0 || k === nc + nt ? 0 : (t * nc - c * nt) / Math.sqrt(k * (nc + nt - k));
        };
        const observed = z(Number(control.successes), Number(treatment.successes));
        const close = (p: number, grid: number) => {
          expect(p).toBeGreaterThanOrEqual(grid - 1e-12);
          expect(p).toBeLessThanOrEqual(grid + 2e-4);
        };
        close(
          must(barnard(control, treatment)).p,
          worst(nc, nt, (c, t) => Math.abs(z(c, t)) >= Math.abs(observed) - 1e-9),
        );
        close(
          must(barnard(control, treatment, 'greater')).p,
          worst(nc, nt, (c, t) => z(c, t) >= observed - 1e-9),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("Boschloo's test", () => {
  it('is the published one (scipy)', () => {
    const test = must(boschloo(count(31, 63), count(74, 117), 'greater'));
    expect(test.statistic).toBeCloseTo(0.0483, 4);
    expect(test.p).toBeCloseTo(0.03556406, 8);
  });

  it("rejects wherever Fisher's test does", () => {
    fc.assert(
      fc.property(fc.tuple(tables(60), tables(60)), ([a, b]) => {
        for (const side of ['greater', 'less'] as const) {
          const test = boschloo(a, b, side);
          if (isRefusal(test)) continue;
          expect(test.p).toBeLessThanOrEqual(must(fisher(a, b, side)).p + 1e-10);
        }
      }),
    );
  });
});

describe('unconditional tests', () => {
  it('are the same with arms swapped', () => {
    fc.assert(
      fc.property(varied, ([a, b]) => {
        for (const test of [barnard, boschloo]) {
          expect(must(test(b, a)).logP).toBeCloseTo(must(test(a, b)).logP, 9);
          expect(must(test(b, a, 'less')).logP).toBeCloseTo(must(test(a, b, 'greater')).logP, 9);
        }
      }),
    );
  });

  it('find the highest of many maxima', () => {
    // Checked with 20,000 rates each; a coarse grid ends in lower maxima, at 0.063 and 0.094.
    expect(must(barnard(count(48, 100), count(90, 150))).p).toBeCloseTo(0.0678564585, 9);
    expect(must(barnard(count(30, 200), count(20, 210))).p).toBeCloseTo(0.108044931, 8);
  });

  it('find narrow maxima in very unequal arms', () => {
    // One of one against 5 of 100,000: the rate of the worst case is as small as 1e-5.
    const { p, rate } = must(barnard(count(0, 100_000), count(1, 1), 'greater'));
    expect(rate).toBeCloseTo(1 / 100_001, 9);
    expect(p / (rate * (1 - rate) ** 100_000)).toBeCloseTo(1, 9);
  });

  it('keep the logarithm where p is too small for a double', () => {
    const { p, logP, rate } = must(barnard(count(0, 1000), count(1000, 1000)));
    expect(p).toBe(0);
    expect(rate).toBeCloseTo(0.5, 5);
    expect(logP).toBeCloseTo(Math.LN2 - 2000 * Math.LN2, 8);
  });

  it('refuse what has no answer', () => {
    for (const test of [barnard, boschloo]) {
      expect(codeOf(test(count(0, 5), count(0, 9)))).toBe('no_variation');
      expect(codeOf(test(count(5, 5), count(9, 9)))).toBe('no_variation');
      expect(codeOf(test(count(0, 0), count(1, 9)))).toBe('empty_arm');
      expect(codeOf(test(count(-1, 5), count(1, 9)))).toBe('invalid_input');
      expect(codeOf(test(count(1, 5), count(1, 9), 'other' as never))).toBe('invalid_input');
      expect(codeOf(test(count(3, 1001), count(1, 1000)))).toBe('too_many');
      expect(codeOf(test(count(3, 10), count(1, 12)))).toBe('not refused');
    }
  });
});
