import { studentT } from '../../statistics/distributions/student-t.js';
import { newcombe } from '../../statistics/proportions/newcombe.js';
import type { Figure } from '../figure.js';
import { type OrRefusal, refuse } from '../refusal.js';
import { rankingOf } from './ranking.js';
import { isBinary, type TrialOutcomes, unfitForUplift } from './trial-outcomes.js';

/** A tenth of the recipients by score, the highest first. */
export interface UpliftTenth {
  /** Lowest and highest score in it. */
  readonly scores: readonly [number, number];
  readonly treated: Arm;
  readonly control: Arm;
  /** Mean of the treated less mean of the control. */
  readonly uplift: Figure;
}

interface Arm {
  readonly recipients: number;
  readonly sum: number;
}

/**
 * Uplift in tenths of the ranking, of floor or ceiling of n/10 recipients; the same score in the order of the rows. Intervals are Newcombe's
 * for outcomes of 0 and 1, else Welch's. Refuses the whole as `measureRankings` does and under 10 recipients (`too_few`); a tenth without
 * one of the arms (`empty_arm`), and one where a spread cannot be told (`too_few`).
 */
export function upliftByTenth(
  scores: Float64Array,
  trial: TrialOutcomes,
  level: number,
): OrRefusal<readonly UpliftTenth[]> {
  const unfit = unfitForUplift(trial, scores);
  if (unfit) return unfit;
  const rows = scores.length;
  if (rows < 10) return refuse('too_few', `Tenths need at least 10 recipients; there are ${rows}.`);
  const { order, treated: arms, outcomes } = rankingOf(scores, trial);
  const compare = isBinary(trial.outcomes) ? compareRates : compareMeans;
  return Array.from({ length: 10 }, (_, tenth) => {
    const [from, to] = [tenth, tenth + 1].map((one) => Math.floor((one * rows) / 10)) as [number, number];
    const outcomesOf = (arm: number): number[] =>
      [...outcomes.subarray(from, to)].filter((_, i) => arms[from + i] === arm);
    const [control, treated] = [outcomesOf(0), outcomesOf(1)];
    return {
      scores: [scores[order[to - 1] ?? 0] as number, scores[order[from] ?? 0] as number] as const,
      treated: { recipients: treated.length, sum: sumOf(treated) },
      control: { recipients: control.length, sum: sumOf(control) },
      uplift:
        treated.length === 0 || control.length === 0
          ? refuse('empty_arm', 'An arm has nobody in this tenth.')
          : compare(control, treated, level),
    };
  });
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function compareRates(control: readonly number[], treated: readonly number[], level: number): Figure {
  const answer = newcombe(
    { n: BigInt(control.length), successes: BigInt(sumOf(control)) },
    { n: BigInt(treated.length), successes: BigInt(sumOf(treated)) },
    level,
  );
  if ('refused' in answer) return refuse('invalid_input', answer.reason);
  return { value: answer.value, interval: [answer.interval.lower, answer.interval.upper] };
}

function compareMeans(control: readonly number[], treated: readonly number[], level: number): Figure {
  if (control.length < 2 || treated.length < 2) {
    return refuse('too_few', 'An arm has a single recipient in this tenth.');
  }
  const [c, t] = [momentsOf(control), momentsOf(treated)];
  const variance = c.variance + t.variance;
  if (variance === 0) return refuse('no_variation', 'All outcomes are equal within both arms of this tenth.');
  const df =
    variance ** 2 / (c.variance ** 2 / (control.length - 1) + t.variance ** 2 / (treated.length - 1));
  const reach = studentT.isf((1 - level) / 2, df) * Math.sqrt(variance);
  const value = t.mean - c.mean;
  return { value, interval: [value - reach, value + reach] };
}

/** Mean, and the squared standard error of it. */
function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = sumOf(values) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) / values.length };
}
