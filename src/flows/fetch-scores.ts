import type { Knex } from 'knex';
import { selectScorerFile, selectScorers } from '../database/scorers.js';
import type { Score } from '../profiles/history.js';
import { clockOf } from '../strategies/manifest.js';
import { featureSet } from '../strategies/ml/features.js';
import { refusal } from '../strategies/scorers/score-answer.js';
import { referenceOf, type RegisteredScorer } from '../strategies/scorers/scorer.js';
import type { Ask } from './arm-contents.js';
import type { Context } from './context.js';
import { KeptByHash } from './kept-by-hash.js';

export type Scores = Readonly<Record<string, Score>>;

/** What scores are fetched with. */
export type ScoreContext = Pick<Context, 'db' | 'scorers'>;

/** Whether anybody has to be scored before it can be decided. */
export const needScores = (asks: readonly Ask[]): boolean => asks.some(wantsScores);

const wantsScores = ({ arm, inputs }: Ask): boolean =>
  (arm.strategy?.asks.length ?? 0) > 0 && inputs.notAsked === undefined && inputs.scores === undefined;

/**
 * The same asks with the scores that their strategies want among the inputs: one call for each scorer, all at once, each
 * within its own budget. Never throws for what a scorer does. Not to be called in a transaction: others would wait for it.
 */
export async function withScores(ctx: ScoreContext, asks: readonly Ask[]): Promise<Ask[]> {
  const wanting = asks.filter(wantsScores);
  if (wanting.length === 0) return [...asks];
  const found = await fetchScores(ctx, wanting);
  return asks.map((ask) => {
    const scores = found.get(ask);
    return scores ? { ...ask, inputs: { ...ask.inputs, scores } } : ask;
  });
}

interface Group {
  readonly reference: string;
  readonly hash: string | undefined;
  readonly clock: Date;
  readonly asks: Ask[];
}

async function fetchScores(ctx: ScoreContext, asks: readonly Ask[]): Promise<Map<Ask, Scores>> {
  const groups = [...groupsOf(asks).values()];
  const scorers = await loadScorers(
    ctx.db,
    groups.flatMap(({ hash }) => hash ?? []),
  );
  const answers = await Promise.all(groups.map((group) => askFor(ctx, group, scorers)));
  const scores = new Map<Ask, Record<string, Score>>();
  groups.forEach((group, g) =>
    group.asks.forEach((ask, i) => {
      const score = answers[g]?.[i];
      if (score !== undefined) scores.set(ask, { ...scores.get(ask), [group.reference]: score });
    }),
  );
  return scores;
}

/** Who is asked about together: the same scorer, features as of the same moment. */
function groupsOf(asks: readonly Ask[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const ask of asks) {
    const { manifest, strategy } = ask.arm;
    const clock = clockOf(manifest, ask.at);
    for (const { scorer: reference } of strategy?.asks ?? []) {
      const hash = manifest.scorers?.[reference];
      const key = `${hash ?? reference} ${clock.getTime()}`;
      const group = groups.get(key) ?? { reference, hash, clock, asks: [] };
      groups.set(key, group);
      group.asks.push(ask);
    }
  }
  return groups;
}

async function askFor(
  { db, scorers: pool }: ScoreContext,
  { reference, hash, clock, asks }: Group,
  scorers: ReadonlyMap<string, RegisteredScorer>,
): Promise<readonly Score[]> {
  const scorer = scorers.get(hash ?? '');
  if (!scorer || referenceOf(scorer) !== reference)
    return asks.map(() => refusal('not_registered', `${reference} is not registered`));
  const features = featureSet(scorer.definition.features);
  const rows = asks.map(({ inputs }) => features.row(inputs.history, clock.getTime(), inputs.traits));
  return pool.score({ scorer, rows, clock, file: (file) => selectScorerFile(db, file) });
}

const known = new KeptByHash<RegisteredScorer | undefined>(64);

async function loadScorers(
  db: Knex,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, RegisteredScorer>> {
  const found = new Map<string, RegisteredScorer>();
  for (const hash of new Set(hashes)) {
    const scorer = await known.get(hash, async () => (await selectScorers(db, [hash]))[0]);
    if (scorer) found.set(hash, scorer);
  }
  return found;
}
