import { impossibleLevel } from '../confidence.js';
import { LEVEL, type Method } from '../method.js';
import { commonShift, inUnits } from '../numerics/dyadic.js';
import { ratio } from '../numerics/ratio.js';
import { isRefusal, refuse, type OrRefusal } from '../result.js';
import { addSums, emptySums, sumsOf, type OutcomeSums } from '../sums.js';
import { welch, type MeanComparison } from './welch.js';

/** What a cap did to one arm. */
export interface Capped {
  /** Recipients whose outcome lay above the cap. */
  readonly recipients: number;
  /** How much was cut off in all, in the outcomes' own units. */
  readonly amount: number;
}

export interface WinsorWelchResult extends MeanComparison {
  readonly cap: number;
  readonly control: Capped;
  readonly treatment: Capped;
}

/**
 * Welch's t test of two means after every outcome above a common cap is set to the cap, with how many recipients and
 * how much that took from each arm. Outcomes are totals per recipient in any unit, zeros included; the cap, in the same
 * unit, must have been fixed before (see `commonCap`). Show the uncapped mean beside it: the capped one is another
 * quantity. Refuses what `welch` refuses, and `invalid_input` for a cap or an outcome that is not a finite number or a
 * cap not above zero. Tukey (1962).
 */
export function winsorWelch(
  control: readonly number[],
  treatment: readonly number[],
  cap: number,
  level: number,
): OrRefusal<WinsorWelchResult> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (!(cap > 0 && cap < Infinity)) return refuse('invalid_input', 'The cap must be a number above zero.');
  const outcomes = [...control, ...treatment];
  if (!outcomes.every(Number.isFinite)) return refuse('invalid_input', 'An outcome is not a finite number.');
  const shift = commonShift([...outcomes, cap]);
  const [first, second] = [cappedArm(control, cap, shift), cappedArm(treatment, cap, shift)];
  const result = welch(first.sums, second.sums, level);
  if (isRefusal(result)) return result;
  const { difference, test } = inOwnUnits(result, 2 ** -shift);
  return {
    difference,
    test: { ...test, method: 'mean.winsor_welch' },
    cap,
    control: first.capped,
    treatment: second.capped,
  };
}

/** Exact sums of the capped outcomes in units of 2^-shift. */
function cappedArm(
  outcomes: readonly number[],
  cap: number,
  shift: number,
): { sums: OutcomeSums; capped: Capped } {
  const top = inUnits(cap, shift);
  let sums = emptySums;
  let recipients = 0;
  let cut = 0n;
  for (const outcome of outcomes) {
    const y = inUnits(outcome, shift);
    if (outcome > cap) {
      recipients += 1;
      cut += y - top;
    }
    sums = addSums(sums, sumsOf(outcome > cap ? top : y));
  }
  return { sums, capped: { recipients, amount: ratio(cut, 1n) * 2 ** -shift } };
}

/** A power of two, so that nothing is rounded. */
function inOwnUnits({ difference, test }: MeanComparison, unit: number): MeanComparison {
  const { value, se, interval } = difference;
  const { lower, upper, level } = interval;
  return {
    difference: {
      value: value * unit,
      se: se * unit,
      interval: { lower: lower * unit, upper: upper * unit, level },
    },
    test,
  };
}

export const winsorWelchMethod = {
  id: 'mean.winsor_welch',
  title: "Welch's t test of capped outcomes",
  needs: ['outcomes'],
  parameters: [
    { name: 'cap', meaning: "largest outcome that counts in full, in the outcomes' own units, above zero" },
    LEVEL,
  ],
  reference: 'Tukey (1962); Welch (1947)',
  compute: winsorWelch,
} as const satisfies Method;
