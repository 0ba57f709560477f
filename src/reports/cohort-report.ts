import { cohortRates } from '../statistics/cohorts/cohort-rates.js';
import { normal } from '../statistics/distributions/normal.js';
import { heterogeneity } from '../statistics/cohorts/heterogeneity.js';
import type { CohortEffect as Effect } from '../statistics/cohorts/pool.js';
import { isRefusal, refuse, type Estimate, type OrRefusal } from '../statistics/result.js';
import { adjustFamily } from './adjust.js';
import { firstOf } from './cross-of.js';
import { byNumberThenText, type CellTable } from './cell-table.js';
import { analyseArms } from './compare.js';
import { countOf } from './compare-rates.js';
import { isRate } from './metric-unit.js';
import type { MetricSums, ReportInput, ReportMetricInput } from './report-input.js';
import type { CohortEffect, CohortReport, CohortValue } from './report-cohorts.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** Cohorts with fewer in any arm are not shown: they say little, and may say it about a person. */
export const smallestCohort = 30;
/** More values than this are not shown. */
export const mostValues = 20;

interface Scope {
  readonly input: ReportInput;
  readonly table: CellTable;
  readonly level: number;
  readonly trait: string;
  /** Values large enough in every arm, all of which enter the interaction test. */
  readonly large: readonly string[];
  /** Those of them that are shown. */
  readonly shown: ReadonlySet<string>;
}

/** Every trait broken down by its values, for every metric and arm. */
export function cohortReports(input: ReportInput, table: CellTable, level: number): CohortReport[] {
  const reports = input.cohorts.map((trait) => cohortReport(input, table, level, trait));
  const adjusted = adjustFamily(
    reports.flatMap((report) => report.effects.map((effect) => effect.interaction)),
  );
  let next = 0;
  return reports.map((report) => ({
    ...report,
    effects: report.effects.map((effect) => {
      const p = adjusted[next++];
      return p ? { ...effect, adjusted: p } : effect;
    }),
  }));
}

function cohortReport(input: ReportInput, table: CellTable, level: number, trait: string): CohortReport {
  const values = table.values(trait);
  const sizes = input.arms
    .map((arm) => values.map((value) => sizeOf(input, table, trait, value, arm.key)))
    .filter((ofArm) => ofArm.some((n) => n > 0)); // nobody can be told from an arm that got nobody at all
  const sized = values.map((value, i) => {
    const each = sizes.map((ofArm) => ofArm[i] ?? 0);
    const n = each.reduce((sum, one) => sum + one, 0);
    return { value, n, smallest: Math.min(n, ...each) };
  });
  const large = sized.filter((one) => one.smallest >= smallestCohort);
  const bySize = [...large].sort((a, b) => b.n - a.n || byNumberThenText(a.value, b.value));
  const shown = new Set(bySize.slice(0, mostValues).map((one) => one.value));
  const scope = { input, table, level, trait, large: large.map((one) => one.value), shown };
  const others = input.arms.filter((arm) => arm.key !== input.control);
  return {
    trait,
    minimum: smallestCohort,
    hidden: totalOf(sized.filter((one) => one.smallest < smallestCohort)),
    omitted: totalOf(bySize.slice(mostValues)),
    effects: input.metrics.flatMap((metric) => others.map((arm) => cohortEffect(scope, metric, arm.key))),
  };
}

function totalOf(sized: readonly { readonly n: number }[]): { values: number; recipients: number } {
  return { values: sized.length, recipients: sized.reduce((sum, one) => sum + one.n, 0) };
}

/** Recipients of a cohort in one arm: the most that any metric has. */
function sizeOf(input: ReportInput, table: CellTable, trait: string, value: string, arm: string): number {
  return Math.max(0, ...input.metrics.map((metric) => Number(table.cohort(metric.key, arm, trait, value).n)));
}

/** One cohort's outcomes in the two arms that are compared. */
interface Pair {
  readonly value: string;
  readonly control: MetricSums;
  readonly treated: MetricSums;
}

