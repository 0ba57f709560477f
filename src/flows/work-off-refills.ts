import type { Knex } from 'knex';
import type { Context } from './context.js';
import { runRefills } from './refill.js';

/**
 * How many recipients are done, by experiment, of the refills that this process works on. A refill is one transaction,
 * so the database cannot tell before its end.
 */
const done = new WeakMap<Knex, Map<string, number>>();

/** Does every open refill, if there is any, and lets `recipientsDone` tell how far it is. */
export async function workOffRefills(ctx: Context): Promise<{ readonly refills: number } | undefined> {
  const counts = new Map<string, number>();
  done.set(ctx.db, counts);
  try {
    const results = await runRefills(ctx, (experiment, recipients) => counts.set(experiment, recipients));
    for (const { error, ...refill } of results) {
      if (error !== undefined) ctx.log.warn({ ...refill, error }, 'A refill could not be done.');
    }
    return results.length === 0 ? undefined : { refills: results.length };
  } finally {
    done.delete(ctx.db);
  }
}

/** Recipients of the experiment that the refill at work has done; undefined while none is at work here. */
export function recipientsDone(ctx: Pick<Context, 'db'>, experiment: string): number | undefined {
  return done.get(ctx.db)?.get(experiment);
}
