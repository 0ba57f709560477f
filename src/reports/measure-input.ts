import { spellDuration } from '../experiments/duration.js';
import type { EventType, Measure, Metric } from '../experiments/experiment.js';
import { currencyExponent } from '../experiments/money.js';
import { unitOf, type MetricUnit } from './metric-unit.js';
import type { ReportMetricInput } from './report-input.js';

/** Privacy proxies load the pictures of whole mailboxes, whatever the arm: statistics must not pretend otherwise. */
const opensDecideNothing =
  'opens are pictures loaded, by machines as often as by people. Decide on clicks or conversions.';

/** Fixed by the sending, not by what recipients do with the message. */
const beforeAnyEffect: ReadonlySet<EventType> = new Set(['sent', 'delivered']);

type MeasureInput = Pick<
  ReportMetricInput,
  | 'exponent'
  | 'currency'
  | 'unit'
  | 'denominator'
  | 'denominatorExponent'
  | 'covariate'
  | 'diagnostic'
  | 'margin'
  | 'cap'
  | 'undecidable'
>;

/** How the outcome of a declared metric is to be read: its unit, what it is divided by, and whether it may decide. */
export function measureInput(metric: Metric, currency: string | undefined): MeasureInput {
  const { denominator, covariateMs, margin, cap } = metric;
  const money = (measure: Measure): boolean => measure.count === 'value';
  const digits = (measure: Measure): number => (money(measure) ? currencyExponent(currency ?? '') : 0);
  const own = metric.type === 'money' || money(metric);
  const diagnostic = isDiagnostic(metric);
  const why = undecidable(metric, diagnostic);
  return {
    exponent: metric.type === 'money' ? currencyExponent(currency ?? '') : digits(metric),
    currency: own && !(denominator && money(denominator)) ? currency : undefined,
    unit: unitOfMetric(metric, currency),
    ...(denominator
      ? { denominator: countWords(denominator, currency), denominatorExponent: digits(denominator) }
      : {}),
    ...(covariateMs === undefined ? {} : { covariate: covariateWords(covariateMs) }),
    ...(diagnostic ? { diagnostic } : {}),
    ...(margin ? { margin } : {}),
    ...(cap === undefined ? {} : { cap }),
    undecidable: why,
  };
}

/** What recipients do after the send sorts them: a denominator of openers or buyers is not the same people in two arms. */
function isDiagnostic({ diagnostic, denominator }: Metric): boolean {
  return diagnostic === true || (denominator !== undefined && !beforeAnyEffect.has(denominator.event));
}

function undecidable({ event, denominator }: Metric, diagnostic: boolean): string | undefined {
  if (event === 'opened') return opensDecideNothing;
  if (!diagnostic) return undefined;
  const what = denominator
    ? `it looks only at those who ${did[denominator.event]}, who are other people in every arm`
    : 'it is a diagnostic, in which the arms compare different people';
  return `${what}. Decide on an outcome per recipient.`;
}

/** A quotient of like counts is a share; of amounts over counts, money. */
function unitOfMetric(metric: Metric, currency: string | undefined): MetricUnit {
  const { type, denominator } = metric;
  if (type !== 'ratio' || !denominator) return unitOf({ type });
  const whether = (measure: Measure): boolean => measure.count === 'once' || measure.count === 'messages';
  if (whether(metric) && whether(denominator)) return 'share';
  if (metric.count === 'value' && denominator.count !== 'value') return 'money';
  if (metric.count === 'minutes') return 'minutes';
  return currency !== undefined && metric.count === 'value' && denominator.count === 'value'
    ? 'share'
    : 'number';
}

/** The end of “of 1,234 …”. */
function countWords(measure: Measure, currency: string | undefined): string {
  switch (measure.count) {
    case 'once':
    case 'again':
      return done[measure.event];
    case 'messages':
      return `messages ${done[measure.event]}`;
    case 'events':
      return things[measure.event];
    case 'value':
      return `${currency ?? ''} ${things[measure.event]}`.trim();
    case 'minutes':
      return 'minutes';
  }
}

function covariateWords(ms: number): string {
  return `the same measure in the ${spellDuration(ms)} before the assignment`;
}

const done: Readonly<Record<EventType, string>> = {
  sent: 'sent',
  delivered: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  converted: 'converted',
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  bounced: 'bounced',
  view: 'with a view',
  cart: 'with a filled cart',
  click: 'with a click in the shop',
  purchase: 'with a purchase',
  refund: 'with a refund',
  cancel: 'with a cancelled order',
  void: 'with an event taken back',
};

const things: Readonly<Record<EventType, string>> = {
  sent: 'sends',
  delivered: 'deliveries',
  opened: 'opens',
  clicked: 'clicks',
  converted: 'orders',
  unsubscribed: 'unsubscribes',
  complained: 'complaints',
  bounced: 'bounces',
  view: 'views',
  cart: 'carts',
  click: 'clicks in the shop',
  purchase: 'purchases',
  refund: 'refunds',
  cancel: 'cancelled orders',
  void: 'events taken back',
};

const did: Readonly<Record<EventType, string>> = {
  ...done,
  sent: 'were sent to',
  delivered: 'were delivered to',
  bounced: 'bounced',
  view: 'viewed something',
  cart: 'filled a cart',
  click: 'clicked in the shop',
  purchase: 'bought',
  refund: 'got a refund',
  cancel: 'cancelled an order',
  void: 'had an event taken back',
};
