import type { Knex } from 'knex';

export interface ConvertedHistory {
  readonly recipientKey: string;
  /** Milliseconds since 1970. */
  readonly enrolledAt: number;
  /** See `engagement/history.ts`. */
  readonly history: string | null;
}

/** The recipient key behind which there are more than so many; undefined where there are not. */
export async function keyOfRecipient(
  db: Knex,
  experiment: string,
  place: number,
): Promise<string | undefined> {
  const result = await db.raw<{ rows: { recipient_key: string }[] }>(
    'select recipient_key from enrolments where experiment = ? order by recipient_key offset ? limit 1',
    [experiment, place - 1],
  );
  return result.rows[0]?.recipient_key;
}

export interface ConvertedQuestion {
  /** Its bit, see `engagement/facts.ts`. */
  readonly station: number;
  readonly after: string;
  readonly until: string | undefined;
  readonly limit: number;
}

/**
 * The next recipients who reached a station, in the order of their keys. Keys are pseudonyms, so the first of them are as
 * good as drawn by lot.
 */
export async function convertedHistories(
  db: Knex,
  experiment: string,
  { station, after, until, limit }: ConvertedQuestion,
): Promise<ConvertedHistory[]> {
  const result = await db.raw<{ rows: ConvertedHistory[] }>(
    `select recipient_key as "recipientKey", (extract(epoch from enrolled_at) * 1000)::float8 as "enrolledAt", history
     from enrolments
     where experiment = ? and recipient_key > ? and (?::text is null or recipient_key <= ?) and stations & ? <> 0
     order by recipient_key limit ?`,
    [experiment, after, until ?? null, until ?? null, station, limit] as string[],
  );
  return result.rows;
}
