import type { Knex } from 'knex';
import type { Json } from '../strategies/strategy.js';

/** What somebody should look at. */
export interface Alert {
  readonly id: string;
  /** `drift`, `retraining`, `volume`: what noticed it. */
  readonly kind: string;
  /** What it is about: one open alert for each kind and subject. */
  readonly subject: string;
  readonly message: string;
  readonly detail: Json;
  readonly raisedAt: string;
  /** When it was last found to be so still. */
  readonly seenAt: string;
  readonly closedAt?: string;
  /** Who closed it; `over` where it was over by itself. */
  readonly closedBy?: string;
}

interface Row {
  id: string;
  kind: string;
  subject: string;
  message: string;
  detail: Json;
  raised_at: Date;
  seen_at: Date;
  closed_at: Date | null;
  closed_by: string | null;
}

/** Raises it, or sees one that is open already again, with what is to be said now. */
export async function raiseAlert(
  db: Knex,
  { id, kind, subject, message, detail }: Pick<Alert, 'id' | 'kind' | 'subject' | 'message' | 'detail'>,
  now: Date,
): Promise<void> {
  await db.raw(
    `insert into alerts (id, kind, subject, message, detail, raised_at, seen_at) values (?, ?, ?, ?, ?::json, ?, ?)
     on conflict (kind, subject) where closed_at is null do update
       set message = excluded.message, detail = excluded.detail, seen_at = excluded.seen_at`,
    [id, kind, subject, message, JSON.stringify(detail), now, now],
  );
}

/** Closes the open alerts of a kind and subject; `over` where it is so no more. @returns how many. */
export async function closeAlerts(
  db: Knex,
  which: { readonly id: string } | { readonly kind: string; readonly subject: string },
  by: string,
  now: Date,
): Promise<number> {
  return db('alerts').where(which).whereNull('closed_at').update({ closed_at: now, closed_by: by });
}

export async function selectAlert(db: Knex, id: string): Promise<Alert | undefined> {
  const row = await db<Row>('alerts').where({ id }).first();
  return row && toAlert(row);
}

/** Open ones first, then those closed last. */
export async function selectAlerts(
  db: Knex,
  { open, limit }: { readonly open?: boolean; readonly limit: number },
): Promise<Alert[]> {
  const query = db<Row>('alerts')
    .orderByRaw('closed_at is not null, closed_at desc, raised_at desc, id')
    .limit(limit);
  if (open === true) query.whereNull('closed_at');
  return (await query).map(toAlert);
}

function toAlert(row: Row): Alert {
  const { raised_at, seen_at, closed_at, closed_by, ...alert } = row;
  return {
    ...alert,
    raisedAt: raised_at.toISOString(),
    seenAt: seen_at.toISOString(),
    ...(closed_at && { closedAt: closed_at.toISOString() }),
    ...(closed_by !== null && { closedBy: closed_by }),
  };
}
