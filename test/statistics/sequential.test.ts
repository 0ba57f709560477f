import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { integrate } from '../../src/statistics/numerics/quadrature.js';
import { confidenceSequence, sequenceTuning } from '../../src/statistics/sequential/confidence-sequence.js';
import { msprt } from '../../src/statistics/sequential/msprt.js';
import { exactTuning, mixtureBound } from '../../src/statistics/sequential/normal-mixture.js';
import { oneSidedSequence } from '../../src/statistics/sequential/one-sided-sequence.js';
import { runningSequence, type SequenceLook } from '../../src/statistics/sequential/running-sequence.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, leavesOutZero, must } from './arbitrary.js';
import { chance } from './simulate.js';

const alphas = fc.constantFrom(0.2, 0.1, 0.05, 0.01, 0.001);
const estimates = fc.record({
  value: fc.double({ min: -1, max: 1, noNaN: true }),
  se: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  n: fc.bigInt({ min: 200n, max: 10n ** 10n }),
});
const planned = fc.integer({ min: 1, max: 1e9 });

describe('confidence sequence', () => {
  it('leaves out no effect exactly when p < alpha', () => {
    fc.assert(
      fc.property(estimates, planned, alphas, (estimate, n, alpha) => {
        const { estimate: shown, test, significant } = must(confidenceSequence(estimate, n, alpha));
        expect(leavesOutZero(shown.interval)).toBe(test.p < alpha);
        expect(significant).toBe(test.p < alpha);
      }),
    );
  });

  it('agrees at the very edge', () => {
    const { halfWidth } = must(confidenceSequence({ value: 0, se: 0.01, n: 5000n }, 5000, 0.05));
    for (let ulps = -20; ulps <= 20; ulps += 1) {
      const value = halfWidth * (1 + ulps * Number.EPSILON);
      const { estimate, test } = must(confidenceSequence({ value, se: 0.01, n: 5000n }, 5000, 0.05));
      expect(leavesOutZero(estimate.interval)).toBe(test.p < 0.05);
    }
  });

  it('turns round with the estimate', () => {
    fc.assert(
      fc.property(estimates, planned, alphas, (estimate, n, alpha) => {
        const one = must(confidenceSequence(estimate, n, alpha));
        const other = must(confidenceSequence({ ...estimate, value: -estimate.value }, n, alpha));
        expect(other.test.logP).toBe(one.test.logP);
        expect(other.estimate.interval.lower).toBeCloseTo(-one.estimate.interval.upper, 12);
      }),
    );
  });

  it('is wider than an interval for one look, and narrowest where it was tuned', () => {
    fc.assert(
      fc.property(estimates, alphas, (estimate, alpha) => {
        const n = Number(estimate.n);
        const tuned = must(confidenceSequence(estimate, n, alpha));
        expect(tuned.halfWidth).toBeGreaterThan(tuned.fixedHalfWidth);
        expect(tuned.test.warnings).toEqual([]);
        for (const elsewhere of [Math.ceil(n / 10), n * 10]) {
          expect(must(confidenceSequence(estimate, elsewhere, alpha)).halfWidth).toBeGreaterThan(
            tuned.halfWidth,
          );
        }
      }),
    );
  });

  it('has its smallest bound at the exact tuning', () => {
    for (const alpha of [0.999, 0.5, 0.05, 1e-10, 1e-300]) {
      const best = exactTuning(alpha);
      expect(mixtureBound(best, alpha)).toBeCloseTo(Math.sqrt(1 + best), 10);
      for (const m of [best * 0.99, best * 1.01])
        expect(mixtureBound(m, alpha)).toBeGreaterThan(mixtureBound(best, alpha));
    }
    // Twice as many recipients, ρ smaller by √2.
    expect(sequenceTuning(10_000, 0.05).exact).toBeCloseTo(sequenceTuning(5000, 0.05).exact / Math.SQRT2, 15);
  });

  it('warns far from the plan', () => {
    const far = must(confidenceSequence({ value: 0, se: 0.07, n: 200n }, 10_000, 0.05));
    expect(far.test.warnings.map(({ code }) => code)).toEqual(['far_from_planned']);
    expect(must(confidenceSequence({ value: 0, se: 0.07, n: 9000n }, 10_000, 0.05)).test.warnings).toEqual(
      [],
    );
  });

  it('refuses what it cannot watch', () => {
    const fine = { value: 0.1, se: 0.1, n: 1000n };
    const ask = (change: object, n = 1000, alpha = 0.05) =>
      codeOf(confidenceSequence({ ...fine, ...change }, n, alpha));
    expect(ask({})).toBe('not refused');
    expect(ask({ n: 199n })).toBe('too_few');
    expect(ask({ n: 200n })).toBe('not refused');
    expect(ask({ events: [25n, 24n] })).toBe('too_few');
    expect(ask({ events: [25n, 25n] })).toBe('not refused');
    expect(ask({ events: [-1n, 25n] })).toBe('invalid_input');
    expect(ask({ events: [1001n] })).toBe('invalid_input');
    expect(ask({ n: -5n })).toBe('invalid_input');
    expect(ask({ se: 0 })).toBe('no_variation');
    for (const se of [-1, NaN, Infinity]) expect(ask({ se })).toBe('invalid_input');
    for (const value of [NaN, Infinity]) expect(ask({ value })).toBe('invalid_input');
    for (const n of [0, -1, NaN, Infinity, 0.5]) expect(ask({}, n)).toBe('invalid_input');
    for (const alpha of [0, 1, -1, NaN]) expect(ask({}, 1000, alpha)).toBe('invalid_input');
  });

  it('errs less often than alpha over fourteen looks', () => {
    const random = chance(7);
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let [watched, naive] = [0, 0];
    for (let run = 0; run < 2000; run += 1) {
      let [sum, found, peeked] = [0, false, false];
      for (let look = 1; look <= 14; look += 1) {
        sum += gauss();
        const estimate = { value: sum / look, se: 1 / Math.sqrt(look), n: BigInt(look) * 1000n };
        found ||= must(confidenceSequence(estimate, 14_000, 0.05)).significant;
        peeked ||= Math.abs(sum) > 1.96 * Math.sqrt(look);
      }
      watched += found ? 1 : 0;
      naive += peeked ? 1 : 0;
    }
    expect(watched / 2000).toBeLessThan(0.05);
    expect(naive / 2000).toBeGreaterThan(0.15);
  });
});

