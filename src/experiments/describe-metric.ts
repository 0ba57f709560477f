import { spellDuration } from './duration.js';
import type { EventType, Experiment, Measure, Metric, PropertyFilter, WindowStart } from './experiment.js';
import { isMeasuredAfterDelivery } from './is-diagnostic.js';
import { currencyExponent, formatAmount } from './money.js';

type Surroundings = Pick<Experiment, 'windowMs' | 'currency'>;

/** What somebody did, and what is counted of it. */
const words: Readonly<Record<EventType, { verb: string; noun: string }>> = {
  sent: { verb: 'were sent a message', noun: 'messages sent' },
  delivered: { verb: 'had a message delivered', noun: 'messages delivered' },
  opened: { verb: 'opened', noun: 'opens' },
  clicked: { verb: 'clicked', noun: 'clicks' },
  converted: { verb: 'converted', noun: 'conversions' },
  unsubscribed: { verb: 'unsubscribed', noun: 'unsubscribes' },
  complained: { verb: 'complained', noun: 'complaints' },
  bounced: { verb: 'bounced', noun: 'bounces' },
  view: { verb: 'viewed something in the shop', noun: 'views in the shop' },
  cart: { verb: 'put something into the cart', noun: 'things put into the cart' },
  click: { verb: 'clicked in the shop', noun: 'clicks in the shop' },
  purchase: { verb: 'purchased', noun: 'purchases' },
  refund: { verb: 'got a refund', noun: 'refunds' },
  cancel: { verb: 'cancelled an order', noun: 'cancelled orders' },
  void: { verb: 'had an event taken back', noun: 'events taken back' },
};

/**
 * What a metric counts, over whom and in which window: one exact sentence for the reader of a report. Two metrics with the
 * same sentence are the same measure.
 */
export function describeMetric(metric: Metric, experiment: Surroundings): string {
  const clauses = [
    whatIsCounted(metric, experiment),
    ...orderClauses(metric),
    ...capClauses(metric, experiment),
    ...marginClauses(metric, experiment),
    ...(metric.covariateMs === undefined
      ? []
      : [`adjusted for the same in the ${spellDuration(metric.covariateMs)} before the assignment`]),
    ...(metric.maturityMs === undefined
      ? []
      : [`late events are waited for ${spellDuration(metric.maturityMs)}`]),
    ...diagnosticClauses(metric),
  ];
  return `${clauses.join('; ')}.`;
}

function whatIsCounted(metric: Metric, experiment: Surroundings): string {
  const within = windowOf(metric, experiment);
  const did = `${words[metric.event].verb}${detailOf(metric, experiment)}`;
  const each = 'per enrolled recipient, zeros included';
  switch (metric.type) {
    case 'proportion': {
      if (!metric.denominator)
        return `Share of all enrolled recipients who ${did}${within}; each counts once`;
      const all = thingsOf(metric.denominator, experiment);
      return `Of the enrolled ${all}, the share who ${did}, both${within || ' in all'}; each counts once`;
    }
    case 'mean':
      return `Number of ${thingsOf(metric, experiment)}${within}, ${each}`;
    case 'money':
      return capital(`${thingsOf(metric, experiment)}${within}, ${each}`);
    case 'ratio': {
      const below = metric.denominator ? thingsOf(metric.denominator, experiment) : 'enrolled recipients';
      return `${capital(thingsOf(metric, experiment))}, divided by ${below}, both${within || ' in all'}`;
    }
    case 'retention': {
      const later = metric.gapMs ? `${spellDuration(metric.gapMs)} or more` : 'any time';
      return `Share of all enrolled recipients who ${did} and did so again ${later} later, both${within || ' in all'}; each counts once`;
    }
    case 'time_to_event':
      return `Whole minutes ${sinceOf(metric)} until recipients first ${did}${within}, per enrolled recipient; who did not counts with the whole window`;
  }
}

/** What a measure comes to, as a noun. */
function thingsOf(measure: Measure, experiment: Surroundings): string {
  const { verb, noun } = words[measure.event];
  const detail = detailOf(measure, experiment);
  switch (measure.count) {
    case 'value':
      return `${experiment.currency ?? 'money'} from ${noun}${detail}`;
    case 'messages':
      return measure.event === 'sent' || measure.event === 'delivered'
        ? `${noun}${detail}`
        : `messages in which recipients ${verb}${detail}`;
    case 'events':
      return `${noun}${detail}`;
    default:
      return `recipients who ${verb}${detail}`;
  }
}

