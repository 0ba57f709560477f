import type { Knex } from 'knex';
import type { Instead } from '../render-fallbacks.js';

export interface RenderFallbackCount {
  readonly arm: number;
  readonly rendered: Instead;
  readonly reason: string;
  readonly messages: number;
}

/** How many messages of each arm were not rendered as they were meant, and why? The most first. */
export async function renderFallbackCounts(db: Knex, experiment: string): Promise<RenderFallbackCount[]> {
  const result = await db.raw<{ rows: RenderFallbackCount[] }>(
    `select arm, rendered, reason, count(*)::int as messages from render_fallbacks
     where experiment = ? group by arm, rendered, reason order by arm, messages desc, rendered, reason`,
    [experiment],
  );
  return result.rows;
}
