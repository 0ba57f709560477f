import type { Knex } from 'knex';

/** The enrolment that a message belongs to. */
export interface Addressee {
  readonly experiment: string;
  readonly recipientKey: string;
}

/** Whose messages are these? Ids that were never given out are missing from the answer. */
export async function addresseesOfMessages(
  db: Knex,
  messageIds: readonly string[],
): Promise<Map<string, Addressee>> {
  const result = await db.raw<{ rows: { message_id: string; experiment: string; recipient_key: string }[] }>(
    'select message_id, experiment, recipient_key from enrolments where message_id = any(?::text[])',
    [messageIds as string[]],
  );
  return new Map(
    result.rows.map((row) => [
      row.message_id,
      { experiment: row.experiment, recipientKey: row.recipient_key },
    ]),
  );
}

/** Which of these are enrolled? Answered as `experiment recipientKey`. */
export async function enrolledAmong(db: Knex, addressees: readonly Addressee[]): Promise<Set<string>> {
  const result = await db.raw<{ rows: { experiment: string; recipient_key: string }[] }>(
    `select e.experiment, e.recipient_key
     from unnest(?::text[], ?::text[]) as asked (experiment, recipient_key)
     join enrolments e using (experiment, recipient_key)`,
    [addressees.map((a) => a.experiment), addressees.map((a) => a.recipientKey)],
  );
  return new Set(
    result.rows.map((row) => addresseeKey({ experiment: row.experiment, recipientKey: row.recipient_key })),
  );
}

/** One text per addressee; experiment keys hold no spaces. */
export function addresseeKey(addressee: Addressee): string {
  return `${addressee.experiment} ${addressee.recipientKey}`;
}
