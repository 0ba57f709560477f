import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyTree, type RewardCell } from '../../src/statistics/policy/policy-tree.js';
import { policyValue } from '../../src/statistics/policy/policy-value.js';
import { decide, type PolicyTree } from '../../src/statistics/policy/tree.js';
import { emptySums } from '../../src/statistics/sums.js';
import { codeOf, must, sumUp } from './arbitrary.js';

describe('value of a policy', () => {
  const outcomes = fc.array(fc.bigInt({ min: -100n, max: 1000n }), { minLength: 2, maxLength: 8 });
  const cohort = fc.record({
    arms: fc.tuple(outcomes, outcomes, outcomes),
    arm: fc.integer({ min: 0, max: 2 }),
    propensity: fc.constantFrom([0.5, 0.25, 0.25], [0.2, 0.3, 0.5]),
  });

  it('is what the definitions say, recipient by recipient', () => {
    fc.assert(
      fc.property(fc.array(cohort, { minLength: 1, maxLength: 4 }), (cohorts) => {
        const result = policyValue(
          cohorts.map(({ arms, arm, propensity }) => ({ arms: arms.map(sumUp), arm, propensity })),
          0.95,
        );
        fc.pre(!('refused' in result));
        const { inversePropensity, selfNormalised } = must(result);
        const rows = cohorts.flatMap(({ arms, arm, propensity }) =>
          arms.flatMap((values, k) =>
            values.map((y) => ({ y: Number(y), weight: k === arm ? 1 / propensity[k]! : 0 })),
          ),
        );
        const average = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
        const terms = rows.map(({ y, weight }) => y * weight);
        const ips = average(terms);
        const squares = terms.reduce((sum, term) => sum + (term - ips) ** 2, 0);
        expect(inversePropensity.value).toBeCloseTo(ips, 8);
        expect(inversePropensity.se).toBeCloseTo(Math.sqrt(squares / (rows.length - 1) / rows.length), 8);
        const weights = rows.reduce((sum, { weight }) => sum + weight, 0);
        const snips = terms.reduce((sum, term) => sum + term, 0) / weights;
        const spread = rows.reduce((sum, { y, weight }) => sum + (weight * (y - snips)) ** 2, 0);
        expect(selfNormalised.value).toBeCloseTo(snips, 8);
        expect(selfNormalised.se).toBeCloseTo(Math.sqrt(spread) / weights, 8);
      }),
    );
  });

  it('weighs cells by their cohorts and adds the spread of the mix for other audiences', () => {
    const arms = (a: bigint[], b: bigint[]) => [sumUp(a), sumUp(b)];
    const cohorts = [
      { arms: arms([1n, 3n], [5n, 6n]), arm: 0, propensity: [0.5, 0.5] },
      { arms: arms([9n, 9n, 9n, 9n], [10n, 14n]), arm: 1, propensity: [0.5, 0.5] },
    ];
    const { cellMean } = must(policyValue(cohorts, 0.95));
    expect(cellMean.value).toBeCloseTo(0.4 * 2 + 0.6 * 12, 12);
    const within = 0.4 ** 2 * 1 + 0.6 ** 2 * 4;
    expect(cellMean.fixedMix.se).toBeCloseTo(Math.sqrt(within), 12);
    const between = 0.4 * (2 - 8) ** 2 + 0.6 * (12 - 8) ** 2;
    expect(cellMean.superpopulation.se).toBeCloseTo(Math.sqrt(within + between / 10), 12);
  });

  it('does not cancel where the outcome is large and hardly varies', () => {
    const large = [10n ** 15n, 10n ** 15n + 1n, 10n ** 15n + 2n];
    const { selfNormalised } = must(policyValue([{ arms: [sumUp(large)], arm: 0, propensity: [1] }], 0.95));
    expect(selfNormalised.se).toBeCloseTo(Math.sqrt(2) / 3, 12);
  });

  it('refuses what has no value', () => {
    const two = [sumUp([1n, 2n]), sumUp([1n, 3n])];
    const ask = (change: object) =>
      codeOf(policyValue([{ arms: two, arm: 0, propensity: [0.5, 0.5], ...change }], 0.95));
    expect(ask({})).toBe('not refused');
    expect(ask({ arm: 2 })).toBe('invalid_input');
    expect(ask({ arm: 0.5 })).toBe('invalid_input');
    expect(ask({ propensity: [1, 0] })).toBe('invalid_input');
    expect(ask({ propensity: [0.5, 0.4] })).toBe('invalid_input');
    expect(ask({ propensity: [1] })).toBe('invalid_input');
    expect(ask({ arms: [emptySums, two[1]] })).toBe('missing_cell');
    expect(ask({ arms: [sumUp([4n]), two[1]] })).toBe('too_few');
    expect(ask({ arms: [sumUp([4n, 4n]), two[1]] })).toBe('no_variation');
    expect(ask({ arms: [{ ...two[0], sumSquares: 1n }, two[1]] })).toBe('invalid_input');
    expect(codeOf(policyValue([], 0.95))).toBe('too_few');
  });
});

