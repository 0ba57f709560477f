import jstat from 'jstat';
import { chance, pick } from './chance.js';
import { demoItems } from './demo-items.js';
import { clickProbability, type Customer, orderProbability } from './demo-world.js';

const { exponential, lognormal } = jstat.jStat;
const hour = 3_600_000;

export interface DemoMessage {
  readonly experiment: string;
  readonly arm: string;
  readonly messageId: string;
  readonly customer: Customer;
  readonly sentAt: Date;
}

/**
 * An order, as the shop reports it: of the customer, who looks first, and whose order is sometimes cancelled or paid back in
 * part. A third of the orders are reported by the sender too, under the same order id.
 */
function shopping({ experiment, messageId, customer, sentAt }: DemoMessage, now: Date): object[] {
  const luck = (what: string): number => chance('shop', experiment, customer.id, what);
  const order = `${experiment}-${customer.id.slice(9, 14)}`;
  const item = demoItems[Math.floor(luck('item') * demoItems.length)] ?? demoItems[0];
  const value = lognormal.inv(luck('value'), Math.log(42), 0.6).toFixed(2);
  const hours = exponential.inv(luck('converted'), 1 / 30);
  const about = { item: item.item, category: item.category };
  const bought = { order, value, currency: 'EUR', ...about };
  const own = { recipient: customer.id };
  const events: [string, number, object][] = [
    ['view', hours - 0.2, { ...own, ...about }],
    ['cart', hours - 0.1, { ...own, ...about }],
    ['purchase', hours, { ...own, ...bought, properties: { price_tier: item.priceTier } }],
  ];
  if (luck('reported') < 1 / 3) events.push(['converted', hours, { messageId, ...bought }]);
  if (luck('cancel') < 0.02) events.push(['cancel', hours + 5, { ...own, order }]);
  if (luck('refund') < 0.04) {
    events.push([
      'refund',
      hours + 90,
      { ...own, order, value: (Number(value) / 4).toFixed(2), currency: 'EUR' },
    ]);
  }
  return events.flatMap(([type, after, more]) => {
    const at = new Date(Math.round(sentAt.getTime() + Math.max(after, 0) * hour));
    return at > now ? [] : [{ id: `${order}:${type}`, type, at: at.toISOString(), ...more }];
  });
}

/** Everything that happened to one message up to now, in the form in which a sender would post it. */
export function demoEvents(message: DemoMessage, now: Date): object[] {
  const { experiment, arm, messageId, customer, sentAt } = message;
  const luck = (what: string): number => chance('shop', experiment, customer.id, what);
  const happened: object[] = [];
  const add = (type: string, hours: number, more: object = {}): void => {
    const at = new Date(Math.round(sentAt.getTime() + hours * hour));
    if (at <= now)
      happened.push({
        id: `${experiment}:${customer.id}:${type}`,
        type,
        messageId,
        at: at.toISOString(),
        ...more,
      });
  };
  add('sent', 0);
  if (luck('bounce') < 0.01) {
    add('bounced', 0.01);
    return happened;
  }
  add('delivered', 0.01);
  const delay = (what: string, meanHours: number): number => exponential.inv(luck(what), 1 / meanHours);
  if (luck('open') < 0.45) {
    const by = pick([['human', 0.55], ['privacy_proxy', 0.4], ['unknown', 0.05]] as const, experiment, customer.id, 'class'); // prettier-ignore
    add('opened', by === 'privacy_proxy' ? 0.02 : delay('opened', 9), { class: by });
  }
  if (luck('scanner') < 0.02)
    add('clicked', 0.02, { id: `${experiment}:${customer.id}:scan`, class: 'scanner' });
  if (luck('click') < clickProbability(arm)) add('clicked', delay('clicked', 12), { class: 'human' });
  if (luck('order') < orderProbability(arm, customer.traits)) happened.push(...shopping(message, now));
  if (luck('unsubscribe') < 0.004) add('unsubscribed', delay('unsubscribed', 5));
  return happened;
}

/** Visits to the shop between two campaigns that ended with a full cart and no order: one customer in ten. */
export function demoVisits(people: readonly Customer[], from: Date): object[] {
  return people.flatMap(({ id }) => {
    const luck = (what: string): number => chance('visit', id, what);
    if (luck('comes') >= 0.1) return [];
    const { item, category } = demoItems[Math.floor(luck('item') * demoItems.length)] ?? demoItems[0];
    const at = (hours: number): string => new Date(from.getTime() + Math.round(hours * hour)).toISOString();
    const hours = luck('at') * 24;
    return [
      { id: `visit-${id.slice(9, 14)}:view`, type: 'view', recipient: id, item, category, at: at(hours) },
      {
        id: `visit-${id.slice(9, 14)}:cart`,
        type: 'cart',
        recipient: id,
        item,
        category,
        at: at(hours + 0.1),
      },
    ];
  });
}
