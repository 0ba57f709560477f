import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/statistics/multiplicity/benjamini-hochberg.js';
import { benjaminiYekutieli } from '../../src/statistics/multiplicity/benjamini-yekutieli.js';
import { bonferroni } from '../../src/statistics/multiplicity/bonferroni.js';
import { gatekeeping } from '../../src/statistics/multiplicity/gatekeeping.js';
import { hochberg } from '../../src/statistics/multiplicity/hochberg.js';
import { holm } from '../../src/statistics/multiplicity/holm.js';
import { sidak } from '../../src/statistics/multiplicity/sidak.js';
import { codeOf, must } from './arbitrary.js';

const all = { holm, hochberg, bonferroni, sidak, benjaminiHochberg, benjaminiYekutieli };
const each = Object.entries(all);
const logs = fc.array(fc.double({ min: -2000, max: 0, noNaN: true }), { minLength: 1, maxLength: 12 });
const close = (got: readonly number[], expected: readonly number[]) => {
  expect(got).toHaveLength(expected.length);
  got.forEach((p, i) => expect(Math.abs(p / expected[i]! - 1), `p[${i}]`).toBeLessThan(1e-13));
};

describe.each(each)('%s', (_, adjust) => {
  it('never lowers a p-value, keeps the order, and follows its p-values when they move', () => {
    fc.assert(
      fc.property(logs, fc.nat(20), (values, more) => {
        const { p, logP } = must(adjust(values, values.length + more));
        values.forEach((value, i) => {
          expect(logP[i]!).toBeGreaterThanOrEqual(value - 1e-12);
          expect(logP[i]!).toBeLessThanOrEqual(0);
          expect(p[i]).toBe(Math.exp(logP[i]!));
          values.forEach((other, j) => expect(value < other ? logP[i]! <= logP[j]! : true).toBe(true));
        });
        expect(must(adjust(values.toReversed(), values.length + more)).logP).toEqual(logP.toReversed());
      }),
    );
  });

  it('gives equal p-values the same answer', () => {
    fc.assert(
      fc.property(logs, (values) => {
        const { logP } = must(adjust([...values, ...values]));
        values.forEach((_, i) => expect(logP[i]).toBe(logP[i + values.length]));
      }),
    );
  });

  it('takes refused tests for p = 1', () => {
    fc.assert(
      fc.property(logs, fc.nat(5), (values, more) => {
        const { logP } = must(adjust(values, values.length + more));
        const filled = must(adjust([...values, ...new Array<number>(more).fill(0)])).logP;
        expect(filled.slice(0, values.length)).toEqual(logP);
      }),
    );
  });

  it('leaves a single test alone', () => {
    expect(must(adjust([-700])).logP).toEqual([-700]);
  });

  it('tells 1e-400 from 1e-401', () => {
    const [a, b] = must(adjust([-400, -401].map((power) => power * Math.LN10))).logP;
    expect(a).toBeGreaterThan(b!);
    expect(Number.isFinite(b)).toBe(true);
  });

  it('refuses the whole when a p-value is missing, above 1, or more than planned', () => {
    for (const bad of [[NaN], [-1, NaN, -3], [0.1], [null as unknown as number, undefined as never]])
      expect(codeOf(adjust(bad))).toBe('invalid_input');
    for (const planned of [1, 2.5, NaN, Infinity, -1, 1e300])
      expect(codeOf(adjust([-1, -2], planned))).toBe('invalid_input');
  });

  it('takes no tests, and certain ones', () => {
    expect(must(adjust([])).p).toEqual([]);
    expect(must(adjust([-Infinity, -Infinity])).p).toEqual([0, 0]);
    expect(must(adjust([0, 0])).p).toEqual([1, 1]);
  });
});

