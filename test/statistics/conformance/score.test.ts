import { describe, expect, it } from 'vitest';
import { score } from './score.js';

const tolerance = { rel: 1e-9, abs: 1e-14 };
const outcome = (method: string, input: Record<string, unknown>, expected: Record<string, unknown>) =>
  score({ id: 'case', method, input, expect: expected, tolerance }).outcome;

describe('score', () => {
  it('reads counts as numbers or digits', () => {
    const wanted = { statistic: 400 / 102 };
    expect(outcome('prop.pearson', { x: [10, 20], n: [100, 100] }, wanted)).toBe('passed');
    expect(outcome('prop.pearson', { x: ['10', '20'], n: ['100', '100'] }, wanted)).toBe('passed');
    expect(outcome('prop.pearson', { x: [10, 20], n: [100, 101] }, wanted)).toBe('failed');
  });

  it('takes what cannot be read for a refusal', () => {
    const refused = { statistic: 'refuse', p: 'refuse' };
    for (const x of [
      [1.5, 2],
      [null, 2],
      ['ten', 2],
      [1, 2, 3],
    ])
      expect(outcome('prop.pearson', { x, n: [10, 10] }, refused)).toBe('passed');
    const cells = [0, 0, 1, 1].map((level) => ({ levels: [level, 0], n: 100, x: 10 }));
    expect(outcome('factorial.logit', { dims: [2, 2], order: 2, cells }, { coef: 'refuse' })).toBe('passed');
    const rows = { y: [1, 2, 4], x: [3, 1, 2], arm: [0, 1, 1e9] };
    expect(outcome('cuped.rows', rows, { theta_within: 'refuse' })).toBe('passed');
  });

  it('takes a null argument for one that is not given', () => {
    const plan = { p1: 0.1, p2: 0.12, n: null, power: 0.9, alpha: 0.05 };
    expect(outcome('power.prop', plan, { n: 5141.306183038053 })).toBe('passed');
  });

  it('answers what is known where the test is refused', () => {
    const nobody = { n: 100, x: 0 };
    const contrast = { kind: 'prop', level: 0.95, weights: [-1, 1], cells: [nobody, nobody] };
    expect(outcome('factorial.contrast', contrast, { estimate: 0, z: 'refuse', p: 'refuse' })).toBe('passed');
    const counts = { control: { n: 10, x: 1 }, treatment: { n: 10, x: 3 }, level: 2 };
    expect(outcome('prop.diff_newcombe', counts, { diff: 0.2, ci: 'refuse' })).toBe('passed');
  });

  it('skips methods that it does not know', () => {
    for (const method of ['no.such', 'toString', '__proto__'])
      expect(outcome(method, {}, { p: 1 })).toBe('skipped');
  });

  it('fails a number where none can be, and nothing where one should be', () => {
    const input = { x: [10, 20], n: [100, 100] };
    expect(outcome('prop.pearson', input, { p: 'refuse' })).toBe('failed');
    expect(outcome('prop.pearson', input, { power: 0.8 })).toBe('failed');
    expect(outcome('prop.pearson', { x: [0, 0], n: [9, 9] }, { p: 1 })).toBe('failed');
  });
});
