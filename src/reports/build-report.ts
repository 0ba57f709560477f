import { bestArm } from './best-arm.js';
import { CellTable, recipientsOf } from './cell-table.js';
import { chartsOf } from './charts.js';
import { cohortReports } from './cohort-report.js';
import { armContests, mainEffectContests, type Contest } from './contest.js';
import { definitionsOf } from './definitions.js';
import { factorialReport } from './factorial-report.js';
import { levelText } from './format.js';
import { checkHealth } from './health/registry.js';
import { metricReport } from './metric-report.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import {
  reportSchema,
  type FactorialReport,
  type Finding,
  type MetricReport,
  type Report,
} from './report.js';
import { verdictOf, type VerdictFacts } from './verdict.js';

const usualLevel = 0.95;

/** From exact sums to meaning. Pure: the same input gives the same report, to the byte, whatever its order. */
export function buildReport(given: ReportInput): Report {
  const input = { ...given, metrics: decidingFirst(given.metrics) };
  const level = input.level ?? usualLevel;
  const table = new CellTable(input.cells);
  const recipients = input.arms.map((arm) => recipientsOf(input, table, arm.key));
  const health = checkHealth({ input, table, recipients });
  const metrics = input.metrics.map((metric) => metricReport(input, metric, table, level));
  const factorial = input.factors.length > 1 ? factorialReport(input, table, level) : undefined;
  const cohorts = cohortReports(input, table, level);
  return {
    schema: reportSchema,
    ...headOf(input),
    level,
    control: input.control,
    factors: input.factors,
    arms: input.arms.map((arm, i) => ({
      key: arm.key,
      title: arm.title,
      levels: arm.levels,
      control: arm.key === input.control,
      n: Number(recipients[i]),
      ...(arm.weight === undefined ? {} : { weight: arm.weight }),
    })),
    verdict: verdictOf(factsOf({ input, table, level, health, metrics, factorial })),
    health,
    metrics,
    ...(factorial ? { factorial } : {}),
    cohorts,
    charts: chartsOf(input, metrics, cohorts),
    definitions: definitionsOf(input, metrics, factorial, level),
  };
}

function headOf(input: ReportInput) {
  const { snapshot, title, hypothesis, source, asOf, interim } = input;
  return {
    ...(snapshot === undefined ? {} : { snapshot }),
    title,
    ...(hypothesis === undefined ? {} : { hypothesis }),
    source,
    asOf,
    ...(interim === undefined ? {} : { interim }),
  };
}

/** The primary metric decides; without one, the first. */
function decidingFirst(metrics: readonly ReportMetricInput[]): ReportMetricInput[] {
  const deciding = metrics.find((metric) => metric.role === 'primary') ?? metrics[0];
  return deciding ? [deciding, ...metrics.filter((metric) => metric !== deciding)] : [];
}

interface Built {
  readonly input: ReportInput;
  readonly table: CellTable;
  readonly level: number;
  readonly health: readonly Finding[];
  readonly metrics: readonly MetricReport[];
  readonly factorial: FactorialReport | undefined;
}

function factsOf(built: Built): VerdictFacts {
  const { input, table, level, health, metrics, factorial } = built;
  const [metric] = input.metrics;
  const [report] = metrics;
  if (!metric || !report) throw new TypeError('A report needs at least one metric.');
  const byFactor = factorial?.controlOutside === false && factorial.metrics[0]?.lead === 'main';
  const best = byFactor ? undefined : bestArm(input, metric, report, table, level);
  const guardrails = metrics.filter((one) => one.role === 'guardrail' && one.key !== report.key);
  return {
    metric: report,
    contests: contestsOf(built, report, byFactor),
    guardrails: guardrails.map((one) => ({ metric: one, contests: contestsOf(built, one, byFactor) })),
    health,
    alpha: 1 - level,
    ...(input.interim === undefined ? {} : { interim: input.interim }),
    ...(metric.undecidable === undefined ? {} : { undecidable: metric.undecidable }),
    ...(best ? { best } : {}),
  };
}

/** A factorial without a clear interaction is judged factor by factor; anything else arm by arm. */
function contestsOf(built: Built, metric: MetricReport, byFactor: boolean): Contest[] {
  const { input, factorial, level } = built;
  const effects = factorial?.metrics.find((one) => one.metric === metric.key);
  if (byFactor && effects) return mainEffectContests(effects, input.factors, levelText(level));
  return armContests(metric, new Map(input.arms.map((arm) => [arm.key, arm.title])), levelText(level));
}