describe('mixture sequential probability ratio test', () => {
  it('is the confidence sequence with τ² = nρ²se²', () => {
    fc.assert(
      fc.property(estimates, planned, alphas, (estimate, n, alpha) => {
        const sequence = must(confidenceSequence(estimate, n, alpha));
        const tau = Math.sqrt(Number(estimate.n)) * sequence.rho * estimate.se;
        const test = must(msprt(estimate, tau, alpha));
        expect(test.halfWidth / sequence.halfWidth).toBeCloseTo(1, 12);
        expect(test.test.logP - sequence.test.logP).toBeCloseTo(0, Math.abs(test.test.logP) > 1e4 ? -1 : 8);
        expect(leavesOutZero(test.estimate.interval)).toBe(test.test.p < alpha);
      }),
    );
  });

  it('is the likelihood ratio averaged over normal effects', () => {
    const [value, se, tau] = [0.02, 0.01, 0.015];
    const density = (x: number, sd: number) => Math.exp(-0.5 * (x / sd) ** 2) / sd;
    const mixed = integrate(
      (effect) => (density(value - effect, se) * density(effect, tau)) / Math.sqrt(2 * Math.PI),
      -0.2,
      0.2,
      200,
    );
    expect(must(msprt({ value, se }, tau, 0.05)).logRatio).toBeCloseTo(
      Math.log(mixed / density(value, se)),
      12,
    );
  });

  it('refuses', () => {
    expect(codeOf(msprt({ value: 1, se: 0 }, 1, 0.05))).toBe('no_variation');
    for (const tau of [0, -1, NaN, Infinity, 1e300])
      expect(codeOf(msprt({ value: 1, se: 1 }, tau, 0.05))).toBe('invalid_input');
    expect(codeOf(msprt({ value: 1, se: 1 }, 1, 1))).toBe('invalid_input');
  });
});