function cohortEffect(scope: Scope, metric: ReportMetricInput, arm: string): CohortEffect {
  const { input, table, trait } = scope;
  const pairs = scope.large.map((value) => ({
    value,
    control: table.cohort(metric.key, input.control, trait, value),
    treated: table.cohort(metric.key, arm, trait, value),
  }));
  // A metric may be known of fewer recipients than the cohort has.
  const large = pairs.filter(
    ({ control, treated }) => Number(minimum(control.n, treated.n)) >= smallestCohort,
  );
  const usable = usableEffects(metric, large, scope.level);
  const result = heterogeneityOf(usable);
  const shrunk = isRefusal(result) ? [] : result.shrunk;
  const shrunkOf = (pair: Pair) => (isRefusal(usable) ? undefined : shrunk[usable.pairs.indexOf(pair)]);
  const leftOut = pairs.length - (isRefusal(usable) ? large : usable.pairs).length;
  return {
    metric: metric.key,
    arm,
    against: input.control,
    values: large
      .filter(({ value }) => scope.shown.has(value))
      .map((pair) => cohortValue(scope, metric, pair, shrunkOf(pair))),
    interaction: isRefusal(result) ? result : toReportTest(result.test),
    ...(leftOut > 0 ? { leftOut } : {}),
  };
}

function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Pairs with an effect whose uncertainty is known, and these effects in the same order. */
interface Usable {
  readonly pairs: readonly Pair[];
  readonly effects: readonly Effect[];
}

/** Rates: all of them. Means and ratios: those that vary. */
function usableEffects(metric: ReportMetricInput, pairs: readonly Pair[], level: number): OrRefusal<Usable> {
  if (pairs.length < 2) return tooFewCohorts;
  if (isRate(metric) && metric.denominator === undefined) {
    const effects = cohortRates(
      pairs.map(({ control, treated }) => ({ control: countOf(control), treatment: countOf(treated) })),
    );
    return isRefusal(effects) ? effects : { pairs, effects };
  }
  const found = pairs.flatMap((pair) => {
    const { difference } = analysePair(metric, pair, level).pair(0, 1);
    if (isRefusal(difference) || difference.se === undefined) return [];
    return [{ pair, effect: { value: difference.value, se: difference.se } }];
  });
  return { pairs: found.map(({ pair }) => pair), effects: found.map(({ effect }) => effect) };
}

/** Not adjusted for a covariate: cohorts are many, and many are small. */
function analysePair(metric: ReportMetricInput, { control, treated }: Pair, level: number) {
  return analyseArms(withoutCovariate(metric), [control, treated].map(withoutCross(metric)), level);
}

function withoutCovariate(metric: ReportMetricInput): ReportMetricInput {
  return { ...metric, covariate: undefined };
}

function withoutCross({ denominator, covariate }: ReportMetricInput) {
  return (sums: MetricSums): MetricSums =>
    covariate === undefined || !sums.cross
      ? sums
      : { ...sums, cross: firstOf(sums.cross, denominator === undefined ? 1 : 2) };
}

function heterogeneityOf(usable: OrRefusal<Usable>): ReturnType<typeof heterogeneity> {
  if (isRefusal(usable)) return usable;
  return usable.effects.length < 2 ? tooFewCohorts : heterogeneity(usable.effects);
}

const tooFewCohorts = refuse('too_few', 'Fewer than two cohorts are large and varied enough to compare.');

function cohortValue(
  { level }: Scope,
  metric: ReportMetricInput,
  pair: Pair,
  shrunk: Effect | undefined,
): CohortValue {
  const { value, control, treated } = pair;
  const analysis = analysePair(metric, pair, level);
  const raw = analysis.pair(0, 1);
  const drawn = shrunk && toReportEstimate(normalEstimate(shrunk, level), metric, 'difference');
  return {
    value,
    n: { control: Number(control.n), arm: Number(treated.n) },
    control: toReportEstimate(analysis.level(0), metric, 'level'),
    treated: toReportEstimate(analysis.level(1), metric, 'level'),
    difference: toReportEstimate(raw.difference, metric, 'difference'),
    test: toReportTest(raw.test),
    ...(drawn && !isRefusal(drawn) ? { shrunk: drawn } : {}),
  };
}

function normalEstimate({ value, se }: Effect, level: number): Estimate {
  const half = normal.isf((1 - level) / 2) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}
