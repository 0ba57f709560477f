import type { Knex } from 'knex';
import { selectPromotions } from '../database/model-promotions.js';
import { saidByModels, type SaidByModel } from '../database/questions/said-by-models.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { type TraitRead, traitsRead } from './traits-read.js';

/** A model whose score something of an experiment looks at. */
export interface ScoreModel extends TraitRead {
  /** Content hash. */
  readonly model: string;
  /** Recipients of whom it said what was read. */
  readonly recipients: number;
  /** Recipients of whom it may have: a later score stands in its place. */
  readonly unsure: number;
}

/** What `keepScores` writes is called so; nothing else is said by a model. */
const isScore = ({ trait }: TraitRead): boolean => trait.startsWith('score_');

/** The models whose scores the arms, templates and cohorts of an experiment look at. */
export async function loadScoreModels(db: Knex, experiment: StoredExperiment): Promise<ScoreModel[]> {
  const reads = (await traitsRead(db, experiment)).filter(isScore);
  const traits = [...new Set(reads.map(({ trait }) => trait))];
  const said = await saidByModels(db, experiment.key, traits);
  const inUse = await usedModels(db, [...new Set(said.map(({ name }) => name))]);
  return reads.flatMap((read) => {
    const rows = said.filter(
      ({ arm, trait }) => trait === read.trait && (read.arm === undefined || arm === read.arm),
    );
    return modelsOf(rows, read, inUse);
  });
}

interface Used {
  readonly name: string;
  readonly model: string;
  readonly from: number;
}

/** Since when models have been, or once were, those in use of these names. */
async function usedModels(db: Knex, names: readonly string[]): Promise<Used[]> {
  const used: Used[] = [];
  for (const name of names) {
    for (const { status, model, doneAt } of await selectPromotions(db, name)) {
      if (status === 'promoted') used.push({ name, model, from: Date.parse(doneAt) });
    }
  }
  return used;
}

function modelsOf(rows: readonly SaidByModel[], read: TraitRead, inUse: readonly Used[]): ScoreModel[] {
  const found = new Map<string, { recipients: number; unsure: number }>();
  const add = (model: string, recipients: number, unsure: number): void => {
    const known = found.get(model) ?? { recipients: 0, unsure: 0 };
    found.set(model, { recipients: known.recipients + recipients, unsure: known.unsure + unsure });
  };
  for (const { model, name, before, since, lastSince } of rows) {
    // What stands in the profile is what a template was given, whenever it was said.
    const certain = read.when === 'rendered' ? before + since : before;
    if (certain > 0) add(model, certain, 0);
    if (read.when === 'rendered' || lastSince === null) continue;
    const until = lastSince.getTime();
    const may = inUse.filter((one) => one.name === name && one.from <= until).map((one) => one.model);
    for (const one of new Set(may)) add(one, 0, since);
  }
  return [...found].map(([model, counts]) => ({ ...read, model, ...counts }));
}