describe('one-sided sequence', () => {
  it('leaves out no effect exactly when p < alpha, on one side only', () => {
    fc.assert(
      fc.property(estimates, planned, alphas, fc.boolean(), (estimate, n, alpha, up) => {
        const direction = up ? 'increase' : 'decrease';
        const { estimate: shown, test, significant } = must(oneSidedSequence(estimate, direction, n, alpha));
        expect(leavesOutZero(shown.interval)).toBe(test.p < alpha);
        expect(significant).toBe(test.p < alpha);
        expect(up ? shown.interval.upper : -shown.interval.lower).toBe(Infinity);
        const mirrored = { ...estimate, value: -estimate.value };
        const other = must(oneSidedSequence(mirrored, up ? 'decrease' : 'increase', n, alpha));
        expect(other.test.logP).toBe(test.logP);
      }),
    );
  });

  it('is the likelihood ratio averaged over half-normal effects', () => {
    const [value, se, n, plannedN, alpha] = [0.008, 0.003, 10_000n, 20_000, 0.01];
    const evidence = -2 * Math.log(2 * alpha);
    const tau = se * Math.sqrt((Number(n) / plannedN) * (evidence + Math.log(1 + evidence)));
    const density = (x: number, sd: number) => Math.exp(-0.5 * (x / sd) ** 2) / sd;
    const mixed = integrate(
      (effect) => (2 * density(value - effect, se) * density(effect, tau)) / Math.sqrt(2 * Math.PI),
      0,
      0.08,
      200,
    );
    const { test } = must(oneSidedSequence({ value, se, n }, 'increase', plannedN, alpha));
    expect(test.logP).toBeCloseTo(-Math.log(mixed / density(value, se)), 11);
  });

  it('sees nothing where the effect goes the other way, and finds harm sooner than two sides do', () => {
    const estimate = { value: 0.01, se: 0.003, n: 20_000n };
    expect(must(oneSidedSequence(estimate, 'decrease', 20_000, 0.01)).test.p).toBe(1);
    const one = must(oneSidedSequence(estimate, 'increase', 20_000, 0.01)).halfWidth;
    expect(one).toBeLessThan(must(confidenceSequence(estimate, 20_000, 0.01)).halfWidth);
    expect(one).toBeGreaterThan(normal.isf(0.01) * 0.003);
  });

  it('refuses what the sequence refuses, no direction and half or more of alpha', () => {
    const estimate = { value: 0.01, se: 0.003, n: 20_000n };
    expect(codeOf(oneSidedSequence({ ...estimate, n: 10n }, 'increase', 20_000, 0.01))).toBe('too_few');
    expect(codeOf(oneSidedSequence(estimate, 'increase', 20_000, 0.5))).toBe('invalid_input');
    expect(codeOf(oneSidedSequence(estimate, '__proto__' as never, 20_000, 0.01))).toBe('invalid_input');
  });
});

describe('running sequence', () => {
  const look = (lower: number, upper: number, logP = -1): SequenceLook => ({
    interval: { lower, upper, level: 0.95 },
    logP,
  });

  it('narrows, never widens, and leaves out no effect exactly once a p did', () => {
    fc.assert(
      fc.property(fc.array(estimates, { minLength: 1, maxLength: 10 }), alphas, (list, alpha) => {
        const looks = list.map((estimate) => {
          const { estimate: shown, test } = must(confidenceSequence(estimate, 10_000, alpha));
          return { interval: shown.interval, logP: test.logP };
        });
        const running = must(runningSequence(looks)).looks;
        running.forEach(({ interval, p }, k) => {
          const before = running[k - 1];
          expect(p).toBeLessThanOrEqual(before?.p ?? 1);
          if (isRefusal(interval)) return;
          expect(leavesOutZero(interval)).toBe(p < alpha);
          if (!before || isRefusal(before.interval)) return;
          expect(interval.lower).toBeGreaterThanOrEqual(before.interval.lower);
          expect(interval.upper).toBeLessThanOrEqual(before.interval.upper);
        });
      }),
    );
  });

  it('refuses an effect that no look leaves possible, from then on', () => {
    const { looks } = must(runningSequence([look(0, 1), look(2, 3, -4), look(0, 5)]));
    expect(looks.map(({ interval }) => codeOf(interval))).toEqual([
      'not refused',
      'contradictory_looks',
      'contradictory_looks',
    ]);
    expect(looks.map(({ logP }) => logP)).toEqual([-1, -4, -4]);
  });

  it('refuses nothing, other levels and what is no interval', () => {
    expect(codeOf(runningSequence([]))).toBe('too_few');
    const other = { interval: { lower: 0, upper: 1, level: 0.9 }, logP: 0 };
    for (const bad of [other, look(1, 0), look(NaN, 0), look(0, 1, 0.1), look(0, 1, NaN)])
      expect(codeOf(runningSequence([look(0, 1), bad]))).toBe('invalid_input');
  });
});
