import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** `fallback`: from the fallback's slots; `defaults`: as if nothing were known of the recipient; `plain`: without the template. */
export type Instead = 'fallback' | 'defaults' | 'plain';

/** A message that was not rendered as it was meant. */
export interface RenderFallback {
  readonly messageId: string;
  readonly arm: number;
  /** Hash. */
  readonly template: string;
  readonly rendered: Instead;
  readonly reason: string;
}

/** Each message once, however often it is rendered: what was first counts. */
export async function insertRenderFallbacks(
  db: Knex,
  experiment: string,
  rows: readonly RenderFallback[],
  at: Date,
): Promise<void> {
  const sorted = [...rows].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  await insertRows(
    db,
    'render_fallbacks',
    {
      message_id: { type: 'text', values: sorted.map((row) => row.messageId) },
      experiment: { type: 'text', values: sorted.map(() => experiment) },
      arm: { type: 'int', values: sorted.map((row) => row.arm) },
      template: { type: 'text', values: sorted.map((row) => row.template) },
      rendered: { type: 'text', values: sorted.map((row) => row.rendered) },
      reason: { type: 'text', values: sorted.map((row) => row.reason) },
      rendered_at: { type: 'timestamptz', values: sorted.map(() => at) },
    },
    'on conflict (message_id) do nothing',
  );
}
