import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/statistics/count.js';
import { designTerms, effectColumns } from '../../src/statistics/factorial/design.js';
import { factorialLinear } from '../../src/statistics/factorial/linear.js';
import { factorialLogit } from '../../src/statistics/factorial/logit.js';
import { marginalEffects } from '../../src/statistics/factorial/marginal-effects.js';
import { contrast } from '../../src/statistics/factorial/contrast.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, leavesOutZero, levels, must } from './arbitrary.js';

function counts(...pairs: [number, number][]): Count[] {
  return pairs.map(([x, n]) => ({ successes: BigInt(x), n: BigInt(n) }));
}

function binary({ successes: k, n }: Count): OutcomeSums {
  return { n, nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

function amounts(n: number, sum: number, sumSquares: number): OutcomeSums {
  return { n: BigInt(n), nonZero: BigInt(n), sum: BigInt(sum), sumSquares: BigInt(sumSquares), sumCubes: 0n };
}

/** Cells of 2 x 2 in which both outcomes occur. */
const inside = fc
  .tuple(fc.integer({ min: 2, max: 10 ** 6 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, share]): Count => ({ n: BigInt(n), successes: BigInt(1 + Math.floor(share * (n - 2))) }));
const fourCells = fc.array(inside, { minLength: 4, maxLength: 4 });

describe('effect coding', () => {
  it('lists terms by size and columns with the first factor fastest', () => {
    expect(designTerms(3, 3)).toEqual([[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]);
    expect(designTerms(3, 1)).toEqual([[0], [1], [2]]);
    const columns = effectColumns([3, 3], [[0, 1]]);
    expect(columns.map(({ levels: at }) => at)).toEqual([[], [0, 0], [1, 0], [0, 1], [1, 1]]);
    expect(columns[2]?.values).toEqual(
      [0, 0, -0, 1, 0, -1, -1, -0, 1].map((x) => x + 0 || expect.closeTo(0)),
    );
  });
});

describe('the logit model', () => {
  // Plum root cuttings of Bartlett (1935): length (long, short), time (at once, in spring); alive of 240.
  const plums = counts([156, 240], [84, 240], [107, 240], [31, 240]);

  it("finds no three-factor interaction in Bartlett's cuttings, as R's glm does", () => {
    const { deviance, dfResidual, terms, coefficients, lackOfFit } = must(factorialLogit([2, 2], plums, 1));
    expect(deviance).toBeCloseTo(2.29383931470434, 12);
    expect(dfResidual).toBe(1);
    expect(lackOfFit?.p).toBeCloseTo(0.1299, 4);
    expect(lackOfFit?.warnings).toEqual([]);
    expect(terms[0]?.likelihoodRatio.statistic).toBeCloseTo(51.14657297583, 10);
    expect(terms[1]?.likelihoodRatio.statistic).toBeCloseTo(102.88857531414, 10);
    [-0.508845739770076, 0.508845739770076, 0.713771185419857].forEach((value, i) =>
      expect(coefficients[i]?.value).toBeCloseTo(value, 13),
    );
    expect(coefficients[2]?.se).toBeCloseTo(0.07323120011569896, 13);
  });

  it('warns where it leaves out an interaction that is there', () => {
    const crossed = counts([100, 1000], [200, 1000], [200, 1000], [100, 1000]);
    const { lackOfFit } = must(factorialLogit([2, 2], crossed, 1));
    expect(lackOfFit?.warnings.map(({ code }) => code)).toEqual(['lack_of_fit']);
  });

  it('is the closed form where nothing is left out', () => {
    fc.assert(
      fc.property(fourCells, (cells) => {
        const { coefficients, deviance, lackOfFit } = must(factorialLogit([2, 2], cells, 2));
        const logits = cells.map(({ successes, n }) => Math.log(Number(successes) / Number(n - successes)));
        const [a = 0, b = 0, c = 0, d = 0] = logits;
        const within = cells.reduce((sum, { successes, n }) => sum + 1 / Number(successes) + 1 / Number(n - successes), 0);
        expect(coefficients[3]?.value).toBeCloseTo((a - b - c + d) / 4, 9);
        expect((coefficients[3]?.se ?? 0) / (Math.sqrt(within) / 4)).toBeCloseTo(1, 9);
        expect([deviance, lackOfFit]).toEqual([0, undefined]);
      }),
    );
  }); // prettier-ignore

  it('turns signs with the levels of a factor, and keeps the tests', () => {
    fc.assert(
      fc.property(fourCells, fc.constantFrom(1, 2), (cells, order) => {
        const [a, b, c, d] = cells as [Count, Count, Count, Count];
        const one = must(factorialLogit([2, 2], [a, b, c, d], order));
        const other = must(factorialLogit([2, 2], [c, d, a, b], order));
        expect(other.coefficients[1]?.value).toBeCloseTo(-(one.coefficients[1]?.value ?? 0), 9);
        one.terms.forEach(({ likelihoodRatio, wald }, i) => {
          const mirrored = other.terms[i];
          expect(Math.abs(likelihoodRatio.statistic - (mirrored?.likelihoodRatio.statistic ?? 0)) / (1 + likelihoodRatio.statistic)).toBeLessThan(1e-8);
          expect(Math.abs(wald.statistic - (mirrored?.wald.statistic ?? 0)) / (1 + wald.statistic)).toBeLessThan(1e-8);
        });
      }),
    );
  }); // prettier-ignore

  it('keeps its digits at a billion recipients per cell', () => {
    const cells = [100_000_000, 100_010_000, 100_020_000, 100_030_100].map((x): Count => ({
      successes: BigInt(x),
      n: 1_000_000_000n,
    }));
    const { terms } = must(factorialLogit([2, 2], cells, 2));
    // 50 digits: 2 Σ n KL of the saturated fit from the additive one.
    expect(terms[2]?.likelihoodRatio.p).toBeGreaterThan(0.9);
    expect(terms[2]?.likelihoodRatio.statistic).toBeCloseTo(terms[2]?.wald.statistic ?? NaN, 9);
  });

  it('refuses infinite estimates: cells at 0 % in the full model, separated halves in the additive one', () => {
    const zero = counts([0, 100], [5, 100], [7, 100], [9, 100]);
    expect(codeOf(factorialLogit([2, 2], zero, 2))).toBe('separation');
    expect(codeOf(factorialLogit([2, 2], zero, 1))).toBe('not refused');
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [0, 9], [3, 9], [4, 9]), 1))).toBe('separation');
    // Quasi-separation: two mixed cells leave one direction open, along which both one-sided ones get better or only one.
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [3, 9], [4, 9], [9, 9]), 1))).toBe('separation');
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [3, 9], [4, 9], [0, 9]), 1))).toBe('not refused');
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [3, 9], [0, 9], [9, 9]), 1))).toBe('separation');
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [9, 9], [9, 9], [0, 9]), 1))).toBe('not refused');
    expect(codeOf(factorialLogit([2, 2], counts([0, 9], [0, 9], [0, 9], [0, 9]), 1))).toBe('separation');
  });

  it('refuses what an empty cell leaves open, and no more', () => {
    const holes = counts([0, 0], [5, 100], [7, 100], [9, 100]);
    expect(codeOf(factorialLogit([2, 2], holes, 2))).toBe('missing_cell');
    expect(must(factorialLogit([2, 2], holes, 1)).dfResidual).toBe(0);
    const arm = counts([0, 0], [0, 0], [7, 100], [9, 100]);
    expect(codeOf(factorialLogit([2, 2], arm, 1))).toBe('missing_cell');
  });

  it.each([
    ['one level', [2, 1], 4, 1],
    ['no factor', [], 1, 1],
    ['too few cells', [2, 2], 3, 1],
    ['order 0', [2, 2], 4, 0],
    ['order above the factors', [2, 2], 4, 3],
    ['half an order', [2, 2], 4, 1.5],
    ['too many cells', [65], 65, 1],
  ])('refuses %s', (_, levelCounts, size, order) => {
    const cells = Array.from({ length: size }, () => counts([5, 10])[0]!);
    expect(codeOf(factorialLogit(levelCounts, cells, order))).toBe('invalid_input');
    expect(codeOf(factorialLinear(levelCounts, cells.map(binary), order, 0.95))).toBe('invalid_input');
  });

  it('refuses impossible counts', () => {
    expect(codeOf(factorialLogit([2], counts([5, 4], [1, 4]), 1))).toBe('invalid_input');
    expect(codeOf(factorialLogit([2], counts([1, 0], [1, 4]), 1))).toBe('invalid_input');
    expect(codeOf(factorialLogit([2], counts([-1, 4], [1, 4]), 1))).toBe('invalid_input');
  });
});

