import type { Refusal } from '../statistics/result.js';
import type { ReportFactor } from './report-input.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report-figures.js';
import type { Comparison, MetricReport } from './report-metric.js';
import type { FactorialMetric } from './report-factorial.js';

/** One question that a verdict answers: is this arm (or factor level) better than what it is compared with? */
export interface Contest {
  /** Arm key, or `factor=level`. */
  readonly key: string;
  readonly name: string;
  readonly against: string;
  readonly difference: ReportEstimate | Refusal;
  readonly uplift?: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
  readonly adjusted?: AdjustedP;
  /** Recipients on both sides. */
  readonly n: number;
  /** Confidence level of the interval, as `95%`. */
  readonly percent: string;
  /** What the two sides reached, as `18.28% against 10.62%`. */
  readonly levels?: string;
}

/** Every arm against the control. */
export function armContests(
  metric: MetricReport,
  titles: ReadonlyMap<string, string>,
  percent: string,
): Contest[] {
  const results = new Map(metric.arms.map((one) => [one.arm, one]));
  const name = (key: string): string => titles.get(key) ?? key;
  return metric.comparisons.map((one: Comparison) => {
    const [arm, control] = [results.get(one.arm), results.get(one.against)];
    const levels = bothLevels(arm?.value, control?.value);
    return {
      key: one.arm,
      name: name(one.arm),
      against: name(one.against),
      difference: one.difference,
      uplift: one.uplift,
      test: one.test,
      ...(one.adjusted ? { adjusted: one.adjusted } : {}),
      n: (arm?.n ?? 0) + (control?.n ?? 0),
      percent,
      ...(levels === undefined ? {} : { levels }),
    };
  });
}

type Level = ReportEstimate | Refusal | undefined;

function bothLevels(arm: Level, control: Level): string | undefined {
  if (!arm || !control || 'refused' in arm || 'refused' in control) return undefined;
  return `${arm.text} against ${control.text}`;
}

/** Every level of every factor against its baseline, averaged over the other factors. */
export function mainEffectContests(
  metric: FactorialMetric,
  factors: readonly ReportFactor[],
  percent: string,
): Contest[] {
  return metric.main.map((effect) => {
    const factor = factors.find((one) => one.key === effect.factors[0]);
    const title = (key: string | undefined): string =>
      factor?.levels.find((level) => level.key === key)?.title ?? key ?? '';
    return {
      key: `${effect.factors.join()}=${effect.levels.join()}`,
      name: `${factor?.title ?? ''} ${title(effect.levels[0])}`,
      against: title(effect.baselines[0]),
      difference: effect.difference,
      test: effect.test,
      ...(effect.adjusted ? { adjusted: effect.adjusted } : {}),
      n: (effect.n?.baseline ?? 0) + (effect.n?.level ?? 0),
      percent,
    };
  });
}
