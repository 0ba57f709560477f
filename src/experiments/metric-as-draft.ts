import { formatDuration } from './duration.js';
import type { Measure, Metric } from './experiment.js';
import type { MetricDraft } from './metric-draft.js';
import { currencyExponent, formatAmount } from './money.js';

/** A metric as somebody would declare it, with everything that was filled in: `toMetric` makes the same of it again. */
export function metricAsDraft(metric: Metric, currency: string | undefined): MetricDraft {
  const { cap, margin, denominator } = metric;
  return {
    key: metric.key,
    title: metric.title,
    type: metric.type,
    ...measureAsDraft(metric),
    count: metric.count,
    role: metric.role,
    ...(metric.direction && { direction: metric.direction }),
    ...(denominator && {
      denominator: {
        ...measureAsDraft(denominator),
        count: denominator.count as 'once' | 'messages' | 'events' | 'value',
      },
    }),
    from: metric.from,
    ...durationAs('window', metric.windowMs),
    ...durationAs('delay', metric.delayMs),
    ...durationAs('gap', metric.gapMs),
    ...(cap !== undefined && { cap: metric.count === 'value' ? amount(cap, currency) : cap }),
    ...(margin && {
      margin: margin.kind === 'relative' ? { relative: margin.size } : { absolute: margin.size },
    }),
    ...(metric.covariateMs && { covariate: { window: formatDuration(metric.covariateMs) } }),
    ...durationAs('maturity', metric.maturityMs),
    ...(metric.diagnostic && { diagnostic: true }),
  };
}

type MeasureFields = Pick<MetricDraft, 'event' | 'classes' | 'where'>;

function measureAsDraft({ event, classes, where }: Measure): MeasureFields {
  return {
    event: event as MetricDraft['event'],
    ...((event === 'opened' || event === 'clicked') && { classes: [...classes] }),
    ...(where && { where: where.map(({ value, ...filter }) => ({ ...filter, ...valueOf(value) })) }),
  };
}

type FilterValue = NonNullable<NonNullable<MetricDraft['where']>[number]['value']>;

function valueOf(value: NonNullable<Measure['where']>[number]['value']): { value?: FilterValue } {
  if (value === undefined) return {};
  return { value: typeof value === 'object' ? [...value] : value };
}

function durationAs<K extends string>(key: K, ms: number | undefined): { [P in K]?: string } {
  // A gap of 0 is no gap; a draft cannot say it otherwise.
  return (ms ? { [key]: formatDuration(ms) } : {}) as { [P in K]?: string };
}

function amount(units: number, currency: string | undefined): string {
  return formatAmount(BigInt(units), currencyExponent(currency ?? ''));
}
