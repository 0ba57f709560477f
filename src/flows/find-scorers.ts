import { selectScorer, selectScorers, type StoredScorer } from '../database/scorers.js';
import { notFound } from '../errors.js';
import type { ScorerState } from '../scorers/scorer-pool.js';
import type { Context } from './context.js';

/** A registered scorer and how it does, as seen by this process since its start. */
export interface ListedScorer extends StoredScorer {
  readonly state: ScorerState;
}

/** By name and version. */
export async function listScorers(ctx: Context): Promise<ListedScorer[]> {
  const scorers = await selectScorers(ctx.db);
  return scorers.map((scorer) => ({ ...scorer, state: ctx.scorers.state(scorer.hash) }));
}

/** @throws not_found `scorer_not_found`. */
export async function findScorer(ctx: Pick<Context, 'db'>, reference: string): Promise<StoredScorer> {
  const found = await selectScorer(ctx.db, reference);
  if (!found)
    throw notFound(
      'scorer_not_found',
      `No scorer is called "${reference.slice(0, 140)}"; name one with its version, such as churn-python@2.`,
    );
  return found;
}
