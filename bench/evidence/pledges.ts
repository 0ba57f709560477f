import { isRefusal, type Interval, type OrRefusal } from '../../src/statistics/result.js';
import type { Chance } from './chance.js';
import { counted, exactly, type Row } from './study.js';

/** One method, in which share of experiments it may err by its promise, and whether it errs in this one. */
export interface Pledge<Data> {
  readonly method: string;
  /** Absent where nothing is promised. */
  readonly promised?: number;
  /** A share for methods that promise one, such as the false among the effects that they find. */
  errs(data: Data): boolean | number;
}

/** The columns of `pledgeRows`. */
export const ERRS = ['errs', 'promised'] as const;

/** Draws the same experiments for all methods and counts how often each errs. */
export function pledgeRows<Data>(
  condition: string,
  draw: (random: Chance) => Data,
  pledges: readonly Pledge<Data>[],
  runs: number,
  random: Chance,
): Row[] {
  const errors = pledges.map(() => 0);
  for (let run = 0; run < runs; run += 1) {
    const data = draw(random);
    pledges.forEach((pledge, i) => (errors[i] = (errors[i] ?? 0) + Number(pledge.errs(data))));
  }
  return pledges.map(({ method, promised }, i) => ({
    condition,
    method,
    observed: [counted(errors[i], runs), exactly(promised ?? NaN)],
  }));
}

/** Whether an interval leaves out the truth; one that is refused misses nothing. */
export function misses(result: OrRefusal<{ readonly interval: Interval }>, truth: number): boolean {
  return !isRefusal(result) && (result.interval.lower > truth || result.interval.upper < truth);
}

/** Whether a test rejects; one that is refused does not. */
export function rejects(test: OrRefusal<{ readonly p: number }> | undefined, alpha: number): boolean {
  return test !== undefined && !isRefusal(test) && test.p < alpha;
}

/** A part of an answer, or its refusal. */
export function part<T extends object, U>(
  result: OrRefusal<T>,
  of: (result: T) => OrRefusal<U>,
): OrRefusal<U> {
  return isRefusal(result) ? result : of(result);
}
