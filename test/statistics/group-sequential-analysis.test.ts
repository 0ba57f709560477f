import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { integrate } from '../../src/statistics/numerics/quadrature.js';
import { groupSequentialAnalysis, type Look } from '../../src/statistics/sequential/analysis.js';
import { codeOf, leavesOutZero, must } from './arbitrary.js';
import { alphas, equal, fractions, obf, spendings } from './looks.js';
import { chance } from './simulate.js';

const series = fc
  .tuple(fractions, fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 }))
  .map(([times, zs]) => times.map((fraction, k): Look => ({ fraction, value: (zs[k] ?? 0) * 0.1, se: 0.1 })));

describe('group sequential analysis', () => {
  it('crosses exactly where the repeated interval leaves out 0, and decides by the first crossing', () => {
    fc.assert(
      fc.property(series, spendings, alphas, fc.nat(5), (looks, spending, alpha, dropped) => {
        const seen = looks.slice(0, Math.max(1, looks.length - dropped));
        const result = must(groupSequentialAnalysis(seen, spending, alpha));
        for (const look of result.looks) {
          expect(look.crosses).toBe(leavesOutZero(look.interval));
          expect(look.crosses).toBe(Math.abs(look.statistic) > look.bound);
        }
        const first = result.looks.findIndex(({ crosses }) => crosses);
        expect(result.decision === 'effect').toBe(first >= 0);
        if (first >= 0) expect(result.ending?.look).toBe(first);
        expect(result.decision === 'continue').toBe(result.ending === undefined);
      }),
      { numRuns: 60 },
    );
  });

  it('ends with a p-value, an interval and an estimate that agree with the decision', () => {
    fc.assert(
      fc.property(series, spendings, alphas, (looks, spending, alpha) => {
        const { decision, ending } = must(groupSequentialAnalysis(looks, spending, alpha));
        if (!ending) throw new Error('the last look ends it');
        const { estimate, test } = ending;
        expect(test.p < alpha).toBe(decision === 'effect');
        expect(leavesOutZero(estimate.interval)).toBe(test.p < alpha);
        expect(estimate.interval.lower).toBeLessThanOrEqual(estimate.value);
        expect(estimate.interval.upper).toBeGreaterThanOrEqual(estimate.value);
      }),
      { numRuns: 60 },
    );
  });

  it('turns round with the estimates', () => {
    fc.assert(
      fc.property(series, spendings, (looks, spending) => {
        const mirrored = looks.map((look) => ({ ...look, value: -look.value }));
        const one = must(groupSequentialAnalysis(looks, spending, 0.05)).ending;
        const other = must(groupSequentialAnalysis(mirrored, spending, 0.05)).ending;
        expect(other?.estimate.value).toBeCloseTo(-(one?.estimate.value ?? NaN), 9);
        expect(other?.estimate.interval.lower).toBeCloseTo(-(one?.estimate.interval.upper ?? NaN), 9);
        expect(other?.test.logP).toBeCloseTo(one?.test.logP ?? NaN, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('with a crossing at the first look, or a single one, is an ordinary test', () => {
    const looks = [{ fraction: 0.5, value: 0.4, se: 0.1 }];
    const { ending } = must(groupSequentialAnalysis(looks, obf, 0.05));
    expect(ending?.estimate.value).toBeCloseTo(0.4, 12);
    expect(ending?.estimate.interval.lower).toBeCloseTo(0.4 - 0.1 * normal.isf(0.025), 12);
    expect(ending?.test.p).toBeCloseTo(2 * normal.sf(4), 15);
    const last = must(groupSequentialAnalysis([{ fraction: 0.3, value: 0.1, se: 0.1 }], obf, 0.05, true));
    expect(last.decision).toBe('no_effect_shown');
    expect(last.ending?.test.p).toBeCloseTo(2 * normal.sf(1), 14);
  });

  it('keeps the logarithm of p where p is 0', () => {
    const { ending } = must(groupSequentialAnalysis([{ fraction: 0.5, value: 60, se: 1 }], obf, 0.05));
    expect(ending?.test.p).toBe(0);
    expect(ending?.test.logP).toBeCloseTo(Math.LN2 + normal.logSf(60), 9);
  });

  it('agrees with one integral where the second of two looks ends it', () => {
    const [t, z2, se] = [0.4, 2.5, 0.1];
    const looks = [
      { fraction: t, value: 0, se: se / Math.sqrt(t) },
      { fraction: 1, value: z2 * se, se },
    ];
    const result = must(groupSequentialAnalysis(looks, { kind: 'pocock' }, 0.05));
    const b1 = result.looks[0]?.bound ?? NaN;
    /** P(crosses above at the first look, or reaches the second and is at least as large) for a true drift. */
    const above = (drift: number) =>
      normal.sf(b1 - drift * Math.sqrt(t)) +
      integrate(
        (z) =>
          (Math.exp(-0.5 * (z - drift * Math.sqrt(t)) ** 2) / Math.sqrt(2 * Math.PI)) *
          normal.sf((z2 - z * Math.sqrt(t) - drift * (1 - t)) / Math.sqrt(1 - t)),
        -b1,
        b1,
        80,
      );
    if (!result.ending) throw new Error('the last look ends it');
    const { estimate, test } = result.ending;
    expect(test.p).toBeCloseTo(2 * above(0), 12);
    expect(above(estimate.value / se)).toBeCloseTo(0.5, 11);
    expect(above(estimate.interval.lower / se)).toBeCloseTo(0.025, 11);
    expect(above(estimate.interval.upper / se)).toBeCloseTo(0.975, 11);
  });

  it('covers the true effect as often as it says', () => {
    const random = chance(11);
    const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const [runs, drift, times] = [1000, 2, equal(3)];
    let covered = 0;
    for (let run = 0; run < runs; run += 1) {
      let sum = 0;
      const looks: Look[] = [];
      for (const fraction of times) {
        sum += drift / 3 + gauss() / Math.sqrt(3);
        looks.push({ fraction, value: sum / fraction, se: 1 / Math.sqrt(fraction) });
        const { ending } = must(groupSequentialAnalysis(looks, { kind: 'pocock' }, 0.05));
        if (!ending) continue;
        const { interval } = ending.estimate;
        covered += interval.lower <= drift && drift <= interval.upper ? 1 : 0;
        break;
      }
    }
    // Within 2.6 standard errors.
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.018);
  });

  it('refuses', () => {
    const look = { fraction: 0.5, value: 1, se: 1 };
    expect(codeOf(groupSequentialAnalysis([], obf, 0.05))).toBe('invalid_input');
    expect(codeOf(groupSequentialAnalysis([look, look], obf, 0.05))).toBe('invalid_input');
    expect(codeOf(groupSequentialAnalysis([{ ...look, se: 0 }], obf, 0.05))).toBe('no_variation');
    for (const bad of [{ se: -1 }, { value: NaN }, { fraction: 0 }, { value: 1e200, se: 1e-200 }])
      expect(codeOf(groupSequentialAnalysis([{ ...look, ...bad }], obf, 0.05))).toBe('invalid_input');
  });
});
