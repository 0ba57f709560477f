import type { Knex } from 'knex';

export interface ActiveWithModel {
  readonly name: string;
  readonly kind: string;
  /** Content hash of the strategy version. */
  readonly hash: string;
}

/** Which active strategy versions have a model in use? */
export async function modelsInUseOfActive(db: Knex): Promise<ActiveWithModel[]> {
  const result = await db.raw<{ rows: ActiveWithModel[] }>(
    `select v.name, v.kind, v.hash
     from (select distinct on (name) name, hash, status from strategy_activations order by name, id desc) a
     join strategy_versions v on v.hash = a.hash
     where a.status = 'active'
       and exists (select 1 from model_promotions p where p.strategy = v.hash and p.status = 'promoted')
     order by v.name`,
  );
  return result.rows;
}
