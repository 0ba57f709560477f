import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import type { Context } from '../../src/flows/context.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';

/** A shop with a catalogue and recipients who did something there, for strategies that choose items. */

export const categories = ['shoes', 'hats', 'books'] as const;

/** Twelve items, the first the best seller of its category; the last of each is out of stock. */
export const items = categories.flatMap((category) =>
  [1, 2, 3, 4].map((n) => ({
    item: `${category}-${n}`,
    title: `${category} ${n}`,
    category,
    ...(n === 3 ? {} : { price: '19.90', currency: 'EUR' }),
    stock: n === 4 ? 0 : 10,
  })),
);

/** Every recipient bought the first item of a category and looked at the second; few bought the others. */
export async function fillShop(ctx: Context, recipients: number): Promise<void> {
  await recordItems(ctx, items);
  const at = (hour: number): string => new Date(ctx.clock().getTime() - hour * 3_600_000).toISOString();
  const events = Array.from({ length: recipients }, (_, i) => {
    const category = categories[i % 3];
    const recipient = `person-${i}`;
    const event = (type: string, n: number, hour: number) => ({
      id: `${recipient}-${type}-${n}`,
      type,
      recipient,
      item: `${category}-${n}`,
      category,
      at: at(hour),
    });
    return [event('purchase', 1, 48), event('view', 2, 24), ...(i % 4 === 0 ? [event('view', 3, 12)] : [])];
  }).flat();
  await recordEvents(ctx, events);
}

export const popular = {
  kind: 'popular',
  slots: { headline: 'Picked for you' },
  items: 2,
  from: 'favourite_category',
};

export function shopDraft(change: object = {}): object {
  return {
    key: 'shop',
    hypothesis: 'Best sellers of the favourite category bring more orders than one headline for all.',
    factors: [
      {
        key: 'strategy',
        levels: [
          { key: 'plain', strategy: { kind: 'static', slots: { headline: 'Our picks' } } },
          { key: 'popular', strategy: 'best-sellers@1', fallback: { headline: 'Our picks' } },
        ],
      },
    ],
    metrics: [{ use: 'conversion', role: 'primary' }],
    window: '7d',
    salt: 'shop-salt',
    ...change,
  };
}

/** The shop with a strategy that has learned, and a running experiment on it. */
export async function startShop(ctx: Context, recipients: number, change: object = {}): Promise<string> {
  await fillShop(ctx, recipients);
  await registerStrategy(ctx, { name: 'best-sellers', definition: popular });
  await takeSnapshot(ctx);
  await learnStrategy(ctx, 'best-sellers');
  await createExperiment(ctx, shopDraft(change));
  await changeStatus(ctx, 'shop', 'start');
  return 'shop';
}

export function people(count: number, from = 0): { id: string }[] {
  return Array.from({ length: count }, (_, i) => ({ id: `person-${from + i}` }));
}

export async function assigned(ctx: Context, count: number, from = 0) {
  const answers = await assignRecipients(ctx, 'shop', people(count, from));
  return answers.flatMap((answer) => ('arm' in answer ? [answer] : []));
}
