import { deleteQuarantined } from '../database/quarantine.js';
import type { Context } from './context.js';

const keptMs = 30 * 86_400_000;
const keptRows = 10_000;

/** Refused rows may hold personal data and serve only to mend what sent them: after a month they go. */
export async function expireQuarantine(ctx: Context): Promise<{ rows: number }> {
  const before = new Date(ctx.clock().getTime() - keptMs);
  return { rows: await deleteQuarantined(ctx.db, before, keptRows) };
}
