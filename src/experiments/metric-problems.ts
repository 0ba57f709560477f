import type { Count, Measure, MetricType, PropertyFilter } from './experiment.js';
import { isDiagnostic, isMeasuredAfterDelivery } from './is-diagnostic.js';
import type { MetricDraft } from './metric-draft.js';
import type { Problem } from './read-with.js';
import { capOf, defaultCounts, defaultStart, denominatorOf } from './to-metric.js';

/** What a metric stands in. */
export interface MetricSurroundings {
  readonly currency: string | undefined;
  /** Whether the experiment has a window that the metric can take. */
  readonly hasWindow: boolean;
}

/** What does not fit together in one metric, each thing with its path inside the metric. */
export function metricProblems(metric: MetricDraft, around: MetricSurroundings): Problem[] {
  const { denominator } = metric;
  return [
    ...countProblems(metric),
    ...measureProblems({ ...metric, count: countOf(metric) }, ''),
    ...denominatorProblems(metric),
    ...(typeof denominator === 'object' ? measureProblems(denominator, 'denominator.') : []),
    ...windowProblems(metric, around),
    ...capProblems(metric, around),
    ...marginProblems(metric),
    ...covariateProblems(metric),
    ...diagnosticProblems(metric),
  ];
}

/** Whether a metric reads amounts, for which the experiment needs a currency. */
export function readsMoney(metric: MetricDraft): boolean {
  const measures = [{ ...metric, count: countOf(metric) }, denominatorOf(metric.denominator)];
  return measures.some(
    (measure) =>
      measure?.count === 'value' || measure?.where?.some((filter) => filter.property === 'value') === true,
  );
}

const countsByType: Readonly<Record<MetricType, readonly Count[]>> = {
  proportion: ['once'],
  mean: ['events', 'messages'],
  money: ['value'],
  ratio: ['once', 'messages', 'events', 'value'],
  retention: ['again'],
  time_to_event: ['minutes'],
};

function countOf(metric: Pick<MetricDraft, 'type' | 'count'>): Count | undefined {
  return metric.count ?? defaultCounts[metric.type];
}

function countProblems(metric: MetricDraft): Problem[] {
  const possible = countsByType[metric.type];
  const count = countOf(metric);
  if (count !== undefined && possible.includes(count)) return [];
  const message =
    count === undefined
      ? `say what stands above the line of the ratio: ${possible.join(', ')}`
      : `a metric of type ${metric.type} counts ${possible.join(' or ')}, not ${count}; change count or type`;
  return [{ path: 'count', message }];
}

/** Events that belong to a recipient and to no message. */
const withoutMessage: ReadonlySet<string> = new Set(['view', 'cart', 'click', 'purchase']);

interface MeasureDraft {
  readonly event: Measure['event'];
  readonly classes?: readonly string[];
  readonly where?: readonly PropertyFilter[];
  readonly count?: Count;
}

function measureProblems(measure: MeasureDraft, path: string): Problem[] {
  const { event, classes, where = [], count } = measure;
  const problems: Problem[] = [];
  if (count === 'value' && event !== 'converted' && event !== 'purchase') {
    problems.push({ path: `${path}event`, message: 'only converted and purchase events carry money' });
  }
  if (count === 'messages' && withoutMessage.has(event)) {
    problems.push({
      path: `${path}count`,
      message: `a ${event} belongs to no message; count events, or take an event of messages`,
    });
  }
  if (classes && event !== 'opened' && event !== 'clicked') {
    problems.push({ path: `${path}classes`, message: 'only opened and clicked events carry a class' });
  }
  where.forEach((filter, i) => {
    problems.push(
      ...filterProblems(filter).map((one) => ({ ...one, path: `${path}where[${i}].${one.path}` })),
    );
  });
  return problems;
}

const textProperties: ReadonlySet<string> = new Set(['category', 'item', 'currency', 'order', 'url']);
const withoutValue: ReadonlySet<PropertyFilter['op']> = new Set([
  'exists',
  'new',
  'above_history',
  'has_history',
]);
const comparing: ReadonlySet<PropertyFilter['op']> = new Set(['gt', 'gte', 'lt', 'lte', 'above_history']);

function filterProblems({ property, op, value }: PropertyFilter): Problem[] {
  if (comparing.has(op) && textProperties.has(property)) {
    return [
      { path: 'op', message: `${property} is a text, which is neither above nor below; use eq, ne or in` },
    ];
  }
  if (withoutValue.has(op)) {
    return value === undefined ? [] : [{ path: 'value', message: `${op} needs no value; leave it out` }];
  }
  const wanted = wantedValue(property, op);
  const given = op === 'in' ? value : [value];
  const fits = Array.isArray(given) && given.every((one) => wanted.types.includes(typeof one));
  return fits ? [] : [{ path: 'value', message: `${op} on ${property} needs ${wanted.words}` }];
}

