import { type Alert, closeAlerts, selectAlert, selectAlerts } from '../database/alerts.js';
import { conflict, notFound } from '../errors.js';
import type { Context } from './context.js';

export type { Alert } from '../database/alerts.js';

/** Open ones first, the newest first; then those that are closed. */
export async function listAlerts(ctx: Pick<Context, 'db'>, open = false, limit = 100): Promise<Alert[]> {
  return selectAlerts(ctx.db, { open, limit });
}

/**
 * Settles an alert. If what it says is still so when it is looked at again, a new one is raised.
 *
 * @throws not_found `alert_not_found`; conflict `alert_closed`.
 */
export async function closeAlert(ctx: Context, id: string, by: string): Promise<Alert> {
  const alert = id.includes('\0') ? undefined : await selectAlert(ctx.db, id);
  if (!alert) throw notFound('alert_not_found', `There is no alert "${id}".`);
  if ((await closeAlerts(ctx.db, { id }, by, ctx.clock())) === 0)
    throw conflict('alert_closed', `This alert was closed before, by ${alert.closedBy ?? 'somebody'}.`);
  return (await selectAlert(ctx.db, id)) ?? alert;
}
