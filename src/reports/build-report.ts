import { CellTable, recipientsOf } from './cell-table.js';
import { chartsOf } from './charts.js';
import { cohortReports } from './cohort-report.js';
import { deliveryOf } from './delivery.js';
import { definitionsOf } from './definitions.js';
import { factorialReport } from './factorial-report.js';
import { funnelOf } from './funnel-of.js';
import { checkHealth } from './health/registry.js';
import { metricReport } from './metric-report.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import { reportSchema, type Report } from './report.js';
import { verdictFacts } from './verdict-facts.js';
import { verdictOf } from './verdict.js';

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
  const funnel = funnelOf(input, recipients);
  const delivery = deliveryOf(input, table, recipients, level);
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
    verdict: verdictOf(verdictFacts({ input, table, level, health, metrics, factorial })),
    health,
    metrics,
    ...(factorial ? { factorial } : {}),
    cohorts,
    ...(funnel ? { funnel } : {}),
    ...(delivery ? { delivery } : {}),
    charts: chartsOf(input, metrics, cohorts),
    definitions: definitionsOf(input, metrics, factorial, level),
  };
}

function headOf(input: ReportInput) {
  const { title, hypothesis, source, asOf, interim } = input;
  return {
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
