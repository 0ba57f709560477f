import type { Context } from '../../src/flows/context.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { promoteForTests } from '../support/promote.js';

/** A shop of two tastes, tea and hiking, with recipients who bought three things of one of them. */

export const tea = ['cup', 'kettle', 'pot', 'sieve', 'tin'] as const;
export const hiking = ['boots', 'compass', 'map', 'rucksack', 'tent'] as const;

const day = 86_400_000;

export function bought(ctx: Context, recipient: string, item: string, daysAgo: number, type = 'purchase') {
  const at = new Date(ctx.clock().getTime() - daysAgo * day).toISOString();
  return { id: `${type}-${recipient}-${item}-${daysAgo}`, type, recipient, item, at };
}

/** Even ones bought tea things, odd ones hiking things; each something of the same kind within the hold-out. */
export async function openTwoTastes(ctx: Context, recipients = 20): Promise<void> {
  await recordItems(
    ctx,
    [...tea, ...hiking].map((item) => ({ item, title: `The ${item}`, stock: 5 })),
  );
  const events = Array.from({ length: recipients }, (_, i) => {
    const kind = i % 2 === 0 ? tea : hiking;
    const first = Math.floor(i / 2);
    const old = [0, 1, 2].map((n) => bought(ctx, personOf(i), kind[(first + n) % 5] as string, 40 + n));
    return [...old, bought(ctx, personOf(i), kind[(first + 3) % 5] as string, 3)];
  });
  await recordEvents(ctx, events.flat());
  await takeSnapshot(ctx);
}

export const personOf = (i: number): string => `person-${String(i).padStart(3, '0')}@shop.example`;

export const picks = {
  kind: 'collaborative',
  slots: { headline: 'Picked for you' },
  items: 2,
  method: 'user_knn',
  exclude: { bought: true, engaged: false },
};

/** Learns, and has the model used. */
export async function learnPicks(ctx: Context, name = 'picks', change: object = {}): Promise<string> {
  await registerStrategy(ctx, { name, definition: { ...picks, ...change } });
  const { hash, strategy } = await learnStrategy(ctx, name);
  await promoteForTests(ctx, name, strategy, hash);
  return hash;
}
