import { knownTraits } from '../database/questions/known-traits.js';
import { selectScorerFile } from '../database/scorers.js';
import { badInput } from '../errors.js';
import type { Score } from '../profiles/history.js';
import { featureSet } from '../strategies/ml/features.js';
import type { Cell } from '../strategies/ml/table.js';
import type { Context } from './context.js';
import { findScorer } from './find-scorers.js';
import { loadHistories } from './load-histories.js';

export interface TriedScore {
  readonly id: string;
  /** What the scorer was told. */
  readonly features: Readonly<Record<string, Cell>>;
  readonly score: Score;
}

export interface ScorerTrial {
  /** `name@version`. */
  readonly scorer: string;
  readonly clock: string;
  readonly tried: readonly TriedScore[];
}

const mostTried = 100;

/**
 * Asks a scorer about some recipients as an arm would, and shows what it was told and what it said. Changes nothing, but that
 * the call counts among its calls.
 *
 * @throws not_found `scorer_not_found`; bad_input `too_many`.
 */
export async function tryScorer(
  ctx: Context,
  reference: string,
  recipients: readonly string[],
): Promise<ScorerTrial> {
  const scorer = await findScorer(ctx, reference);
  if (recipients.length === 0 || recipients.length > mostTried)
    throw badInput('too_many', `Name 1 to ${mostTried} recipients to try a scorer on.`);
  const now = ctx.clock();
  const set = featureSet(scorer.definition.features);
  const keys = recipients.map((id) => ctx.pseudonyms.recipientKey(id));
  const traits = await knownTraits(ctx.db, keys);
  const { histories } = await loadHistories(ctx.db, keys, set.needs, now);
  const rows = keys.map((key) => set.row(histories.get(key) ?? [], now.getTime(), traits.get(key) ?? {}));
  const file = (hash: string) => selectScorerFile(ctx.db, hash);
  const scores = await ctx.scorers.score({ scorer, rows, clock: now, file });
  return {
    scorer: reference,
    clock: now.toISOString(),
    tried: recipients.map((id, r) => ({
      id,
      features: Object.fromEntries(set.names.map((name, c) => [name, rows[r]?.[c] ?? null])),
      score: scores[r] as Score,
    })),
  };
}