/** Nothing is converted: the text "3" is not the number 3. Texts compare by code unit, as ISO dates want it. */
function wantedValue(
  property: string,
  op: PropertyFilter['op'],
): { types: readonly string[]; words: string } {
  const list = op === 'in';
  if (property === 'value') return { types: ['number'], words: list ? 'a list of numbers' : 'a number' };
  if (textProperties.has(property)) return { types: ['string'], words: list ? 'a list of texts' : 'a text' };
  if (list) return { types: ['string', 'number'], words: 'a list of texts and numbers' };
  if (comparing.has(op)) return { types: ['string', 'number'], words: 'a number or a text' };
  return { types: ['string', 'number', 'boolean'], words: 'a text, a number, true or false' };
}

function denominatorProblems({ type, denominator }: MetricDraft): Problem[] {
  const path = 'denominator';
  const none = denominator === undefined || denominator === 'assigned';
  if (type === 'ratio') {
    const message =
      'a ratio needs a denominator, such as "delivered"; per assigned recipient it is a mean, money or a proportion';
    return none ? [{ path, message }] : [];
  }
  if (none) return [];
  if (type !== 'proportion') {
    const message = `a metric of type ${type} is over everybody who was assigned; leave the denominator out, or make it a ratio`;
    return [{ path, message }];
  }
  if (typeof denominator === 'object' && denominator.count !== 'once') {
    const message = 'a proportion is a share of recipients: count once here, or make it a ratio';
    return [{ path: `${path}.count`, message }];
  }
  return [];
}

function windowProblems(metric: MetricDraft, around: MetricSurroundings): Problem[] {
  const problems: Problem[] = [];
  if (metric.type === 'time_to_event') {
    if (metric.window === undefined && !around.hasWindow) {
      problems.push({
        path: 'window',
        message: 'needs a window, which is what counts for a recipient without the event; write "14d"',
      });
    }
    if ((metric.from ?? defaultStart(metric.type)) === 'send') {
      problems.push({
        path: 'from',
        message: 'time has one beginning and there may be several sends: use first_send or assignment',
      });
    }
  }
  if (metric.gap !== undefined && metric.type !== 'retention') {
    problems.push({ path: 'gap', message: 'only retention has a gap between two events; leave it out' });
  }
  return problems;
}

function capProblems(metric: MetricDraft, around: MetricSurroundings): Problem[] {
  if (metric.cap === undefined) return [];
  const count = countOf(metric);
  if (count === 'once' || count === 'again' || count === 'minutes') {
    const limit = count === 'minutes' ? 'the window' : '1';
    return [{ path: 'cap', message: `one recipient counts at most ${limit} already; leave the cap out` }];
  }
  if (count === 'value' && around.currency === undefined) return [];
  if (capOf(metric, around.currency) !== undefined) return [];
  const message =
    count === 'value'
      ? `must be an amount above 0 in major units of ${around.currency ?? ''}, such as "250", with no more digits than its minor unit and less than 10^15 of those`
      : 'must be a whole number from 1 to 999999999999999';
  return [{ path: 'cap', message }];
}

function marginProblems({ margin, role, type }: MetricDraft): Problem[] {
  if (margin === undefined) return [];
  if (role !== 'guardrail') {
    return [
      { path: 'margin', message: 'only a guardrail has a margin; make it one or leave the margin out' },
    ];
  }
  const isShare = type === 'proportion' || type === 'retention';
  if ('absolute' in margin && isShare && margin.absolute >= 1) {
    return [
      { path: 'margin.absolute', message: 'a share cannot get worse by 1 or more; 0.002 is 0.2 points' },
    ];
  }
  return [];
}

const aboutHistory: ReadonlySet<PropertyFilter['op']> = new Set(['new', 'above_history', 'has_history']);

function covariateProblems(metric: MetricDraft): Problem[] {
  if (metric.covariate === undefined) return [];
  const path = 'covariate';
  if (countOf(metric) === 'messages' || countOf(metric) === 'minutes') {
    const message = `there is no such measure before the assignment for ${countOf(metric) ?? ''}; leave the covariate out`;
    return [{ path, message }];
  }
  if (metric.where?.some((filter) => aboutHistory.has(filter.op))) {
    const message =
      'what is new against the history cannot be measured in the history; leave the covariate out';
    return [{ path, message }];
  }
  return [];
}

function diagnosticProblems(metric: MetricDraft): Problem[] {
  const denominator = denominatorOf(metric.denominator);
  const problems: Problem[] = [];
  if (metric.diagnostic === false && isMeasuredAfterDelivery(denominator)) {
    problems.push({
      path: 'diagnostic',
      message:
        'its denominator is what recipients did after the delivery, so arms compare different people; leave diagnostic out',
    });
  }
  if (metric.role !== 'secondary' && isDiagnostic({ denominator, diagnostic: metric.diagnostic })) {
    problems.push({
      path: 'role',
      message: `a diagnostic metric decides nothing and cannot be ${metric.role}; make it secondary, or measure over assigned, sent or delivered`,
    });
  }
  return problems;
}
