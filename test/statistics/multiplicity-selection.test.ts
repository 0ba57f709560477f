import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal } from '../../src/statistics/distributions/normal.js';
import { gatekeeping } from '../../src/statistics/multiplicity/gatekeeping.js';
import { graphical } from '../../src/statistics/multiplicity/graphical.js';
import { holm } from '../../src/statistics/multiplicity/holm.js';
import { selectedBest } from '../../src/statistics/multiplicity/selected-best.js';
import { selectedEffect } from '../../src/statistics/multiplicity/selected-effect.js';
import { codeOf, must } from './arbitrary.js';

const zs = fc.double({ min: 1e-6, max: 60, noNaN: true });
const bars = fc.double({ min: 0, max: 20, noNaN: true });

describe('an effect that is shown because it was significant', () => {
  it('is corrected so that half of what is shown lies above, and the ends cut off their tails', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 30, noNaN: true }),
        bars,
        fc.constantFrom(0.5, 0.9, 0.95, 0.999),
        (over, c, level) => {
          const z = c + over;
          const { value, interval } = must(selectedEffect(z, 1, c, level));
          const shown = (mu: number) => normal.sf(z - mu) / (normal.sf(c - mu) + normal.sf(c + mu));
          const tail = (1 - level) / 2;
          expect(shown(value)).toBeCloseTo(0.5, 8);
          expect(shown(interval.lower) / tail).toBeCloseTo(1, 8);
          expect(shown(interval.upper)).toBeCloseTo(1 - tail, 8);
        },
      ),
    );
  });

  it('is nearer to 0 than the plain estimate, and mirrored by one below 0', () => {
    fc.assert(
      fc.property(zs, bars, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (over, c, se) => {
        const plain = (c + over) * se;
        const answer = selectedEffect(plain, se, c, 0.95);
        if ('refused' in answer) return;
        expect(answer.value).toBeLessThanOrEqual(plain * (1 + 1e-12) + 1e-12 * se);
        const mirror = must(selectedEffect(-plain, se, c, 0.95));
        expect(mirror.value).toBe(-answer.value);
        expect(mirror.interval.lower).toBe(-answer.interval.upper);
        expect(answer.interval.lower).toBeLessThan(answer.value);
        expect(answer.interval.upper).toBeGreaterThan(answer.value);
      }),
    );
  });

  it('is the plain estimate far beyond the bar or without one, and next to nothing at the bar', () => {
    for (const [z, c] of [
      [1e6, 1.96],
      [40, 2.5],
      [1.3, 0],
    ] as const) {
      const { value, interval } = must(selectedEffect(z, 1, c, 0.95));
      expect(value / z).toBeCloseTo(1, 12);
      expect(interval.upper - z).toBeCloseTo(normal.isf(0.025), 8);
      expect(interval.lower - z).toBeCloseTo(-normal.isf(0.025), 8);
    }
    const { value, interval } = must(selectedEffect(1.96 + 1e-12, 1, 1.96, 0.95));
    expect(Math.abs(value)).toBeLessThan(1e-9);
    expect(interval.lower).toBeLessThan(-0.7);
    expect(interval.upper).toBeCloseTo(-interval.lower, 9);
  });

  it('is refused when it was not significant, or is no number', () => {
    const bad: Parameters<typeof selectedEffect>[] = [
      [1.9, 1, 1.96, 0.95],
      [1.96, 1, 1.96, 0.95],
      [0, 1, 0, 0.95],
      [NaN, 1, 1.96, 0.95],
      [Infinity, 1, 1.96, 0.95],
      [3, 0, 1.96, 0.95],
      [3, -1, 1.96, 0.95],
      [3, NaN, 1.96, 0.95],
      [3, Infinity, 1.96, 0.95],
      [3, 1, -1, 0.95],
      [3, 1, NaN, 0.95],
      [3, 1, 1.96, 1],
    ];
    for (const args of bad) expect(codeOf(selectedEffect(...args)), String(args)).toBe('invalid_input');
  });
});

