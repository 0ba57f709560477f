import type { Knex } from 'knex';

/** Of how many recipients is a trait known from such a source, and as of when? */
export interface ScoreCoverage {
  readonly recipients: number;
  readonly scored: number;
  /** Feature clocks of the scores (ISO 8601); undefined: there are none. */
  readonly oldest?: string;
  readonly newest?: string;
}

export async function scoreCoverage(db: Knex, trait: string): Promise<ScoreCoverage> {
  const result = await db.raw<{
    rows: { recipients: number; scored: number; oldest: string | null; newest: string | null }[];
  }>(
    `select (select count(*)::float8 from identities) as recipients, count(*)::float8 as scored,
       min(origins -> ?::text ->> 1) as oldest, max(origins -> ?::text ->> 1) as newest
     from profiles where traits \\? ?::text and origins -> ?::text ->> 0 like 'model:%'`,
    [trait, trait, trait, trait],
  );
  const [row] = result.rows;
  if (!row) throw new Error('a count came without a row');
  const { recipients, scored, oldest, newest } = row;
  return { recipients, scored, ...(oldest !== null && { oldest }), ...(newest !== null && { newest }) };
}

/** Who of these has this trait from that source as of that time? */
export async function alreadyScored(
  db: Knex,
  recipientKeys: readonly string[],
  trait: string,
  [source, at]: readonly [source: string, at: string],
): Promise<Set<string>> {
  const result = await db.raw<{ rows: { recipient_key: string }[] }>(
    `select recipient_key from profiles
     where recipient_key = any(?::text[]) and traits \\? ?::text and origins -> ?::text ->> 0 = ? and origins -> ?::text ->> 1 = ?`,
    [recipientKeys as string[], trait, trait, source, trait, at],
  );
  return new Set(result.rows.map((row) => row.recipient_key));
}

/** Who of these has this trait from a model, whichever and as of whenever? */
export async function scoredBefore(
  db: Knex,
  recipientKeys: readonly string[],
  trait: string,
): Promise<Set<string>> {
  if (recipientKeys.length === 0) return new Set();
  const result = await db.raw<{ rows: { recipient_key: string }[] }>(
    `select recipient_key from profiles
     where recipient_key = any(?::text[]) and traits \\? ?::text and origins -> ?::text ->> 0 like 'model:%'`,
    [recipientKeys as string[], trait, trait],
  );
  return new Set(result.rows.map((row) => row.recipient_key));
}
