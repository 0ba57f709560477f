import type { Knex } from 'knex';
import { selectPromotions } from '../database/model-promotions.js';

export interface OnceInUse {
  readonly name: string;
  /** Content hash. */
  readonly model: string;
  /** When it was promoted (milliseconds since 1970). */
  readonly from: number;
}

/** The models of these names that are in use or once were, each time since when. */
export async function modelsOnceInUse(db: Knex, names: readonly string[]): Promise<OnceInUse[]> {
  const used: OnceInUse[] = [];
  for (const name of names) {
    for (const { status, model, doneAt } of await selectPromotions(db, name)) {
      if (status === 'promoted') used.push({ name, model, from: Date.parse(doneAt) });
    }
  }
  return used;
}
