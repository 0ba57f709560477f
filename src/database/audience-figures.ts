import type { Knex } from 'knex';

interface Row {
  currency: string;
  as_of: Date;
  figures: unknown;
}

/** The figures as last worked out for a currency; undefined where they are older than that. */
export async function selectAudienceFigures(db: Knex, currency: string, notBefore: Date): Promise<unknown> {
  const row = await db<Row>('audience_figures').where({ currency }).where('as_of', '>=', notBefore).first();
  return row?.figures;
}

export async function saveAudienceFigures(
  db: Knex,
  currency: string,
  asOf: Date,
  figures: object,
): Promise<void> {
  await db.raw(
    `insert into audience_figures (currency, as_of, figures) values (?, ?::timestamptz, ?::json)
     on conflict (currency) do update set as_of = excluded.as_of, figures = excluded.figures`,
    [currency, asOf.toISOString(), JSON.stringify(figures)],
  );
}
