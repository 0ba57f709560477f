import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieller } from '../../src/statistics/means/fieller.js';
import { nonInferiority, type Margin } from '../../src/statistics/means/non-inferiority.js';
import { welch } from '../../src/statistics/means/welch.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, must, outcomes, sumUp } from './arbitrary.js';

const some = sumUp([1n, 2n, 3n, 9n]);
const none = sumUp([]);

describe('non-inferiority of a mean', () => {
  const margins: fc.Arbitrary<Margin> = fc.record({
    kind: fc.constantFrom('absolute' as const, 'relative' as const),
    size: fc.constantFrom(0, 0.01, 0.25, 0.5),
    better: fc.constantFrom('higher' as const, 'lower' as const),
  });
  const alphas = fc.constantFrom(0.01, 0.05, 0.2, 0.4);

  it('keeps its bound within the margin exactly when it rejects', () => {
    fc.assert(
      fc.property(outcomes, outcomes, margins, alphas, (a, b, margin, alpha) => {
        const result = nonInferiority(sumUp(a), sumUp(b), margin, alpha);
        fc.pre(!isRefusal(result));
        const { effect, test, nonInferior } = must(result);
        const { lower, upper } = effect.interval;
        const within = margin.better === 'higher' ? lower > -margin.size : upper < margin.size;
        expect(nonInferior).toBe(test.p < alpha);
        expect(within).toBe(nonInferior);
        expect(margin.better === 'higher' ? upper : -lower).toBe(Infinity);
      }),
      { numRuns: 2000 },
    );
  });

  it('is half the two-sided test where the margin is 0', () => {
    const [control, treatment] = [sumUp([3n, 5n, 8n, 9n]), sumUp([7n, 9n, 14n, 16n, 20n])];
    const both = must(welch(control, treatment, 0.9)).test.p;
    for (const kind of ['absolute', 'relative'] as const) {
      const higher = must(nonInferiority(control, treatment, { kind, size: 0, better: 'higher' }, 0.05));
      const lower = must(nonInferiority(control, treatment, { kind, size: 0, better: 'lower' }, 0.05));
      expect(higher.test.p).toBeCloseTo(both / 2, 12);
      expect(lower.test.p).toBeCloseTo(1 - both / 2, 12);
      expect([higher.nonInferior, lower.nonInferior]).toEqual([true, false]);
    }
  });

  it("has Fieller's one-sided bound for relative margins", () => {
    const [control, treatment] = [sumUp([30n, 25n, 28n, 33n, 29n]), sumUp([29n, 31n, 27n, 26n, 30n])];
    const margin = { kind: 'relative', size: 0.15, better: 'higher' } as const;
    const { lower } = must(fieller(control, treatment, 0.9)).interval;
    const { effect, test } = must(nonInferiority(control, treatment, margin, 0.05));
    expect(effect.interval.lower).toBe(lower);
    // At the bound itself the test is on the edge.
    const edge = must(nonInferiority(control, treatment, { ...margin, size: -lower }, 0.05));
    expect(edge.test.p).toBeCloseTo(0.05, 12);
    expect(test.p).toBeLessThan(0.05);
  });

  it('grants a wider margin more easily', () => {
    const [control, treatment] = [sumUp([30n, 25n, 28n, 33n, 29n]), sumUp([24n, 31n, 27n, 26n, 30n])];
    const ps = [0, 0.05, 0.1, 0.3].map(
      (size) =>
        must(nonInferiority(control, treatment, { kind: 'relative', size, better: 'higher' }, 0.05)).test.p,
    );
    expect(ps).toEqual(ps.toSorted((a, b) => b - a));
    expect(ps[0]).toBeGreaterThan(0.5);
    expect(ps[3]).toBeLessThan(0.05);
  });

  it('refuses margins and baselines without a meaning', () => {
    const ask = (margin: object, alpha = 0.05, control = some) =>
      codeOf(
        nonInferiority(control, some, { kind: 'relative', size: 0.1, better: 'higher', ...margin }, alpha),
      );
    expect(ask({ size: -0.1 })).toBe('invalid_input');
    expect(ask({ size: 1 })).toBe('invalid_input');
    expect(ask({ size: NaN })).toBe('invalid_input');
    expect(ask({ size: Infinity, kind: 'absolute' })).toBe('invalid_input');
    expect(ask({ kind: 'other' })).toBe('invalid_input');
    expect(ask({ better: '' })).toBe('invalid_input');
    expect(ask({}, 0.5)).toBe('invalid_input');
    expect(ask({}, 0.05, sumUp([-5n, -6n, -5n]))).toBe('baseline_zero');
    expect(ask({}, 0.05, sumUp([0n, 0n, 1n]))).toBe('baseline_zero');
    expect(ask({ kind: 'absolute' }, 0.05, sumUp([-5n, -6n, -5n]))).toBe('not refused');
    expect(ask({}, 0.05, none)).toBe('empty_arm');
  });
});
