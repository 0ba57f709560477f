import { describe, expect, test } from 'vitest';

import { draw, prepareSplit } from '../../src/assignment/draw.js';
import { rangeEnds } from '../../src/assignment/ranges.js';

const even = prepareSplit({ salt: 'exp-1', weights: [1, 1], traffic: 1 });

describe('draw', () => {
  test('answers the same for the same recipient, whatever was drawn between', () => {
    const other = prepareSplit({ salt: 'exp-2', weights: [1, 2, 3], traffic: 0.5 });
    const first = draw(even, 'ann');
    const copy = { ...first };
    draw(other, 'bob'.repeat(60));
    draw(other, 'Zoë');
    draw(other, '');
    expect(first).toEqual(copy);
    expect(draw(even, 'ann')).toEqual(first);
  });

  test('hands out a result of its own each time', () => {
    expect(draw(even, 'ann')).not.toBe(draw(even, 'ann'));
  });

  test('keeps arm and fold whatever the traffic is, and exposes more as it grows', () => {
    for (let i = 0; i < 500; i += 1) {
      const drawn = [0, 0.2, 0.7, 1].map((traffic) =>
        draw(prepareSplit({ salt: 'exp-1', weights: [1, 1], traffic }), `id${i}`),
      );
      const exposed = drawn.map((one) => 'arm' in one && one.exposed);
      expect(drawn.map((one) => 'arm' in one && [one.arm, one.fold])).toEqual(
        drawn.map(() => 'arm' in drawn[0]! && [drawn[0].arm, drawn[0].fold]),
      );
      expect(exposed).toEqual([...exposed].sort((a, b) => Number(a) - Number(b)));
      expect([exposed[0], exposed[3]]).toEqual([false, true]);
    }
  });

  test('refuses an id with words that say how to mend it', () => {
    expect(draw(even, '')).toEqual({
      error: 'empty_id',
      message: expect.stringContaining('empty') as string,
    });
    expect(draw(even, 'x'.repeat(257))).toMatchObject({ error: 'id_too_long' });
    expect(draw(even, '\ud83d')).toMatchObject({ error: 'invalid_unicode' });
  });

  test('does not take a number for an empty text', () => {
    expect(() => draw(even, 42 as unknown as string)).toThrow(TypeError);
  });
});

describe('prepareSplit', () => {
  test.each([[[]], [[0, 0]], [[-1, 2]], [[0.5, 0.5]], [[NaN]], [[Infinity]], [[2 ** 53]]])(
    'refuses the weights %j',
    (weights) => {
      expect(() => prepareSplit({ salt: 's', weights, traffic: 1 })).toThrow(RangeError);
    },
  );

  test.each([-0.1, 1.1, NaN])('refuses traffic %d', (traffic) => {
    expect(() => prepareSplit({ salt: 's', weights: [1], traffic })).toThrow(RangeError);
  });

  test.each(['', '\ud83d'])('refuses the salt %j', (salt) => {
    expect(() => prepareSplit({ salt, weights: [1], traffic: 1 })).toThrow(RangeError);
  });
});

describe('rangeEnds', () => {
  test('cuts the words in whole numbers', () => {
    expect(rangeEnds([1, 1, 1])).toEqual([1431655765, 2863311530, 4294967296]);
    expect(rangeEnds([0, 1, 0])).toEqual([0, 4294967296, 4294967296]);
  });

  test('does not round where doubles would', () => {
    // A quarter of a weight short of three quarters: the quotient of doubles is 0.75.
    const total = Number.MAX_SAFE_INTEGER;
    const short = Number((3n * BigInt(total) - 1n) / 4n);
    expect(Math.floor(2 ** 32 * (short / total))).toBe(3221225472);
    expect(rangeEnds([short, total - short])).toEqual([3221225471, 4294967296]);
  });
});
