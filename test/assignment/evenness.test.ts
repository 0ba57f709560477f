import { describe, expect, test } from 'vitest';

import { type Drawn, type Split, draw, foldCount, prepareSplit } from '../../src/assignment/draw.js';

const count = 100_000;

/** Deterministic ids of the kinds that senders use. */
const idKinds: Readonly<Record<string, (i: number) => string>> = {
  sequence: (i) => String(i),
  email: (i) => `user${i}@example.com`,
  uuid: (i) => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`,
  accented: (i) => `Zoë-${i.toString(36)}`,
};

/** A table of counts as far from what is expected as chance allows stays below 4.5 nearly always. */
const tooFar = 4.5;

/** Chi-square of observed against expected counts, as standard deviations from its mean. */
function excess(observed: readonly number[], expected: readonly number[], df: number): number {
  const chi2 = observed.reduce((sum, seen, i) => sum + (seen - expected[i]!) ** 2 / expected[i]!, 0);
  return (chi2 - df) / Math.sqrt(2 * df);
}

/** Counts pairs and compares them with the product of the margins. */
function dependence(pairs: Iterable<readonly [number, number]>, rows: number, columns: number): number {
  const cells = new Array<number>(rows * columns).fill(0);
  const row = new Array<number>(rows).fill(0);
  const column = new Array<number>(columns).fill(0);
  let total = 0;
  for (const [r, c] of pairs) {
    cells[r * columns + c]! += 1;
    row[r]! += 1;
    column[c]! += 1;
    total += 1;
  }
  const expected = cells.map((_, i) => (row[Math.floor(i / columns)]! * column[i % columns]!) / total);
  return excess(cells, expected, (rows - 1) * (columns - 1));
}

function drawn(split: Split, id: string) {
  const answer = draw(split, id);
  if ('error' in answer) throw new Error(answer.message);
  return answer;
}

const even = (arms: number) => new Array<number>(arms).fill(1);

const ids = (kind: string) => Array.from({ length: count }, (_, i) => idKinds[kind]!(i));

describe.each(Object.keys(idKinds))('ids of the kind %s', (kind) => {
  test.each(['exp-1', 'exp-2', 'a', '7d9f2c1e-52a4-4c1b-9a64-0f6b2a6d1c55'])(
    'fill the arms of %s evenly',
    (salt) => {
      const split = prepareSplit({ salt, weights: even(20), traffic: 1 });
      const arms = new Array<number>(20).fill(0);
      for (const id of ids(kind)) arms[drawn(split, id).arm]! += 1;
      expect(excess(arms, new Array<number>(20).fill(count / 20), 19)).toBeLessThan(tooFar);
    },
  );

  test('follow uneven weights', () => {
    const weights = [50, 25, 0, 15, 10];
    const split = prepareSplit({ salt: 'uneven', weights, traffic: 1 });
    const arms = weights.map(() => 0);
    for (const id of ids(kind)) arms[drawn(split, id).arm]! += 1;
    expect(arms[2]).toBe(0);
    const seen = arms.filter((_, i) => i !== 2);
    const expected = weights.filter((weight) => weight > 0).map((weight) => (weight / 100) * count);
    expect(excess(seen, expected, 3)).toBeLessThan(tooFar);
  });

  test('are drawn anew by every experiment', () => {
    const one = prepareSplit({ salt: 'exp-1', weights: even(20), traffic: 1 });
    const other = prepareSplit({ salt: 'exp-2', weights: even(20), traffic: 1 });
    const pairs = ids(kind).map((id) => [drawn(one, id).arm, drawn(other, id).arm] as const);
    expect(dependence(pairs, 20, 20)).toBeLessThan(tooFar);
  });

  test('have folds and exposure that know nothing of the arm', () => {
    const split = prepareSplit({ salt: 'exp-1', weights: even(4), traffic: 0.5 });
    const all = ids(kind).map((id) => drawn(split, id));
    const pairs = (of: (one: Drawn) => readonly [number, number]) => all.map(of);
    expect(
      dependence(
        pairs((one) => [one.arm, one.fold]),
        4,
        foldCount,
      ),
    ).toBeLessThan(tooFar);
    expect(
      dependence(
        pairs((one) => [one.arm, Number(one.exposed)]),
        4,
        2,
      ),
    ).toBeLessThan(tooFar);
    expect(
      dependence(
        pairs((one) => [Number(one.exposed), one.fold]),
        2,
        foldCount,
      ),
    ).toBeLessThan(tooFar);
    const folds = new Array<number>(foldCount).fill(0);
    for (const { fold } of all) folds[fold]! += 1;
    expect(excess(folds, new Array<number>(foldCount).fill(count / foldCount), foldCount - 1)).toBeLessThan(
      tooFar,
    );
  });
});
