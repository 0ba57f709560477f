import { isDatabaseFull, isDatabaseUnavailable } from '../database/open.js';
import { unavailable } from '../errors.js';
import type { Context } from './context.js';

/** Whether the service can do its work: without the database nothing can be served. @throws unavailable. */
export async function checkHealth(ctx: Context): Promise<void> {
  try {
    await ctx.db.raw('select 1');
  } catch (error) {
    ctx.log.error({ err: error }, 'The database does not answer.');
    throw unavailable('database_unavailable', 'The database does not answer.');
  }
}

/** True for errors that mean the database is out of reach, and not that the request or the code is wrong. */
export function isOutage(error: unknown): boolean {
  return isDatabaseUnavailable(error);
}

/** True for errors that mean that the database's disk is full: whatever was to be written was rolled back. */
export function isFullDisk(error: unknown): boolean {
  return isDatabaseFull(error);
}
