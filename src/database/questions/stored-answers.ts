import type { Knex } from 'knex';
import type { Slots } from '../../experiments/experiment.js';

/** What an enrolled recipient was answered, and is answered again. */
export interface StoredAnswer {
  readonly recipientKey: string;
  readonly arm: number;
  /** Number of the enrolment. */
  readonly enrolment: string;
  /** Of the first message. */
  readonly messageId: string;
  readonly slots: Slots;
  readonly delivered: 'strategy' | 'fallback';
  readonly fallbackReason: string | null;
  /** Nothing is to be sent, by the strategy's own choice. */
  readonly withheld: boolean;
  /** Null: from before there was a ledger. */
  readonly decisionId: string | null;
  /** `[[item, score, reason], …]`, best first. */
  readonly items: readonly (readonly [string, number, string])[] | null;
}

/** Which of these recipients are enrolled, and with what answer? */
export async function storedAnswers(
  db: Knex,
  experiment: string,
  recipientKeys: readonly string[],
): Promise<Map<string, StoredAnswer>> {
  const result = await db.raw<{ rows: StoredAnswer[] }>(
    `select e.recipient_key as "recipientKey", e.arm, e.id as enrolment, e.message_id as "messageId", c.slots, d.delivered,
            d.fallback_reason as "fallbackReason", d.withheld, d.id as "decisionId", d.items
     from enrolments e
     join decisions d on d.experiment = e.experiment and d.recipient_key = e.recipient_key
     join contents c on c.hash = d.content_hash
     where e.experiment = ? and e.recipient_key = any(?::text[])`,
    [experiment, recipientKeys as string[]],
  );
  return new Map(result.rows.map((row) => [row.recipientKey, row]));
}
