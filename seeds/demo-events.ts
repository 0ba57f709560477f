import jstat from 'jstat';
import { chance, pick } from './chance.js';
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
  if (luck('order') < orderProbability(arm, customer.traits)) {
    const value = lognormal.inv(luck('value'), Math.log(42), 0.6).toFixed(2);
    add('converted', delay('converted', 30), { value, currency: 'EUR' });
  }
  if (luck('unsubscribe') < 0.004) add('unsubscribed', delay('unsubscribed', 5));
  return happened;
}
