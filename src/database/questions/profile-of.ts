import type { Knex } from 'knex';
import type { Experiment } from '../../experiments/experiment.js';
import type { Profile } from '../../profiles/merge-profile.js';

export interface ProfileEnrolment {
  readonly experiment: string;
  readonly definition: Experiment;
  readonly arm: number;
  readonly cohorts: Readonly<Record<string, string>>;
  readonly enrolledAt: Date;
}

export interface BehaviourEvent {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  /** Minor units of `currency`. */
  readonly value: string | null;
  readonly currency: string | null;
  readonly order: string | null;
  readonly item: string | null;
  readonly category: string | null;
  readonly source: string;
}

export interface KnownRecipient {
  readonly profile: (Profile & { readonly updatedAt: Date }) | undefined;
  /** The first come first. */
  readonly enrolments: readonly ProfileEnrolment[];
  /** What they did by themselves, the newest first. */
  readonly events: readonly BehaviourEvent[];
  /** Whether the id was ever given, even if nothing else was. */
  readonly identified: boolean;
}

/** What is known about one recipient? */
export async function profileOf(db: Knex, recipientKey: string, mostEvents: number): Promise<KnownRecipient> {
  const profile = await db.raw<{ rows: (Profile & { updatedAt: Date })[] }>(
    'select traits, origins, updated_at as "updatedAt" from profiles where recipient_key = ?',
    [recipientKey],
  );
  const enrolments = await db.raw<{ rows: ProfileEnrolment[] }>(
    `select e.experiment, x.definition, e.arm, e.cohorts, e.enrolled_at as "enrolledAt"
     from enrolments e join experiments x on x.key = e.experiment
     where e.recipient_key = ? order by e.enrolled_at, e.experiment`,
    [recipientKey],
  );
  const events = await db.raw<{ rows: BehaviourEvent[] }>(
    `select id, type, at, value::text, currency, order_id as "order", item, category, source
     from events where recipient_key = ? order by at desc, id limit ?`,
    [recipientKey, mostEvents],
  );
  const identity = await db.raw<{ rows: unknown[] }>('select 1 from identities where recipient_key = ?', [
    recipientKey,
  ]);
  return {
    profile: profile.rows[0],
    enrolments: enrolments.rows,
    events: events.rows,
    identified: identity.rows.length > 0,
  };
}