/** Classes and conditions. */
function detailOf(measure: Measure, experiment: Surroundings): string {
  const classed = measure.event === 'opened' || measure.event === 'clicked';
  const classes = classed ? ` (${measure.classes.join(', ').replaceAll('_', ' ')})` : '';
  const conditions = (measure.where ?? []).map((filter) => conditionOf(filter, measure.event, experiment));
  return `${classes}${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}`;
}

function conditionOf(
  { property, op, value }: PropertyFilter,
  event: EventType,
  experiment: Surroundings,
): string {
  const before = `the recipient's ${words[event].noun} before the assignment`;
  const unit = property === 'value' && experiment.currency !== undefined ? ` ${experiment.currency}` : '';
  const shown = `${(Array.isArray(value) ? value : [value]).map((one) => JSON.stringify(one)).join(', ')}${unit}`;
  switch (op) {
    case 'eq':
      return `${property} is ${shown}`;
    case 'ne':
      return `${property} is not ${shown}`;
    case 'in':
      return `${property} is one of ${shown}`;
    case 'gt':
      return `${property} is above ${shown}`;
    case 'gte':
      return `${property} is at least ${shown}`;
    case 'lt':
      return `${property} is below ${shown}`;
    case 'lte':
      return `${property} is at most ${shown}`;
    case 'exists':
      return `${property} is known`;
    case 'new':
      return `${property} is new against ${before}, of which some had one`;
    case 'above_history':
      return `${property} is above that of all ${before}, of which some had one`;
    case 'has_history':
      return `some of ${before} had a ${property}`;
  }
}

const starts: Readonly<Record<WindowStart, string>> = {
  send: 'their own send',
  first_send: 'their own first send',
  assignment: 'their assignment',
};

/** The window in words; nothing where it is not declared yet. */
function windowOf(metric: Metric, experiment: Surroundings): string {
  const window = metric.windowMs ?? experiment.windowMs;
  if (window === undefined) return '';
  const start = starts[metric.from];
  if (metric.delayMs === undefined) return ` within ${spellDuration(window)} of ${start}`;
  return ` within the ${spellDuration(window)} that begin ${spellDuration(metric.delayMs)} after ${start}`;
}

function sinceOf(metric: Metric): string {
  const start = starts[metric.from];
  return metric.delayMs === undefined
    ? `from ${start}`
    : `from ${spellDuration(metric.delayMs)} after ${start}`;
}

function diagnosticClauses({ denominator, diagnostic }: Metric): string[] {
  if (isMeasuredAfterDelivery(denominator)) {
    return ['diagnostic, because what it is divided by comes after the delivery'];
  }
  return diagnostic ? ['declared as diagnostic'] : [];
}

/** What becomes of orders that come twice, are refunded or cancelled. */
function orderClauses(metric: Metric): string[] {
  const counts = [metric, metric.denominator].flatMap((measure) =>
    measure && (measure.event === 'converted' || measure.event === 'purchase') ? [measure.count] : [],
  );
  if (counts.length === 0) return [];
  return [
    ...(counts.includes('value') ? ['refunds are subtracted'] : []),
    counts.includes('value') || counts.includes('events')
      ? 'an order counts once, a cancelled one not at all'
      : 'a cancelled order does not count',
  ];
}

function capClauses({ cap, count }: Metric, { currency }: Surroundings): string[] {
  if (cap === undefined) return [];
  const most =
    count === 'value'
      ? `${formatAmount(BigInt(cap), currencyExponent(currency ?? ''))} ${currency ?? ''}`.trim()
      : String(cap);
  return [`one recipient counts at most ${most}`];
}

function marginClauses({ margin, type, count, denominator }: Metric, { currency }: Surroundings): string[] {
  if (!margin) return [];
  if (margin.kind === 'relative') {
    return [`it may get worse by ${hundredths(margin.size)} % of the level of the control`];
  }
  if (type === 'proportion' || type === 'retention') {
    return [`it may get worse by ${hundredths(margin.size)} percentage points`];
  }
  const money = count === 'value' && denominator?.count !== 'value' ? ` ${currency ?? ''}`.trimEnd() : '';
  return [`it may get worse by ${margin.size}${type === 'time_to_event' ? ' minutes' : money}`];
}

function hundredths(share: number): number {
  return Number((share * 100).toPrecision(12));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const harms: ReadonlySet<EventType> = new Set(['unsubscribed', 'complained', 'bounced', 'refund', 'cancel']);

/** Which way is better: as declared, or what is plain from the event. The later a harm comes, the better. */
export function directionOf(metric: Pick<Metric, 'direction' | 'event' | 'type'>): 'increase' | 'decrease' {
  if (metric.direction) return metric.direction;
  return harms.has(metric.event) === (metric.type === 'time_to_event') ? 'increase' : 'decrease';
}
