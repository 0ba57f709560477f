import type { Context } from './context.js';
import { runRefills } from './refill.js';

/** Does every open refill, if there is any. */
export async function workOffRefills(ctx: Context): Promise<{ readonly refills: number } | undefined> {
  const results = await runRefills(ctx);
  for (const { error, ...refill } of results) {
    if (error !== undefined) ctx.log.warn({ ...refill, error }, 'A refill could not be done.');
  }
  return results.length === 0 ? undefined : { refills: results.length };
}