describe('adjusted p-values', () => {
  // Benjamini & Hochberg (1995), section 3.2: thrombolysis with rt-PA and APSAC, 15 hypotheses.
  const thrombolysis = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ].map(Math.log);
  const below = (p: readonly number[], alpha: number) => p.filter((value) => value <= alpha).length;

  it('reject as many as Benjamini & Hochberg (1995) did', () => {
    expect(below(must(bonferroni(thrombolysis)).p, 0.05)).toBe(3);
    expect(below(must(hochberg(thrombolysis)).p, 0.05)).toBe(3);
    expect(below(must(benjaminiHochberg(thrombolysis)).p, 0.05)).toBe(4);
  });

  it("are those of R's p.adjust(p, n = 8)", () => {
    const p = [0.011, 0.02, 0.0013, 0.02, 0.4].map(Math.log);
    close(must(holm(p, 8)).p, [0.077, 0.12, 0.0104, 0.12, 1]);
    close(must(hochberg(p, 8)).p, [0.077, 0.1, 0.0104, 0.1, 1]);
    close(must(benjaminiHochberg(p, 8)).p, [0.04, 0.04, 0.0104, 0.04, 0.64]);
    close(
      must(benjaminiYekutieli(p, 8)).p,
      [0.10871428571428571, 0.10871428571428571, 0.028265714285714286, 0.10871428571428571, 1],
    );
  });

  it('of Šidák stay 1 - (1 - p)^m from 1e-300 to 1', () => {
    close(must(sidak([Math.log(0.2)], 3)).p, [0.488]);
    close(must(sidak([Math.log(1e-300)], 1000)).p, [1e-297]);
    close(must(sidak([Math.log(1e-9)], 1e9)).p, [1 - Math.exp(-1 - 5e-10)]);
  });

  it('of Benjamini & Yekutieli grow with the harmonic numbers, on both sides of the expansion', () => {
    for (const m of [49, 50, 1000]) {
      let harmonic = 0;
      for (let i = m; i > 0; i -= 1) harmonic += 1 / i;
      close(must(benjaminiYekutieli([-50], m)).p, [Math.exp(-50) * m * harmonic]);
    }
  });

  it('are ordered: hochberg <= holm <= bonferroni, sidak <= bonferroni, bh <= hochberg, bh <= by', () => {
    fc.assert(
      fc.property(logs, fc.nat(9), (values, more) => {
        const of = (name: keyof typeof all) => must(all[name](values, values.length + more)).logP;
        const ordered = (a: readonly number[], b: readonly number[]) =>
          a.every((value, i) => value <= b[i]! + 1e-12);
        expect(ordered(of('hochberg'), of('holm'))).toBe(true);
        expect(ordered(of('holm'), of('bonferroni'))).toBe(true);
        expect(ordered(of('sidak'), of('bonferroni'))).toBe(true);
        expect(ordered(of('benjaminiHochberg'), of('hochberg'))).toBe(true);
        expect(ordered(of('benjaminiHochberg'), of('benjaminiYekutieli'))).toBe(true);
      }),
    );
  });
});

describe('gatekeeping', () => {
  const family = (...ps: number[]) => ({ logPs: ps.map(Math.log) });
  const ask = (...families: Parameters<typeof gatekeeping>[0]) =>
    must(gatekeeping(families)).families.map(({ p }) => p);

  it('is Holm within the first family, and never below the largest of the families before', () => {
    const [first, second, third] = ask(family(0.01), family(0.02, 0.2), family(0.001, 0.04, 0.03));
    close(first!, [0.01]);
    close(second!, [0.04, 0.2]);
    close(third!, [0.2, 0.2, 0.2]);
  });

  it('opens a family exactly when all before it are rejected', () => {
    const ps = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(ps, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0.01, 0.05, 0.3),
        (given, alpha) => {
          let open = true;
          const answers = ask(...given.map((p) => family(...p)));
          given.forEach((p, i) => {
            const within = must(holm(p.map(Math.log))).p;
            expect(answers[i]!.map((value) => value <= alpha)).toEqual(
              within.map((value) => open && value <= alpha),
            );
            open &&= within.every((value) => value <= alpha);
          });
        },
      ),
    );
  });

  it('stays shut behind a test that was planned and refused', () => {
    expect(ask({ ...family(0.001), planned: 2 }, family(0.001))).toEqual([[expect.closeTo(0.002, 14)], [1]]);
    expect(ask({ logPs: [], planned: 1 }, family(0.001))).toEqual([[], [1]]);
  });

  it('refuses missing p-values, empty families and no families', () => {
    for (const families of [
      [],
      [{ logPs: [] }],
      [family(0.1), family(NaN)],
      [{ ...family(0.1, 0.2), planned: 1 }],
    ])
      expect(codeOf(gatekeeping(families))).toBe('invalid_input');
  });
});
