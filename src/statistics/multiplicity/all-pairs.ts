import { impossibleLevel } from '../confidence.js';
import { studentizedRange } from '../distributions/studentized-range.js';
import { refuse, type OrRefusal, type Warning } from '../result.js';
import { tooLarge } from '../sums.js';
import { simultaneous, type SimultaneousComparison } from './against-control.js';
import { MOST_ARMS, tooManyArms, type PairOf } from './pairs.js';

/** A comparison of two of the arms, `treatment` minus `control`; both are positions in the list of arms, from 0. */
export interface PairComparison extends SimultaneousComparison {
  readonly control: number;
  readonly treatment: number;
}

/**
 * All pairs of arms, judged by the studentized range of as many groups as there are arms: p = P(Q > √2 |t|), intervals
 * that hold together at `level` and exclude 0 exactly when their adjusted p lies below 1 - level. `pairOf` answers for
 * the positions of control and treatment, control < treatment. Refuses `invalid_input` (fewer than two arms, a level
 * outside (0, 1), numbers that are not finite), `too_many` (more than MOST_ARMS arms) and `no_variation` (a standard
 * error of 0). Tukey (1953); Kramer (1956).
 */
export function allPairs(
  method: string,
  count: number,
  pairOf: PairOf,
  level: number,
  warnings: readonly Warning[],
): OrRefusal<{ readonly pairs: readonly PairComparison[] }> {
  const impossible = impossibleLevel(level);
  if (impossible) return impossible;
  if (count < 2) return refuse('invalid_input', 'A comparison needs at least two arms.');
  if (count > MOST_ARMS) return tooManyArms;
  const criticals = new Map<number, number>();
  const pairs: PairComparison[] = [];
  for (let control = 0; control < count; control += 1) {
    for (let treatment = control + 1; treatment < count; treatment += 1) {
      const { difference, variance, df } = pairOf(control, treatment);
      if (!Number.isFinite(difference) || !Number.isFinite(variance)) {
        return tooLarge;
      }
      if (!(variance > 0)) return refuse('no_variation', 'All outcomes are equal within two of the arms.');
      const se = Math.sqrt(variance);
      const statistic = difference / se;
      const logP = studentizedRange.logSf(Math.SQRT2 * Math.abs(statistic), count, df);
      const critical = criticals.get(df) ?? studentizedRange.isf(1 - level, count, df) / Math.SQRT2;
      criticals.set(df, critical);
      const test = { method, statistic, df: df === Infinity ? [] : [df], p: Math.exp(logP), logP, warnings };
      pairs.push({ control, treatment, ...simultaneous(difference, se, test, critical, level) });
    }
  }
  return { pairs };
}
