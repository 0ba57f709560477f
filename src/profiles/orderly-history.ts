import type { Behaviour, History, HistoryNeeds } from './history.js';

/** An event as it was reported. */
export interface Reported extends Behaviour {
  /** `void`: id of the event that is taken back. */
  readonly target?: string;
}

/** Events that change what others come to: without all of them an order may seem to be made twice, or not at all. */
const ofOrders = ['converted', 'purchase', 'refund', 'cancel'] as const;

/** What must be read to know of these types, whatever the lookback: an order may have been reported first before it began. */
export function reportsNeeded(types: readonly string[]): {
  readonly always: readonly string[];
  readonly within: readonly string[];
} {
  if (types.length === 0) return { always: [], within: [] };
  const always = new Set(['void']);
  if (types.some(isOfOrders)) for (const type of ofOrders) always.add(type);
  return { always: [...always], within: types.filter((type) => !always.has(type)) };
}

/**
 * What one recipient really did, out of the reports of it: what a `void` names is gone; an order counts once, at its first
 * report, whose gaps later reports fill; a `converted` with an order or an amount is a `purchase`; a cancelled order is gone
 * with its refunds; a refund is below 0 and never more than is left of its order, all of it where it names no amount. A
 * negative purchase is a refund. The order and repetition of the reports make no difference.
 *
 * @param reports everything that happened before some clock; what was to come is not in it.
 */
export function orderlyHistory(reports: readonly Reported[]): History {
  const sorted = inOrder(reports);
  if (!sorted.some(isIntricate)) return sorted;
  const voided = new Set(sorted.flatMap(({ type, target }) => (type === 'void' && target ? [target] : [])));
  const book = new OrderBook();
  for (const report of sorted) {
    if (report.type !== 'void' && !voided.has(report.id)) book.add(report);
  }
  return book.history();
}

/** The part of a history that is needed at a clock. */
export function neededOf(history: History, needs: HistoryNeeds, clock: number): History {
  const types = new Set(needs.types);
  const since = needs.lookbackMs === undefined ? -Infinity : clock - needs.lookbackMs;
  return history.filter(({ type, at }) => types.has(type) && at >= since && at < clock);
}

/** By time, then by id; each id once. */
function inOrder(reports: readonly Reported[]): readonly Reported[] {
  const sorted = [...reports].sort(compare);
  const known = new Set<string>();
  return sorted.filter(({ id }) => !known.has(id) && known.add(id));
}

function compare(a: Behaviour, b: Behaviour): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function isOfOrders(type: string): boolean {
  return (ofOrders as readonly string[]).includes(type);
}

function isIntricate({ type }: Reported): boolean {
  return type === 'void' || isOfOrders(type);
}

type Draft = { -readonly [K in keyof Behaviour]: Behaviour[K] };

/** Orders and what becomes of them. Reports come in order. */
class OrderBook {
  private readonly found: Draft[] = [];
  private readonly orders = new Map<string, Draft>();
  private readonly cancelled = new Set<string>();
  private readonly refunds: Reported[] = [];

  add(report: Reported): void {
    const { type, order } = report;
    if (type === 'refund' || (isPurchase(report) && (report.value ?? 0) < 0)) this.refunds.push(report);
    else if (isPurchase(report)) this.addOrder(report);
    else {
      if (type === 'cancel' && order !== undefined) this.cancelled.add(order);
      this.found.push(report);
    }
  }

  history(): History {
    const left = new Map<string, number>();
    for (const refund of this.refunds) this.found.push(this.refunded(refund, left));
    return this.found.filter((one) => !this.isCancelled(one)).sort(compare);
  }

  private addOrder(report: Reported): void {
    const known = report.order === undefined ? undefined : this.orders.get(report.order);
    if (known === undefined) {
      const order: Draft = { ...report, type: 'purchase' };
      this.found.push(order);
      if (report.order !== undefined) this.orders.set(report.order, order);
      return;
    }
    if (known.value === undefined && report.value !== undefined) {
      known.value = report.value;
      if (report.currency !== undefined) known.currency = report.currency;
    }
    for (const field of ['message', 'item', 'category', 'url'] as const) {
      const told = report[field];
      if (known[field] === undefined && told !== undefined) known[field] = told;
    }
    if (report.properties) known.properties = { ...report.properties, ...known.properties };
  }

  /** What went back, at most what is left of the order where that is in the same currency. */
  private refunded(report: Reported, left: Map<string, number>): Draft {
    const order = report.order === undefined ? undefined : this.orders.get(report.order);
    const size = report.value === undefined ? undefined : Math.abs(report.value);
    const named: Draft = { ...report, type: 'refund' };
    if (order?.value === undefined || (size !== undefined && order.currency !== report.currency)) {
      return size === undefined ? named : { ...named, value: -size || 0 };
    }
    const before = left.get(order.id) ?? order.value;
    const back = Math.min(size ?? before, before);
    left.set(order.id, before - back);
    return { ...named, value: -back || 0, ...(order.currency !== undefined && { currency: order.currency }) };
  }

  private isCancelled({ type, order }: Behaviour): boolean {
    return order !== undefined && type !== 'cancel' && this.cancelled.has(order);
  }
}

function isPurchase({ type, value, order }: Reported): boolean {
  return type === 'purchase' || (type === 'converted' && (value !== undefined || order !== undefined));
}
