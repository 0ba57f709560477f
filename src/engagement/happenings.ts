import type { EventClass, EventType, Experiment } from '../experiments/experiment.js';
import { convertMinorUnits } from '../experiments/money.js';
import type { HistoryEvent } from './history.js';

/**
 * What really happened to one recipient, out of the events that report it: mistakes taken back, every order once, money
 * in the currency of the experiment, refunds beside their orders.
 */
export interface Happening {
  readonly type: EventType;
  readonly at: number;
  readonly wave?: string;
  readonly class?: EventClass;
  /**
   * Minor units of the experiment's currency; negative for a refund. Undefined: none given, or not convertible; of a refund,
   * that it is of all that is left of its order.
   */
  readonly value?: bigint;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly currency?: string;
  readonly order?: string;
  /** An order that was reported as a purchase, whatever else it was reported as. */
  readonly bought?: boolean;
  readonly cancelledAt?: number;
  /** Of a refund: the order that the money was paid for; `unknown` where it names one that was never reported. */
  readonly refundOf?: Happening | 'unknown';
  readonly isRefund?: boolean;
}

type Draft = { -readonly [K in keyof Happening]: Happening[K] };

/** @param events one recipient's history, in order. */
export function happeningsOf(
  experiment: Pick<Experiment, 'currency' | 'exchange'>,
  events: readonly HistoryEvent[],
): readonly Happening[] {
  if (!events.some((event) => isIntricate(event))) return events as readonly (HistoryEvent & Happening)[];
  const voided = voidedBy(events);
  const found: Draft[] = [];
  const orders = new Map<string, Draft>();
  const reversals: HistoryEvent[] = [];
  for (const event of events) {
    if (event.type === 'void' || voided?.has(event.key) === true) continue;
    if (isReversal(event)) reversals.push(event);
    else if (isOrder(event)) addOrder(event, found, orders, experiment);
    else found.push(event.value === undefined ? asHappening(event) : withOwnValue(event, experiment));
  }
  for (const event of reversals) reverse(event, found, orders, experiment);
  return found;
}

/** Keys of the events that were mistakes; undefined where there is none, as nearly always. */
function voidedBy(events: readonly HistoryEvent[]): ReadonlySet<string> | undefined {
  let voided: Set<string> | undefined;
  for (const { type, target } of events) {
    if (type === 'void' && target !== undefined) (voided ??= new Set()).add(target);
  }
  return voided;
}

/** An event without an amount says all that a happening needs; only orders are changed afterwards. */
function asHappening(event: HistoryEvent): Draft {
  return event as HistoryEvent & Happening;
}

/** Most events stand for themselves, so most histories need no work. */
function isIntricate(event: HistoryEvent): boolean {
  return event.value !== undefined || event.order !== undefined || event.type === 'void' || isReversal(event);
}

function isReversal(event: HistoryEvent): boolean {
  return event.type === 'refund' || event.type === 'cancel' || isNegative(event);
}

function isNegative(event: HistoryEvent): boolean {
  return (event.type === 'converted' || event.type === 'purchase') && (event.value ?? 0) < 0;
}

function isOrder(event: HistoryEvent): boolean {
  return event.type === 'converted' || event.type === 'purchase';
}

/** The first report of an order is the order; later ones only add what the first did not say. */
function addOrder(
  event: HistoryEvent,
  found: Draft[],
  orders: Map<string, Draft>,
  experiment: Pick<Experiment, 'currency' | 'exchange'>,
): void {
  const known = event.order === undefined ? undefined : orders.get(event.order);
  const value = ownValue(event, experiment);
  if (known) {
    if (known.value === undefined && value !== undefined) {
      known.value = value;
      known.currency = event.currency;
    }
    known.wave ??= event.wave;
    known.bought ||= event.type === 'purchase';
    if (event.properties) known.properties = { ...event.properties, ...known.properties };
    return;
  }
  const order = withOwnValue(event, experiment);
  order.bought = event.type === 'purchase';
  found.push(order);
  if (event.order !== undefined) orders.set(event.order, order);
}

function reverse(
  event: HistoryEvent,
  found: Draft[],
  orders: ReadonlyMap<string, Draft>,
  experiment: Pick<Experiment, 'currency' | 'exchange'>,
): void {
  const order = event.order === undefined ? undefined : orders.get(event.order);
  if (event.type === 'cancel') {
    if (order) order.cancelledAt = Math.min(order.cancelledAt ?? Infinity, event.at);
    return;
  }
  const size = ownValue(event, experiment);
  // An amount that cannot be converted is no amount; without one, a refund is of all that is left of its order.
  if (size === undefined && event.value !== undefined) return;
  found.push({
    ...event,
    value: size === undefined || size < 0n ? size : -size,
    isRefund: true,
    ...(event.order !== undefined && { refundOf: order ?? 'unknown' }),
  });
}

/** Field by field: a copy that is spread has another shape each time, which everything after it pays for. */
function withOwnValue(event: HistoryEvent, experiment: Pick<Experiment, 'currency' | 'exchange'>): Draft {
  return {
    type: event.type,
    at: event.at,
    wave: event.wave,
    class: event.class,
    value: ownValue(event, experiment),
    properties: event.properties,
    currency: event.currency,
    order: event.order,
  };
}

function ownValue(
  event: HistoryEvent,
  { currency, exchange }: Pick<Experiment, 'currency' | 'exchange'>,
): bigint | undefined {
  if (event.value === undefined || event.currency === undefined || currency === undefined) return undefined;
  const units = BigInt(event.value);
  if (event.currency === currency) return units;
  const rate = exchange && Object.hasOwn(exchange, event.currency) ? exchange[event.currency] : undefined;
  return rate === undefined ? undefined : convertMinorUnits(units, event.currency, currency, rate);
}
