import type { Knex } from 'knex';

/** How many members each segment has, and how many of them came in at a time or later? */
export async function memberCounts(
  db: Knex,
  time: Date,
): Promise<Map<string, { readonly members: number; readonly since: number }>> {
  const result = await db.raw<{ rows: { segment: string; members: number; since: number }[] }>(
    `select segment, count(*)::float8 as members, count(*) filter (where since >= ?::timestamptz)::float8 as since
     from segment_members where member group by segment`,
    [time.toISOString()],
  );
  return new Map(result.rows.map(({ segment, members, since }) => [segment, { members, since }]));
}
