import type { Knex } from 'knex';
import { messageFromRow, outcomesFromJson, type RecipientFacts } from '../facts.js';
import type { Addressee } from './addressees.js';

/** What do the fact tables say of these recipients of one experiment now? By recipient key. */
export async function storedFacts(
  db: Knex,
  addressees: readonly Addressee[],
): Promise<Map<string, RecipientFacts>> {
  const result = await db.raw<{
    rows: ({ experiment: string; recipient_key: string; outcomes: Record<string, string> | null } & Record<
      string,
      unknown
    >)[];
  }>(
    `select m.*, o.outcomes
     from unnest(?::text[], ?::text[]) as asked (experiment, recipient_key)
     join messages m using (experiment, recipient_key)
     left join outcomes o using (experiment, recipient_key)`,
    [addressees.map((a) => a.experiment), addressees.map((a) => a.recipientKey)],
  );
  return new Map(
    result.rows.map((row) => [
      row.recipient_key,
      {
        experiment: row.experiment,
        recipientKey: row.recipient_key,
        message: messageFromRow(row),
        outcomes: outcomesFromJson(row.outcomes ?? {}),
      },
    ]),
  );
}
