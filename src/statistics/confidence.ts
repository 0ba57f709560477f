import { refuse, type Interval, type Refusal } from './result.js';

/** A refusal (`invalid_input`) unless the confidence level lies in (0, 1). */
export function impossibleLevel(level: number): Refusal | undefined {
  if (level > 0 && level < 1) return undefined;
  return refuse('invalid_input', 'A confidence level must lie between 0 and 1, for example 0.95.');
}

/** A refusal (`invalid_input`) unless the significance level lies in (0, 1). */
export function impossibleAlpha(alpha: number): Refusal | undefined {
  if (alpha > 0 && alpha < 1) return undefined;
  return refuse('invalid_input', 'alpha must lie between 0 and 1, for example 0.05.');
}

/** The part of an interval that lies between the least and the most that the quantity can be. */
export function withinRange({ lower, upper, level }: Interval, least: number, most: number): Interval {
  return { lower: Math.max(least, lower), upper: Math.min(most, upper), level };
}

/**
 * The interval with its nearer side moved to 0, or a rounding beyond it, so that it leaves out 0 exactly when the test
 * rejects. In exact arithmetic most methods that use this agree with their test already, but a p-value within 1e-15 of
 * alpha could fall on the other side of it than the interval; a test made stricter for small counts asks for more.
 */
export function agreeWithTest(interval: Interval, rejects: boolean): Interval {
  const { lower, upper, level } = interval;
  const inside = lower <= 0 && 0 <= upper;
  if (rejects !== inside) return interval;
  const lowerIsNearer = Math.abs(lower) < Math.abs(upper);
  const edge = rejects ? Number.MIN_VALUE : 0;
  return lowerIsNearer ? { lower: edge, upper, level } : { lower, upper: 0 - edge, level };
}
