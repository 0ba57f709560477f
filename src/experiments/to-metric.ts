import { parseDuration } from './duration.js';
import type { Count, Measure, Metric, MetricType, WindowStart } from './experiment.js';
import { isDiagnostic } from './is-diagnostic.js';
import type { MetricDraft } from './metric-draft.js';
import { currencyExponent, parseAmount } from './money.js';

/** What a metric counts unless it says otherwise; a ratio says it. */
export const defaultCounts: Readonly<Record<MetricType, Count | undefined>> = {
  proportion: 'once',
  mean: 'events',
  money: 'value',
  ratio: undefined,
  retention: 'again',
  time_to_event: 'minutes',
};

/** Where a window begins unless the metric says otherwise. What asks for a first event needs one beginning. */
export function defaultStart(type: MetricType): WindowStart {
  return type === 'retention' || type === 'time_to_event' ? 'first_send' : 'send';
}

/** The finished metric of a draft without problems. */
export function toMetric(draft: MetricDraft, currency: string | undefined): Metric {
  const denominator = denominatorOf(draft.denominator);
  const margin = draft.margin;
  return {
    key: draft.key,
    title: draft.title ?? draft.key,
    type: draft.type,
    event: draft.event,
    classes: classesOf(draft.classes),
    ...(draft.where && draft.where.length > 0 && { where: draft.where }),
    count: draft.count ?? defaultCounts[draft.type] ?? 'once',
    role: draft.role,
    direction: draft.direction,
    ...(denominator && { denominator }),
    from: draft.from ?? defaultStart(draft.type),
    windowMs: milliseconds(draft.window),
    delayMs: milliseconds(draft.delay),
    gapMs: milliseconds(draft.gap),
    cap: capOf(draft, currency),
    ...(margin && {
      margin:
        'relative' in margin
          ? { kind: 'relative', size: margin.relative }
          : { kind: 'absolute', size: margin.absolute },
    }),
    covariateMs: milliseconds(draft.covariate?.window),
    maturityMs: milliseconds(draft.maturity),
    ...(isDiagnostic({ denominator, diagnostic: draft.diagnostic }) && { diagnostic: true }),
  };
}

/** The measure below the line; undefined for everybody who was assigned. */
export function denominatorOf(draft: MetricDraft['denominator']): Measure | undefined {
  if (draft === undefined || draft === 'assigned') return undefined;
  if (typeof draft === 'string') return { event: draft, classes: classesOf(undefined), count: 'once' };
  const { event, classes, where, count } = draft;
  return { event, classes: classesOf(classes), ...(where && where.length > 0 && { where }), count };
}

/** The cap in the integer unit of the outcome; undefined where it is none: negative, too large, half an event. */
export function capOf(
  draft: Pick<MetricDraft, 'cap' | 'type' | 'count'>,
  currency: string | undefined,
): number | undefined {
  if (draft.cap === undefined) return undefined;
  const money = (draft.count ?? defaultCounts[draft.type]) === 'value';
  const units = parseAmount(String(draft.cap), money ? currencyExponent(currency ?? '') : 0);
  return units === undefined || units <= 0n ? undefined : Number(units);
}

function classesOf(classes: MetricDraft['classes']): Measure['classes'] {
  return classes === undefined ? ['human', 'unknown'] : [...new Set(classes)];
}

function milliseconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
