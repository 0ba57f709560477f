import type { Knex } from 'knex';
import { type LearnedInfo, selectInfosByHash } from '../database/learned-states.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import type { ReadScore } from '../reports/report-input.js';
import { modelName } from './find-recommending.js';
import { canScore } from './find-scoring.js';
import { modelsOnceInUse } from './models-once-in-use.js';
import { traitsOfVersion } from './traits-read.js';

/** A model whose scores another one reads, directly or through others. */
export interface ModelBehind {
  readonly info: LearnedInfo;
  /** From the model that was asked about to this one: each reads a score as the next may have said it. */
  readonly path: readonly ReadScore[];
}

/**
 * The models behind a model: those that may have said the scores among the traits that its strategy reads, and those behind them in
 * turn, each once, by the shortest way. Nobody keeps whose score a model saw, so these are all that were in use by the moment.
 *
 * @param until the latest moment as of which the model read anything (milliseconds since 1970).
 */
export async function modelsBehind(db: Knex, info: LearnedInfo, until: number): Promise<ModelBehind[]> {
  const found: ModelBehind[] = [];
  const met = new Set([info.hash]);
  const open: ModelBehind[] = [{ info, path: [] }];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    for (const trait of await scoresReadBy(db, next.info.strategy)) {
      const path = [...next.path, { model: modelName(next.info), trait }];
      for (const one of await speakersOf(db, trait, until)) {
        if (met.has(one.hash)) continue;
        met.add(one.hash);
        const behind = { info: one, path };
        found.push(behind);
        open.push(behind);
      }
    }
  }
  return found;
}

/** The traits called like scores that a strategy version looks at: what a model learned from, it looks at when it scores. */
async function scoresReadBy(db: Knex, strategy: string): Promise<string[]> {
  const [version] = await selectStrategyVersions(db, [strategy]);
  if (!version) return [];
  return (await traitsOfVersion(db, version)).filter((trait) => trait.startsWith('score_'));
}

/** The models that may have said a trait by a moment, the newest first. */
async function speakersOf(db: Knex, trait: string, until: number): Promise<LearnedInfo[]> {
  const used = await modelsOnceInUse(db, namesIn(trait));
  const hashes = used.filter(({ from }) => from <= until).map(({ model }) => model);
  const infos = await selectInfosByHash(db, [...new Set(hashes)]);
  const versions = await selectStrategyVersions(db, [...new Set(infos.map(({ strategy }) => strategy))]);
  const scoring = new Set(versions.filter(canScore).map(({ hash }) => hash));
  return infos.filter(({ strategy }) => scoring.has(strategy)).sort((a, b) => b.number - a.number);
}

/** `a.b` and `a` of `score_a.b`: a dot may be one of the name, or stand before the key of one of several predictions. */
function namesIn(trait: string): string[] {
  const parts = trait.slice('score_'.length).split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.')).reverse();
}
