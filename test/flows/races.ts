import type { Knex } from 'knex';
import { expect } from 'vitest';
import { selectCells } from '../../src/database/cells.js';
import type { Context } from '../../src/flows/context.js';
import { rebuild } from '../../src/flows/rebuild.js';

export const at = '2026-03-01T10:00:00Z';

/** Events of the first message to a recipient, by name: it may not be known yet. */
export const ofFirstMessage =
  (experiment: () => string) =>
  (id: string, recipient: string, type = 'clicked', more: object = {}) => ({
    id,
    type,
    experiment: experiment(),
    recipient,
    at,
    ...more,
  });

/** An event of a recipient alone. */
export const alone = (id: string, recipient: string, type = 'purchase', more: object = {}) => ({
  id,
  type,
  recipient,
  at,
  ...more,
});

/** The sum of a metric over all arms. */
export async function sumOf(db: Knex, experiment: string, metric: string): Promise<number> {
  const cells = (await selectCells(db, experiment)).filter(
    (cell) => cell.metric === metric && cell.cohort === '',
  );
  return cells.reduce((all, { sums }) => all + Number(sums.sum), 0);
}

/** Facts and cells are what the events say. */
export async function expectSound(ctx: Context): Promise<void> {
  for (const { differences } of await rebuild(ctx)) expect(differences).toEqual([]);
}