describe('the best of several arms', () => {
  const arms = [
    { value: 5, se: 1 },
    { value: 6.2, se: 0.8 },
    { value: 3, se: 2 },
  ];

  it('is corrected for having beaten the runner-up, whoever else took part', () => {
    const { index, estimate } = must(selectedBest(arms, 0.9));
    expect(index).toBe(1);
    const won = (mu: number) => normal.sf((6.2 - mu) / 0.8) / normal.sf((5 - mu) / 0.8);
    expect(won(estimate.value)).toBeCloseTo(0.5, 12);
    expect(won(estimate.interval.lower)).toBeCloseTo(0.05, 12);
    expect(won(estimate.interval.upper)).toBeCloseTo(0.95, 12);
    expect(must(selectedBest(arms.slice(0, 2), 0.9)).estimate).toEqual(estimate);
  });

  it('is the plain estimate when nobody is near, and far below it when the runner-up is close', () => {
    expect(
      must(
        selectedBest(
          [
            { value: 0, se: 1 },
            { value: 30, se: 1 },
          ],
          0.95,
        ),
      ).estimate.value,
    ).toBeCloseTo(30, 12);
    const close = must(
      selectedBest(
        [
          { value: 1, se: 1 },
          { value: 1 + 1e-9, se: 1 },
        ],
        0.95,
      ),
    ).estimate;
    // P(Z > x + d) / P(Z > x) = exp(-x d) for large x
    expect(close.value / (-Math.LN2 / 1e-9)).toBeCloseTo(1, 6);
    expect(close.interval.upper).toBeLessThan(3);
  });

  it('is refused without a winner', () => {
    for (const bad of [
      [],
      [arms[0]!],
      [arms[0]!, arms[0]!],
      [arms[0]!, { value: 6, se: 0 }],
      [arms[0]!, { value: NaN, se: 1 }],
    ])
      expect(codeOf(selectedBest(bad, 0.95))).toBe('invalid_input');
    expect(codeOf(selectedBest(arms, 0))).toBe('invalid_input');
  });
});

describe('the graphical procedure', () => {
  const ps = fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 });
  const logs = (values: readonly number[]) => values.map(Math.log);

  it('is Holm when everybody inherits alike', () => {
    fc.assert(
      fc.property(ps, (values) => {
        const m = values.length;
        const transfers = values.map((_, i) => values.map((__, j) => (i === j ? 0 : 1 / (m - 1))));
        const { logP } = must(graphical(logs(values), { weights: values.map(() => 1 / m), transfers }));
        const expected = must(holm(logs(values))).logP;
        logP.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 9));
      }),
    );
  });

  it('is a fixed sequence, like gates of one test each, when all is handed to the next', () => {
    fc.assert(
      fc.property(ps, (values) => {
        const weights = values.map((_, i) => (i === 0 ? 1 : 0));
        const transfers = values.map((_, i) => values.map((__, j) => (j === i + 1 ? 1 : 0)));
        const { p } = must(graphical(logs(values), { weights, transfers }));
        const gates = must(gatekeeping(values.map((value) => ({ logPs: [Math.log(value)] })))).families;
        p.forEach((value, i) => expect(value).toBeCloseTo(gates[i]!.p[0]!, 12));
      }),
    );
  });

  it('follows two doses on two endpoints step by step', () => {
    // Two primaries at alpha/2; each hands half to the other and half to its own secondary, which hands back to the
    // other primary: the graph of Bretz et al. (2009), figure 6 of their section 3.
    const graph = {
      weights: [0.5, 0.5, 0, 0],
      transfers: [
        [0, 0.5, 0.5, 0],
        [0.5, 0, 0, 0.5],
        [0, 1, 0, 0],
        [1, 0, 0, 0],
      ],
    };
    const { p } = must(graphical(logs([0.01, 0.02, 0.005, 0.5]), graph));
    // First 0.01 / 0.5. Then test 2 holds 3/4 and test 3 a quarter of alpha: 0.005 / 0.25 = 0.02 before
    // 0.02 / 0.75 = 0.0267; then test 2 holds all. Test 4 is last, with all of alpha.
    [0.02, 0.02, 0.02, 0.5].forEach((value, i) => expect(p[i]).toBeCloseTo(value, 12));
  });

  it('spends nothing on what has no weight and inherits nothing', () => {
    const transfers = [
      [0, 0],
      [0, 0],
    ];
    expect(must(graphical([-10, -10], { weights: [1, 0], transfers })).p).toEqual([Math.exp(-10), 1]);
  });

  it('refuses graphs that do not fit and missing p-values', () => {
    const graph = {
      weights: [0.5, 0.5],
      transfers: [
        [0, 1],
        [1, 0],
      ],
    };
    expect(codeOf(graphical([-1, -2], graph))).toBe('not refused');
    expect(codeOf(graphical([], { weights: [], transfers: [] }))).toBe('invalid_input');
    for (const logPs of [[-1, NaN], [-1, 0.2], [-1], [-1, -2, -3]])
      expect(codeOf(graphical(logPs, graph))).toBe('invalid_input');
    for (const bad of [
      { weights: [0.6, 0.5] },
      { weights: [-0.1, 0.5] },
      { weights: [NaN, 0.5] },
      { transfers: [[0, 1]] },
      {
        transfers: [
          [0.5, 0.5],
          [1, 0],
        ],
      },
      {
        transfers: [
          [0, 1.1],
          [1, 0],
        ],
      },
      { transfers: [[0, 1], [1]] },
    ])
      expect(codeOf(graphical([-1, -2], { ...graph, ...bad }))).toBe('invalid_input');
  });
});
