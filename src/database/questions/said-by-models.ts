import type { Knex } from 'knex';

/** Of how many recipients of an arm a model said a trait that stands in their profile now. */
export interface SaidByModel {
  /** Place of the arm. */
  readonly arm: number;
  readonly trait: string;
  /** Content hash of the model, and the name that it goes by. */
  readonly model: string;
  readonly name: string;
  /** So it was when they were enrolled. */
  readonly before: number;
  /** It was said anew since: what stood there when they were enrolled is not known any more. */
  readonly since: number;
  /** The latest enrolment among these; null where there is none. */
  readonly lastSince: Date | null;
  /** Of those before, and of all, the latest moment as of which it was said (ISO 8601); null where there is none. */
  readonly lastBefore: string | null;
  readonly lastOfAll: string;
}

/** Which models said these traits of the recipients of an experiment? */
export async function saidByModels(
  db: Knex,
  experiment: string,
  traits: readonly string[],
): Promise<SaidByModel[]> {
  if (traits.length === 0) return [];
  // Times of origins are ISO 8601 in UTC, which compare as texts; a model that was made later cannot have said it before.
  const result = await db.raw<{ rows: SaidByModel[] }>(
    `with said as (
       select e.arm, t.trait, p.origins -> t.trait ->> 0 as source, e.enrolled_at,
         p.origins -> t.trait ->> 1 as said_at,
         (p.origins -> t.trait ->> 1) <= to_char(e.enrolled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as early
       from enrolments e join profiles p using (recipient_key) cross join unnest(?::text[]) t (trait)
       where e.experiment = ? and jsonb_exists(p.traits, t.trait) and starts_with(p.origins -> t.trait ->> 0, 'model:'))
     select s.arm, s.trait, l.hash as model, l.name,
       (count(*) filter (where early and l.created_at <= s.enrolled_at))::float8 as before,
       (count(*) filter (where not (early and l.created_at <= s.enrolled_at)))::float8 as since,
       max(s.enrolled_at) filter (where not (early and l.created_at <= s.enrolled_at)) as "lastSince",
       max(s.said_at) filter (where early and l.created_at <= s.enrolled_at) as "lastBefore", max(s.said_at) as "lastOfAll"
     from said s join learned_states l on s.source = 'model:' || l.name || '/' || l.number
     group by s.arm, s.trait, l.hash, l.name order by s.arm, s.trait, l.name, l.hash`,
    [traits as string[], experiment],
  );
  return result.rows;
}