/** The best value of all trees, by trying every one. */
function bruteForce(cells: readonly RewardCell[], depth: number, ordered: boolean): number {
  const arms = cells[0]?.rewards.map((_, k) => k) ?? [];
  const values = arms.map((k) => cells.reduce((sum, { weight, rewards }) => sum + weight * rewards[k]!, 0));
  let best = Math.max(...values);
  if (depth === 0) return best;
  for (const attribute of cells[0]?.attributes.keys() ?? []) {
    for (const level of new Set(cells.map(({ attributes }) => attributes[attribute]!))) {
      const inside = ({ attributes }: RewardCell) =>
        ordered ? attributes[attribute]! <= level : attributes[attribute] === level;
      const [yes, no] = [cells.filter(inside), cells.filter((cell) => !inside(cell))];
      if (yes.length === 0 || no.length === 0) continue;
      best = Math.max(best, bruteForce(yes, depth - 1, ordered) + bruteForce(no, depth - 1, ordered));
    }
  }
  return best;
}

describe('policy tree', () => {
  const cells = fc.array(
    fc.record({
      attributes: fc.tuple(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 0, max: 2 }),
      ),
      weight: fc.integer({ min: 1, max: 900 }),
      rewards: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 2, noNaN: true }))),
    }),
    { minLength: 1, maxLength: 14 },
  );

  it('is the best of all trees, has the value it claims, and gains by depth', () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(0, 1, 2), fc.boolean(), (rows, depth, ordered) => {
        const kinds = Array.from({ length: 3 }, () =>
          ordered ? ('ordered' as const) : ('categorical' as const),
        );
        const { tree, value } = must(policyTree(rows, depth, kinds));
        const total = rows.reduce((sum, { weight }) => sum + weight, 0);
        expect(value).toBeCloseTo(bruteForce(rows, depth, ordered) / total, 10);
        const realised = rows.reduce(
          (sum, { attributes, weight, rewards }) => sum + weight * rewards[decide(tree, attributes)]!,
          0,
        );
        expect(value).toBeCloseTo(realised / total, 10);
        if (depth > 0) {
          expect(value).toBeGreaterThanOrEqual(
            must(policyTree(rows, (depth - 1) as 0 | 1, kinds)).value - 1e-12,
          );
        }
      }),
    );
  });

  it('stays small when depth gains nothing, and survives a journey through JSON', () => {
    const rows = [0, 1].flatMap((a) =>
      [0, 1].map((b) => ({ attributes: [a, b], weight: 10, rewards: [1, 2] })),
    );
    expect(must(policyTree(rows, 2)).tree).toEqual({ arm: 1 });
    const split = rows.map((row) => ({
      ...row,
      rewards: row.attributes[0] === row.attributes[1] ? [1, 0] : [0, 1],
    }));
    const { tree, value } = must(policyTree(split, 2));
    expect(value).toBeCloseTo(1, 14);
    const read = JSON.parse(JSON.stringify(tree)) as PolicyTree;
    expect(split.map(({ attributes }) => decide(read, attributes))).toEqual([0, 1, 1, 0]);
    expect(() => decide(tree, [])).toThrow(RangeError);
    expect(
      decide({ attribute: 0, test: 'is', level: 'mobile', yes: { arm: 1 }, no: { arm: 2 } }, ['watch']),
    ).toBe(2);
  });

  it('parts a many-levelled attribute twice if that is best', () => {
    const rows = ['a', 'b', 'c', 'd'].map((level, k) => ({
      attributes: [level],
      weight: 1,
      rewards: [k === 1 ? 1 : 0, k === 2 ? 1 : 0, k === 0 || k === 3 ? 1 : 0],
    }));
    expect(must(policyTree(rows, 2)).value).toBeCloseTo(1, 14);
    expect(must(policyTree(rows, 1)).value).toBeCloseTo(0.75, 14);
    const last = rows.map((row, k) => ({ ...row, rewards: k === 3 ? [0, 1] : [1, 0] }));
    expect(must(policyTree(last, 1)).value).toBeCloseTo(1, 14);
  });

  it('refuses cells, levels and depths that cannot be', () => {
    const row = { attributes: ['a'], weight: 1, rewards: [1, 2] };
    const ask = (change: object) => codeOf(policyTree([row, { ...row, ...change }], 1));
    expect(ask({ weight: -1 })).toBe('invalid_input');
    expect(ask({ rewards: [1] })).toBe('invalid_input');
    expect(ask({ rewards: [1, NaN] })).toBe('invalid_input');
    expect(ask({ attributes: [] })).toBe('invalid_input');
    expect(ask({ attributes: [NaN] })).toBe('invalid_input');
    expect(codeOf(policyTree([row], 1, ['ordered']))).toBe('invalid_input');
    expect(codeOf(policyTree([row], 3 as 2))).toBe('invalid_input');
    expect(codeOf(policyTree([], 1))).toBe('too_few');
    expect(codeOf(policyTree([{ ...row, weight: 0 }], 1))).toBe('too_few');
    const many = Array.from({ length: 201 }, (_, k) => ({ ...row, attributes: [k] }));
    expect(codeOf(policyTree(many, 1))).toBe('invalid_input');
  });
});
