import { draw, prepareSplit } from '../src/assignment/draw.js';
import { demoEvents } from './demo-events.js';
import { customers } from './demo-world.js';

const arms = ['same-for-all', 'by-history'];
const sentAt = new Date('2026-03-02T09:00:00Z');
const allIsIn = new Date('2026-04-30T00:00:00Z');

/**
 * A finished campaign of the demo shop as the file an analyst would have: one row per recipient. It stands in
 * docs/examples/campaign.csv for the examples of the documentation.
 */
export function campaignCsv(recipients = 4_000): string {
  const split = prepareSplit({ salt: 'demo-campaign', weights: [1, 1], traffic: 1 });
  const lines = customers(recipients).map((customer) => {
    const drawn = draw(split, customer.id);
    if ('error' in drawn) throw new Error(drawn.message);
    const arm = arms[drawn.arm] ?? '';
    const message = { experiment: 'campaign', arm, messageId: customer.id, customer, sentAt };
    const events = demoEvents(message, allIsIn) as { type: string; value?: string }[];
    const did = (type: string): 0 | 1 => (events.some((event) => event.type === type) ? 1 : 0);
    const spend = events.find((event) => event.type === 'purchase')?.value ?? '0';
    const { country, loyalty } = customer.traits;
    return [arm, country, loyalty, did('clicked'), did('purchase'), spend, did('unsubscribed')].join(',');
  });
  return ['arm,country,loyalty,clicked,ordered,spend,unsubscribed', ...lines, ''].join('\n');
}
