import type { Knex } from 'knex';
import { type LearnedInfo, selectInfosByHash } from '../database/learned-states.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { ArmModel } from '../reports/report-input.js';
import { loadScoreModels } from './load-score-models.js';

/** The models that the arms of an experiment decide by, and those whose scores it looks at: what they learned from. */
export async function loadArmModels(db: Knex, experiment: StoredExperiment): Promise<ArmModel[]> {
  const arms = armsOf(experiment.factors);
  const own = arms.flatMap(({ key: arm, levels }) =>
    levels.flatMap(({ learned }) => (learned === undefined ? [] : [{ arm, model: learned }])),
  );
  const scores = (await loadScoreModels(db, experiment)).map(({ arm, model, when: _, ...score }) => ({
    ...(arm !== undefined && { arm: arms[arm]?.key ?? String(arm) }),
    ...{ model, score },
  }));
  const uses = [...own, ...scores];
  const infos = await selectInfosByHash(db, [...new Set(uses.map(({ model }) => model))]);
  const declared = await declaringStrategies(db, infos);
  return uses.flatMap(({ model, ...use }) => {
    const info = infos.find(({ hash }) => hash === model);
    return info ? [{ ...use, ...learnedFrom(info, experiment.key), declared: declared.has(info.strategy) }] : [];
  }); // prettier-ignore
}

function learnedFrom(info: LearnedInfo, experiment: string): Omit<ArmModel, 'arm' | 'score' | 'declared'> {
  const { window, experiments = [] } = info.source;
  const own = experiments.filter(({ key }) => key === experiment);
  return {
    model: `${info.name}/${info.number}`,
    ...(window?.from !== undefined && { from: window.from }),
    until: window?.until ?? info.clock,
    fromHere: own.reduce((sum, { recipients }) => sum + recipients, 0),
  };
}

/** The strategies of these models whose definition says that they learned from those whom they treat. */
async function declaringStrategies(db: Knex, infos: readonly LearnedInfo[]): Promise<Set<string>> {
  if (infos.length === 0) return new Set();
  const versions = await selectStrategyVersions(
    db,
    infos.map(({ strategy }) => strategy),
  );
  return new Set(versions.filter(({ definition }) => declares(definition)).map(({ hash }) => hash));
}

function declares(definition: unknown): boolean {
  const { declares: said } = (definition ?? {}) as { readonly declares?: unknown };
  return Array.isArray(said) && said.includes('trained-on-treated');
}
