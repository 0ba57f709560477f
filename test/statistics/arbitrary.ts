import fc from 'fast-check';
import type { Count } from '../../src/statistics/count.js';
import { isRefusal, type OrRefusal } from '../../src/statistics/result.js';
import { addSums, emptySums, sumsOf, type OutcomeSums } from '../../src/statistics/sums.js';

/** Tables of every size, with none or all successes as likely as anything between. */
export const counts: fc.Arbitrary<Count> = fc
  .oneof(
    fc.bigInt({ min: 1n, max: 9n }),
    fc.bigInt({ min: 1n, max: 500n }),
    fc.bigInt({ min: 1n, max: 10n ** 10n }),
  )
  .chain((n) =>
    fc
      .oneof(
        { weight: 1, arbitrary: fc.constantFrom(0n, n) },
        { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: n }) },
        { weight: 3, arbitrary: fc.bigInt({ min: 0n, max: n / 20n }) },
      )
      .map((successes) => ({ successes, n })),
  );

export const levels = fc.constantFrom(0.8, 0.9, 0.95, 0.99, 0.999);

/** Outcomes of a few recipients, many of them zero. */
export const outcomes = fc.array(
  fc.oneof(fc.constant(0n), fc.bigInt({ min: -50n, max: 50n }), fc.bigInt({ min: 0n, max: 10n ** 7n })),
  { minLength: 2, maxLength: 30 },
);

export function sumUp(values: readonly bigint[]): OutcomeSums {
  return values.map(sumsOf).reduce(addSums, emptySums);
}

/** The value; fails the test on a refusal. */
export function must<T extends object>(result: OrRefusal<T>): T {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}: ${result.reason}`);
  return result;
}

export function codeOf(result: object): string {
  return isRefusal(result) ? result.code : 'not refused';
}

export function leavesOutZero({ lower, upper }: { lower: number; upper: number }): boolean {
  return lower > 0 || upper < 0;
}
