import { describe, expect, it } from 'vitest';
import { honestPolicy, type HonestCell } from '../../src/statistics/policy/honest-policy.js';
import { decide } from '../../src/statistics/policy/tree.js';
import { emptySums, type OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, must } from './arbitrary.js';

describe('honest policy', () => {
  const buyers = (n: number, k: number): OutcomeSums => {
    return {
      ...emptySums,
      n: BigInt(n),
      nonZero: BigInt(k),
      sum: BigInt(k),
      sumSquares: BigInt(k),
      sumCubes: BigInt(k),
    };
  };
  const cell = (
    attributes: readonly (string | number)[],
    n: number,
    one: readonly number[],
    two = one,
  ): HonestCell => ({
    attributes,
    halves: [one.map((k) => buyers(n, k)), two.map((k) => buyers(n, k))],
  });

  it('recommends a tree that gains in data it has not seen', () => {
    const cells = [
      cell(['mobile'], 1000, [50, 100], [60, 110]),
      cell(['desktop'], 1000, [100, 50], [120, 55]),
    ];
    const result = must(honestPolicy(cells, 1, 0.95));
    expect(decide(result.tree, ['mobile'])).toBe(1);
    expect(decide(result.tree, ['desktop'])).toBe(0);
    // Half one's best single arm is 0 (a tie), half two's is 0; only mobile changes, by 0.05 in each half.
    expect(result.gain.value).toBeCloseTo(0.5 * ((0.11 - 0.06) / 2 + (0.1 - 0.05) / 2), 12);
    // Half of each half's recipients change arms; p(1 - p)/(n - 1) is the variance of a mean of zeros and ones.
    const leaf = (p: number, q: number) => 0.25 * ((p * (1 - p) + q * (1 - q)) / 999);
    const halves = [leaf(0.06, 0.11), leaf(0.05, 0.1)].map((variance) => variance + 0.025 ** 2 / 4000);
    expect(result.gain.se).toBeCloseTo((Math.sqrt(halves[0]!) + Math.sqrt(halves[1]!)) / 2, 14);
    expect(result.recommended).toBe(true);
  });

  it('does not believe what the other half denies', () => {
    const cells = [
      cell(['mobile'], 1000, [50, 100], [100, 50]),
      cell(['desktop'], 1000, [100, 50], [50, 100]),
    ];
    const result = must(honestPolicy(cells, 1, 0.95));
    expect(result.gain.value).toBeLessThan(0);
    expect(result.recommended).toBe(false);
  });

  it('gains nothing, surely, where one arm is best for all', () => {
    const cells = [cell(['mobile'], 1000, [50, 100]), cell(['desktop'], 1000, [40, 90])];
    const result = must(honestPolicy(cells, 2, 0.95));
    expect(result.tree).toEqual({ arm: 1 });
    expect(result.gain.value).toBe(0);
    expect(result.recommended).toBe(false);
  });

  it('makes no leaf of fewer than 500 recipients or 50 events in a half', () => {
    const of = (n: number, events: number) => [
      cell(['rare'], n / 2, [0, events]),
      cell(['common'], 5000, [900, 100]),
    ];
    expect(must(honestPolicy(of(500, 50), 1, 0.95)).tree).not.toEqual({ arm: 0 });
    // The final tree has both halves together, so half of each limit in a half suffices there.
    expect(must(honestPolicy(of(498, 50), 1, 0.95)).gain.value).toBe(0);
    expect(must(honestPolicy(of(500, 49), 1, 0.95)).gain.value).toBe(0);
    expect(must(honestPolicy(of(500, 50), 1, 0.95)).gain.value).toBeGreaterThan(0);
  });

  it('refuses what cannot be learnt from', () => {
    const good = cell(['a'], 1000, [50, 100]);
    expect(codeOf(honestPolicy([], 1, 0.95))).toBe('too_few');
    expect(codeOf(honestPolicy([cell(['a'], 1000, [50])], 1, 0.95))).toBe('too_few');
    expect(codeOf(honestPolicy([cell(['a'], 100, [50, 10])], 1, 0.95))).toBe('too_few');
    expect(codeOf(honestPolicy([good, { ...good, halves: good.halves.slice(1) }], 1, 0.95))).toBe(
      'invalid_input',
    );
    expect(codeOf(honestPolicy([good], 1, 1))).toBe('invalid_input');
    const silent = { attributes: ['a'], halves: good.halves.map(([one]) => [one!, emptySums]) };
    expect(codeOf(honestPolicy([silent], 1, 0.95))).toBe('empty_arm');
  });

  it('searches ten attributes of ten levels with eight arms', () => {
    let state = 1;
    const digit = () => {
      state = (state * 48271) % 2147483647;
      return state % 10;
    };
    const cells = Array.from({ length: 1000 }, () => {
      const attributes = Array.from({ length: 10 }, digit);
      const best = attributes[2] === 7 ? 3 : attributes[5] === 1 ? 5 : 0;
      const buyers = Array.from({ length: 8 }, (_, arm) => (digit() % 3) + (arm === best ? 9 : 0));
      return cell(attributes, 20, buyers);
    });
    const result = must(honestPolicy(cells, 2, 0.95));
    expect(result.recommended).toBe(true);
    expect(decide(result.tree, [0, 0, 7, 0, 0, 0, 0, 0, 0, 0])).toBe(3);
    expect(decide(result.tree, [0, 0, 6, 0, 0, 1, 0, 0, 0, 0])).toBe(5);
    expect(decide(result.tree, [0, 0, 6, 0, 0, 0, 0, 0, 0, 0])).toBe(0);
  });
});
