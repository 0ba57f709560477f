import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { draw, prepareSplit } from '../../src/assignment/draw.js';
import { movedShare } from '../../src/assignment/moved-share.js';
import { rangeEnds } from '../../src/assignment/ranges.js';

const weights = fc
  .array(fc.nat(1_000), { minLength: 1, maxLength: 6 })
  .filter((all) => all.some((weight) => weight > 0));

/** Arm by arm over every piece between two neighbouring bounds: slow, and another way of counting. */
function movedByPieces(before: readonly number[], after: readonly number[]): number {
  const [old, fresh] = [rangeEnds(before), rangeEnds(after)];
  const cuts = [...new Set([0, ...old, ...fresh])].sort((a, b) => a - b);
  const armAt = (ends: readonly number[], word: number) => ends.findIndex((end) => word < end);
  let moved = 0;
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [from, to] = [cuts[i]!, cuts[i + 1]!];
    if (armAt(old, from) !== armAt(fresh, from)) moved += to - from;
  }
  return moved / 2 ** 32;
}

describe('movedShare', () => {
  test('is exactly what changes hands', () => {
    expect(movedShare([50, 50], [50, 50])).toBe(0);
    expect(movedShare([50, 50], [1, 1])).toBe(0);
    expect(movedShare([1, 1], [3, 1])).toBe(0.25);
    expect(movedShare([1, 1, 1, 1], [2, 1, 1, 0])).toBe(0.75);
    expect(movedShare([1, 0], [0, 1])).toBe(1);
    expect(movedShare([1], [1, 1])).toBe(0.5);
  });

  test('agrees with counting piece by piece, both ways round', () => {
    fc.assert(
      fc.property(weights, weights, (before, after) => {
        expect(movedShare(before, after)).toBe(movedByPieces(before, after));
        expect(movedShare(after, before)).toBe(movedShare(before, after));
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });

  test('foretells how many recipients move', () => {
    const before = [50, 30, 20];
    const after = [40, 30, 30];
    const old = prepareSplit({ salt: 'moved', weights: before, traffic: 1 });
    const fresh = prepareSplit({ salt: 'moved', weights: after, traffic: 1 });
    let moved = 0;
    const ids = 100_000;
    for (let i = 0; i < ids; i += 1) {
      const [a, b] = [draw(old, `r${i}`), draw(fresh, `r${i}`)];
      if ('arm' in a && 'arm' in b && a.arm !== b.arm) moved += 1;
    }
    expect(moved / ids).toBeCloseTo(movedShare(before, after), 2);
  });
});
