import type { Knex } from 'knex';
import { saidByModels, type SaidByModel } from '../database/questions/said-by-models.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { modelsOnceInUse, type OnceInUse } from './models-once-in-use.js';
import { type TraitRead, traitsRead } from './traits-read.js';

/** A model whose score something of an experiment looks at. */
export interface ScoreModel extends TraitRead {
  /** Content hash. */
  readonly model: string;
  /** Recipients of whom it said what was read. */
  readonly recipients: number;
  /** Recipients of whom it may have: a later score stands in its place. */
  readonly unsure: number;
  /** The latest moment at which it may have said so (milliseconds since 1970). */
  readonly until: number;
}

/** What `keepScores` writes is called so; nothing else is said by a model. */
const isScore = ({ trait }: TraitRead): boolean => trait.startsWith('score_');

/** The models whose scores the arms, templates and cohorts of an experiment look at. */
export async function loadScoreModels(db: Knex, experiment: StoredExperiment): Promise<ScoreModel[]> {
  const reads = (await traitsRead(db, experiment)).filter(isScore);
  const traits = [...new Set(reads.map(({ trait }) => trait))];
  const said = await saidByModels(db, experiment.key, traits);
  const inUse = await modelsOnceInUse(db, [...new Set(said.map(({ name }) => name))]);
  return reads.flatMap((read) => {
    const rows = said.filter(
      ({ arm, trait }) => trait === read.trait && (read.arm === undefined || arm === read.arm),
    );
    return modelsOf(rows, read, inUse);
  });
}

function modelsOf(rows: readonly SaidByModel[], read: TraitRead, inUse: readonly OnceInUse[]): ScoreModel[] {
  const found = new Map<string, { recipients: number; unsure: number; until: number }>();
  const add = (model: string, counts: { recipients: number; unsure: number; until: number }): void => {
    const known = found.get(model) ?? { recipients: 0, unsure: 0, until: -Infinity };
    found.set(model, {
      recipients: known.recipients + counts.recipients,
      unsure: known.unsure + counts.unsure,
      until: Math.max(known.until, counts.until),
    });
  };
  for (const { model, name, before, since, lastSince, lastBefore, lastOfAll } of rows) {
    // What stands in the profile is what a template was given, whenever it was said.
    const isRendered = read.when === 'rendered';
    const recipients = isRendered ? before + since : before;
    if (recipients > 0) {
      add(model, { recipients, unsure: 0, until: Date.parse((!isRendered && lastBefore) || lastOfAll) });
    }
    if (isRendered || lastSince === null) continue;
    const until = lastSince.getTime();
    const may = inUse.filter((one) => one.name === name && one.from <= until).map((one) => one.model);
    for (const one of new Set(may)) add(one, { recipients: 0, unsure: since, until });
  }
  return [...found].map(([model, counts]) => ({ ...read, model, ...counts }));
}