describe('marginal effects', () => {
  it('are contrasts of the observed rates in the full model, and leave out 0 exactly when they reject', () => {
    fc.assert(
      fc.property(fourCells, levels, (cells, level) => {
        const { main, simple, interactions, logOdds } = must(marginalEffects([2, 2], cells, 2, level));
        const plain = must(contrast('proportion', cells.map(binary), [-0.5, -0.5, 0.5, 0.5], level)).estimate;
        expect(main[0]?.estimate.value).toBeCloseTo(plain.value, 11);
        expect((main[0]?.estimate.se ?? 0) / plain.se).toBeCloseTo(1, 8);
        expect([main.length, simple.length, interactions.length]).toEqual([2, 4, 1]);
        for (const { estimate, test } of [...main, ...simple, ...interactions, ...logOdds]) {
          expect(leavesOutZero(estimate.interval)).toBe(test.p < 1 - level);
        }
      }),
    );
  });

  it('compare every pair of levels, the higher with the lower', () => {
    const cells = counts([30, 400], [41, 400], [38, 400], [52, 400], [47, 400], [77, 400]);
    const { logOdds, simple, interactions } = must(marginalEffects([2, 3], cells, 2, 0.95));
    const ofB = logOdds.filter(({ pairs }) => pairs[0]?.factor === 1).map(({ pairs }) => [pairs[0]?.to, pairs[0]?.from]);
    expect(ofB).toEqual([[1, 0], [2, 0], [2, 1]]);
    expect(simple[2]?.at).toEqual([1, 2]);
    expect(simple[2]?.estimate.value).toBeCloseTo((77 - 38) / 400, 14);
    expect(interactions[1]?.estimate.value).toBeCloseTo((77 - 38 - 52 + 30) / 400, 14);
  }); // prettier-ignore

  it('refuse an infinite model and a bad level', () => {
    const zero = counts([0, 100], [5, 100], [7, 100], [9, 100]);
    expect(codeOf(marginalEffects([2, 2], zero, 2, 0.95))).toBe('separation');
    expect(codeOf(marginalEffects([2, 2], zero, 1, 1))).toBe('invalid_input');
  });
});

