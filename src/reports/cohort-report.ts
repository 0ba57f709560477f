import { contrast } from '../statistics/contrast.js';
import { normal } from '../statistics/distributions/normal.js';
import { heterogeneity } from '../statistics/heterogeneity.js';
import { isRefusal, refuse, type Estimate, type Refusal } from '../statistics/result.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { byNumberThenText } from './cell-table.js';
import { compare, levelOf } from './compare.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { CohortEffect, CohortReport, CohortValue, ReportTest } from './report.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** Smaller cohorts are not shown: they say little, and may say it about a person. */
export const smallestCohort = 30;
/** More values than this are not shown. */
export const mostValues = 20;

interface Scope {
  readonly input: ReportInput;
  readonly table: CellTable;
  readonly level: number;
  readonly trait: string;
  /** Values large enough, all of which enter the interaction test. */
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
  const sized = table.values(trait).map((value) => {
    const arms = input.arms.map((arm) => ({ arm: arm.key, n: sizeOf(input, table, trait, value, arm.key) }));
    return {
      value,
      n: arms.reduce((sum, one) => sum + one.n, 0),
      compared: smallestPair(arms, input.control),
    };
  });
  const large = sized.filter((one) => one.compared >= smallestCohort);
  const bySize = [...large].sort((a, b) => b.n - a.n || byNumberThenText(a.value, b.value));
  const shown = new Set(bySize.slice(0, mostValues).map((one) => one.value));
  const scope = { input, table, level, trait, large: large.map((one) => one.value), shown };
  const others = input.arms.filter((arm) => arm.key !== input.control);
  return {
    trait,
    minimum: smallestCohort,
    hidden: countOf(sized.filter((one) => one.compared < smallestCohort)),
    omitted: countOf(bySize.slice(mostValues)),
    effects: input.metrics.flatMap((metric) => others.map((arm) => cohortEffect(scope, metric, arm.key))),
  };
}

function countOf(sized: readonly { readonly n: number }[]): { values: number; recipients: number } {
  return { values: sized.length, recipients: sized.reduce((sum, one) => sum + one.n, 0) };
}

/** Recipients of a cohort in one arm: the most that any metric has. */
function sizeOf(input: ReportInput, table: CellTable, trait: string, value: string, arm: string): number {
  return Math.max(0, ...input.metrics.map((metric) => Number(table.cohort(metric.key, arm, trait, value).n)));
}

/** Recipients in the smallest comparison that would be shown: the control and one other arm. */
function smallestPair(arms: readonly { arm: string; n: number }[], control: string): number {
  const own = arms.find((one) => one.arm === control)?.n ?? 0;
  const others = arms.filter((one) => one.arm !== control && one.n > 0).map((one) => one.n);
  return own + (others.length > 0 ? Math.min(...others) : 0);
}

function cohortEffect(scope: Scope, metric: ReportMetricInput, arm: string): CohortEffect {
  const raw = scope.large.map((value) => ({ value, effect: rawEffect(scope, metric, arm, value) }));
  const usable = raw.flatMap(({ value, effect }) => (isUsable(effect) ? [{ value, effect }] : []));
  const result = usable.length < 2 ? tooFewCohorts : heterogeneity(usable.map(({ effect }) => effect));
  const shrunk = new Map<string, { readonly value: number; readonly se: number }>();
  if (!isRefusal(result)) {
    usable.forEach(({ value }, i) => {
      const drawn = result.shrunk[i];
      if (drawn) shrunk.set(value, drawn);
    });
  }
  return {
    metric: metric.key,
    arm,
    against: scope.input.control,
    values: scope.large
      .filter((value) => scope.shown.has(value))
      .map((value) => cohortValue(scope, metric, arm, value, shrunk.get(value))),
    interaction: interactionOf(result),
  };
}

const tooFewCohorts = refuse('too_few', 'Fewer than two cohorts are large and varied enough to compare.');

function interactionOf(result: ReturnType<typeof heterogeneity>): ReportTest | Refusal {
  return isRefusal(result) ? result : toReportTest(result.test);
}

interface Effect {
  readonly value: number;
  readonly se: number;
}

/** The difference with its plain standard error, as Cochran's Q weighs it. */
function rawEffect(scope: Scope, metric: ReportMetricInput, arm: string, value: string): Effect | undefined {
  const { table, trait, input, level } = scope;
  const cells = [input.control, arm].map((key) => table.cohort(metric.key, key, trait, value));
  const result = contrast(metric.type === 'proportion' ? 'proportion' : 'mean', cells, [-1, 1], level);
  if (isRefusal(result)) return undefined;
  return { value: result.estimate.value, se: result.estimate.se };
}

/** A cohort in which nobody converted has an effect of 0 with no uncertainty at all: it tells nothing. */
function isUsable(effect: Effect | undefined): effect is Effect {
  return effect !== undefined && effect.se > 0;
}

function cohortValue(
  { input, table, trait, level }: Scope,
  metric: ReportMetricInput,
  arm: string,
  value: string,
  shrunk: Effect | undefined,
): CohortValue {
  const control = table.cohort(metric.key, input.control, trait, value);
  const treated = table.cohort(metric.key, arm, trait, value);
  const raw = compare(metric.type, control, treated, level);
  const drawn = shrunk && toReportEstimate(normalEstimate(shrunk, level), metric, 'difference');
  return {
    value,
    n: { control: Number(control.n), arm: Number(treated.n) },
    control: toReportEstimate(levelOf(metric.type, control, level), metric, 'level'),
    treated: toReportEstimate(levelOf(metric.type, treated, level), metric, 'level'),
    difference: toReportEstimate(raw.difference, metric, 'difference'),
    test: toReportTest(raw.test),
    ...(drawn && !isRefusal(drawn) ? { shrunk: drawn } : {}),
  };
}

function normalEstimate({ value, se }: Effect, level: number): Estimate {
  const half = normal.isf((1 - level) / 2) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}
