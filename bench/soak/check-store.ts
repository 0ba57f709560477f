import type { Context } from '../../src/flows/context.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { enrolAll, startCampaign } from './campaign.js';
import { cellsHash } from './cells-hash.js';
import { eventsOf, type World } from './events.js';
import type { Violations } from './outcome.js';
import { embeddedStore, withStore } from './store.js';

const atOnce = 2_000;

/** The cells that come of the same events when they arrive in order, once, undisturbed. */
export async function undisturbedHash(world: World, events: number): Promise<string> {
  const store = embeddedStore();
  try {
    return await withStore(store, async (ctx) => {
      await startCampaign(ctx);
      await enrolAll(ctx, world.recipients);
      for (let from = 0; from < events; from += atOnce) {
        await recordEvents(ctx, eventsOf(world, from, Math.min(events, from + atOnce)));
      }
      return cellsHash(ctx.db);
    });
  } finally {
    await store.remove();
  }
}

export interface Expected {
  readonly acknowledged: ReadonlySet<string>;
  /** How many there are in all. */
  readonly events: number;
  /** Of the cells; undefined where nobody knows. */
  readonly hash?: string;
}

/** Nothing acknowledged is missing, nothing is there twice, and the cells are what they must be. */
export async function checkStore(ctx: Context, expected: Expected, violations: Violations): Promise<void> {
  const ids = [...expected.acknowledged];
  for (let from = 0; from < ids.length; from += atOnce) {
    const missing = await ctx.db.raw<{ rows: { id: string }[] }>(
      `select asked.id from unnest(?::text[]) as asked (id)
       where not exists (select from events where events.id = asked.id)`,
      [ids.slice(from, from + atOnce)],
    );
    for (const { id } of missing.rows) violations.add(`event ${id} was acknowledged and is lost`);
  }
  const counted = await ctx.db.raw<{ rows: { events: string; waiting: string }[] }>(
    'select (select count(*) from events) as events, (select count(*) from waiting_events) as waiting',
  );
  const { events = '', waiting = '' } = counted.rows[0] ?? {};
  violations.check(Number(events) === expected.events, `${events} events are stored, not ${expected.events}`);
  violations.check(Number(waiting) === 0, `${waiting} events still wait although every message is known`);
  if (expected.hash !== undefined) {
    const hash = await cellsHash(ctx.db);
    violations.check(hash === expected.hash, 'the cells are not those of the same events undisturbed');
  }
  for (const { differenceCount, differences } of await rebuild(ctx)) {
    const first = differences[0] ?? '';
    violations.check(differenceCount === 0, `rebuild made ${differenceCount} differences: ${first}`);
  }
}
