import type { Knex } from 'knex';

export interface EnrolledBefore {
  readonly experiment: string;
  /** Place of the arm in the design. */
  readonly arm: number;
  readonly recipientKey: string;
  readonly enrolledAt: Date;
}

/** In which experiments had these recipients been enrolled before a moment? */
export async function enrolledBefore(
  db: Knex,
  recipientKeys: readonly string[],
  moment: Date,
): Promise<EnrolledBefore[]> {
  const result = await db.raw<{ rows: EnrolledBefore[] }>(
    `select experiment, arm, recipient_key as "recipientKey", enrolled_at as "enrolledAt" from enrolments
     where recipient_key = any(?::text[]) and enrolled_at < ?`,
    [recipientKeys as string[], moment],
  );
  return result.rows;
}
