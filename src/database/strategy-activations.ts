import type { Knex } from 'knex';

/** Which version of a name was the one to use from when on, and who said so. Rows are only added. */
export interface ActivationRow {
  readonly name: string;
  readonly hash: string;
  readonly status: 'active' | 'retired';
  readonly note?: string;
  readonly doneBy: string;
  readonly doneAt: string;
}

interface Row {
  name: string;
  hash: string;
  status: 'active' | 'retired';
  note: string | null;
  done_by: string;
  done_at: Date;
}

export async function insertActivation(
  trx: Knex,
  { name, hash, status, note, doneBy, doneAt }: Omit<ActivationRow, 'doneAt'> & { readonly doneAt: Date },
): Promise<void> {
  await trx('strategy_activations').insert({
    ...{ name, hash, status, note: note ?? null, done_by: doneBy, done_at: doneAt },
  });
}

/** The record of one name, or of all of them; the first entry of a name first. */
export async function selectActivations(db: Knex, name?: string): Promise<ActivationRow[]> {
  const query = db<Row>('strategy_activations')
    .select('name', 'hash', 'status', 'note', 'done_by', 'done_at')
    .orderBy('name')
    .orderBy('id');
  const rows = await (name === undefined ? query : query.where({ name }));
  return rows.map(({ note, done_by: doneBy, done_at: doneAt, ...row }) => ({
    ...row,
    ...(note !== null && { note }),
    doneBy,
    doneAt: doneAt.toISOString(),
  }));
}