describe('the linear model', () => {
  // R's warpbreaks: wool (A, B) and tension (L, M, H), nine looms each.
  const looms = [
    amounts(9, 401, 20487),
    amounts(9, 216, 5784),
    amounts(9, 221, 6271),
    amounts(9, 254, 7946),
    amounts(9, 259, 8165),
    amounts(9, 169, 3365),
  ];

  it("gives R's analysis of variance of warpbreaks", () => {
    const { terms, dfResidual, sigma } = must(factorialLinear([2, 3], looms, 2, 0.95));
    expect(dfResidual).toBe(48);
    expect(sigma ** 2).toBeCloseTo(119.6898148148, 9);
    expect(terms.map(({ sumOfSquares }) => sumOfSquares)).toEqual(
      [450.6666666667, 2034.2592592593, 1002.7777777778].map((ss) => expect.closeTo(ss, 9) as number),
    );
    expect(terms.map(({ test }) => test.p)).toEqual(
      [0.05821298, 0.00069262, 0.02104419].map((p) => expect.closeTo(p, 8) as number),
    );
  });

  it('tells that the additive model lacks an interaction', () => {
    const { terms, dfResidual, lackOfFit } = must(factorialLinear([2, 3], looms, 1, 0.95));
    expect(dfResidual).toBe(50);
    expect(terms[0]?.test.statistic).toBeCloseTo(3.33932, 5);
    expect(lackOfFit?.statistic).toBeCloseTo(4.18907, 5);
    expect(lackOfFit?.warnings.map(({ code }) => code)).toEqual(['lack_of_fit']);
  });

  it('is not moved by a constant as large as an account balance', () => {
    const far = looms.map(({ n, sum, sumSquares }) => {
      const by = 10n ** 12n;
      return { n, nonZero: n, sum: sum + n * by, sumSquares: sumSquares + 2n * by * sum + n * by * by, sumCubes: 0n };
    });
    const [near, moved] = [looms, far].map((cells) => must(factorialLinear([2, 3], cells, 2, 0.95)));
    moved!.terms.forEach(({ test }, i) => expect(test.p).toBeCloseTo(near!.terms[i]!.test.p, 11));
    expect(moved!.coefficients.slice(1)).toEqual(
      near!.coefficients.slice(1).map((one) => ({ ...one, value: expect.closeTo(one.value, 10), se: expect.closeTo(one.se, 10) })),
    );
  }); // prettier-ignore

  it('weighs all levels alike in marginal means, whatever the sizes of the cells', () => {
    const cells = [
      amounts(1000, 2000, 9000),
      amounts(10, 40, 200),
      amounts(10, 60, 400),
      amounts(5, 40, 400),
    ];
    const { marginalMeans } = must(factorialLinear([2, 2], cells, 2, 0.95));
    const values = marginalMeans.map(({ mean }) => mean.value);
    [(2 + 4) / 2, (6 + 8) / 2, (2 + 6) / 2, (4 + 8) / 2].forEach((value, i) =>
      expect(values[i]).toBeCloseTo(value, 12),
    );
  });

  it('refuses empty cells in the full model, single recipients everywhere, and equal outcomes', () => {
    const [a, b, c] = looms as [OutcomeSums, OutcomeSums, OutcomeSums];
    const none = amounts(0, 0, 0);
    expect(codeOf(factorialLinear([2, 2], [a, b, c, none], 2, 0.95))).toBe('missing_cell');
    expect(codeOf(factorialLinear([2, 2], [a, b, c, none], 1, 0.95))).toBe('not refused');
    const single = amounts(1, 3, 9);
    expect(codeOf(factorialLinear([2, 2], [single, single, single, single], 2, 0.95))).toBe('too_few');
    const flat = amounts(4, 12, 36);
    expect(codeOf(factorialLinear([2], [flat, flat], 1, 0.95))).toBe('no_variation');
    expect(codeOf(factorialLinear([2], [amounts(4, 12, 35), flat], 1, 0.95))).toBe('invalid_input');
    expect(codeOf(factorialLinear([2], [a, b], 1, 1))).toBe('invalid_input');
    expect(isRefusal(factorialLinear([2], [a, single], 1, 0.95))).toBe(false);
  });
});
