import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lazyInterpolant } from '../../src/statistics/numerics/lazy-interpolant.js';

it('follows a smooth function to the thirteenth digit, on both sides of zero and at its own points', () => {
  const smooth = (x: number) => Math.exp(Math.sin(x));
  const follower = lazyInterpolant(smooth, 0.25);
  fc.assert(
    fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (x) => {
      expect(Math.abs(follower(x) - smooth(x))).toBeLessThan(1e-13);
    }),
  );
  expect(follower(0.125)).toBe(smooth(0.125));
});

it('asks the function thirteen times per panel and not again', () => {
  let calls = 0;
  const follower = lazyInterpolant((x) => (calls += 1) && x * x, 1);
  for (let i = 0; i < 100; i += 1) follower(2 + i / 100);
  expect(calls).toBe(13);
  follower(3.5);
  expect(calls).toBe(26);
});
