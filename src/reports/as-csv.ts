import type { Refusal } from '../statistics/result.js';
import type { Delivery } from './delivery.js';
import type { Funnel } from './funnel.js';
import type { CohortReport } from './report-cohorts.js';
import type { Comparison, MetricReport } from './report-metric.js';
import type { FactorialMetric } from './report-factorial.js';
import type { Report } from './report.js';
import type { ReportEstimate, ReportTest } from './report-figures.js';

/** The columns of the table; a row fills those that apply to it. */
const columns = [
  'row', 'metric', 'trait', 'cohort', 'arm', 'against', 'effect', 'n', 'nonzero', 'total',
  'value', 'value_lower', 'value_upper',
  'difference', 'difference_lower', 'difference_upper',
  'uplift', 'uplift_lower', 'uplift_upper',
  'statistic', 'df', 'p', 'p_adjusted', 'refused',
  'denominator', 'unadjusted', 'unadjusted_lower', 'unadjusted_upper', 'unadjusted_p', 'capped', 'cut', 'margin', 'worst',
] as const; // prettier-ignore

type Row = Partial<Record<(typeof columns)[number], string | number | undefined>>;

/** One tidy table (RFC 4180): a row per arm, comparison, factorial effect and cohort. */
export function reportAsCsv(report: Report): string {
  const rows = [
    ...report.metrics.flatMap(armRows),
    ...report.metrics.flatMap(comparisonRows),
    ...(report.factorial?.metrics.flatMap(factorialRows) ?? []),
    ...report.cohorts.flatMap(cohortRows),
    ...(report.funnel ? funnelRows(report.funnel) : []),
    ...(report.delivery ? deliveryRows(report.delivery) : []),
  ];
  const lines = rows.map((row) => columns.map((column) => field(row[column])).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function armRows(metric: MetricReport): Row[] {
  return metric.arms.map((one) => ({
    row: 'arm',
    metric: metric.key,
    arm: one.arm,
    n: one.n,
    nonzero: one.nonZero,
    total: one.total,
    ...estimate('value', one.value),
    ...('refused' in one.value && one.mean ? { value: one.mean.value } : {}),
    ...refusal(one.value),
    denominator: one.denominator?.total,
    ...(one.unadjusted ? estimate('unadjusted', one.unadjusted) : {}),
    capped: one.capped?.recipients,
    cut: one.capped?.excess,
  }));
}

function comparisonRows(metric: MetricReport): Row[] {
  const compared = metric.comparisons.map((one) => ({
    row: 'comparison',
    metric: metric.key,
    arm: one.arm,
    against: one.against,
    ...estimate('difference', one.difference),
    ...estimate('uplift', one.uplift),
    ...test(one.test),
    p_adjusted: one.adjusted?.p,
    ...refusal(one.test, one.difference, one.uplift),
    ...unadjusted(one),
    ...margin(one),
  }));
  if (!metric.omnibus) return compared;
  return [
    ...compared,
    { row: 'omnibus', metric: metric.key, ...test(metric.omnibus), ...refusal(metric.omnibus) },
  ];
}

function factorialRows(metric: FactorialMetric): Row[] {
  const kinds = { main: metric.main, interaction: metric.interactions, simple: metric.simple };
  return Object.entries(kinds).flatMap(([kind, effects]) =>
    effects.map((effect) => ({
      row: `${kind}_effect`,
      metric: metric.metric,
      effect: effect.label,
      ...estimate('difference', effect.difference),
      ...test(effect.test),
      p_adjusted: effect.adjusted?.p,
      ...refusal(effect.test),
      ...margin(effect),
    })),
  );
}

/** A row per station and arm, its value the share of those assigned; then a row per edge. */
function funnelRows({ stations, edges }: Funnel): Row[] {
  return [
    ...stations.flatMap(({ station, arms }) =>
      arms.map(({ arm, n, ofAssigned }) => ({
        row: 'station',
        metric: station,
        arm,
        n,
        value: ofAssigned?.value,
      })),
    ),
    ...edges.map((edge) => ({
      row: 'edge',
      metric: edge.to,
      effect: `${edge.from} to ${edge.to}`,
      ...test(edge.test),
      p_adjusted: edge.adjusted?.p,
      ...refusal(edge.test),
    })),
  ];
}

/** A row per arm, its value the share that got what the arm decided; then whom nothing was sent, per reason, per other rendering, per blanks that were caught, and per effect among those. */
function deliveryRows({ arms, effects }: Delivery): Row[] {
  return [
    ...arms.flatMap(({ arm, n, delivered, share, fallbacks, withheld, rendered, blanks }) => [
      { row: 'delivery', arm, n, total: delivered, value: share?.value },
      ...(withheld === undefined ? [] : [{ row: 'withheld', arm, n: withheld }]),
      ...fallbacks.map(({ reason, recipients }) => ({ row: 'fallback', arm, effect: reason, n: recipients })),
      ...rendered.map(({ instead, reason, messages }) => ({
        ...{ row: `rendered_${instead}`, arm, effect: reason, n: messages },
      })),
      ...Object.entries(blanks).flatMap(([of, count]) =>
        count > 0 ? [{ row: 'blanks', arm, effect: of, n: count }] : [],
      ),
    ]),
    ...effects.map((one) => ({
      row: 'delivered_effect',
      metric: one.metric,
      arm: one.arm,
      against: one.against,
      ...estimate('difference', one.difference),
      ...test(one.test),
      ...refusal(one.test, one.difference),
    })),
  ];
}

function unadjusted({ unadjusted: plain }: Comparison): Row {
  if (!plain) return {};
  const p = 'refused' in plain.test ? {} : { unadjusted_p: plain.test.p };
  return { ...estimate('unadjusted', plain.difference), ...p };
}

function margin({ margin: judged }: Pick<Comparison, 'margin'>): Row {
  return judged ? { margin: judged.conclusion, worst: judged.worst } : {};
}

function cohortRows(cohort: CohortReport): Row[] {
  return cohort.effects.flatMap((effect) => {
    const place = { metric: effect.metric, trait: cohort.trait, arm: effect.arm, against: effect.against };
    return [
      ...effect.values.map((value) => ({
        ...place,
        row: 'cohort',
        cohort: value.value,
        n: value.n.control + value.n.arm,
        ...estimate('value', value.treated),
        ...estimate('difference', value.difference),
        ...test(value.test),
        ...refusal(value.test),
      })),
      {
        ...place,
        row: 'interaction',
        ...test(effect.interaction),
        p_adjusted: effect.adjusted?.p,
        ...refusal(effect.interaction),
      },
    ];
  });
}

function estimate(name: 'value' | 'difference' | 'uplift' | 'unadjusted', of: ReportEstimate | Refusal): Row {
  if ('refused' in of) return {};
  return {
    [name]: of.value,
    [`${name}_lower`]: of.lower ?? '-Infinity',
    [`${name}_upper`]: of.upper ?? 'Infinity',
  };
}

function test(of: ReportTest | Refusal): Row {
  return 'refused' in of ? {} : { statistic: of.statistic, df: of.df.join(' '), p: of.p };
}

function refusal(...parts: readonly (ReportEstimate | ReportTest | Refusal)[]): Row {
  const codes = parts.flatMap((part) => ('refused' in part ? [part.code] : []));
  return codes.length > 0 ? { refused: [...new Set(codes)].join(' ') } : {};
}

/**
 * Texts come from files and forms: one that a spreadsheet would take for a formula gets an apostrophe in front.
 * Numbers are our own and stay numbers.
 */
function field(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const number = /^-?(\d+(\.\d+)?|Infinity)$/.test(value);
  const safe = !number && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
