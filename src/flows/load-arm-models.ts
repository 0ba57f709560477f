import type { Knex } from 'knex';
import { type LearnedInfo, selectInfosByHash } from '../database/learned-states.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { ArmModel } from '../reports/report-input.js';
import { modelName } from './find-recommending.js';
import { loadScoreModels } from './load-score-models.js';
import { type ModelBehind, modelsBehind } from './models-behind.js';

/**
 * The models that the arms of an experiment decide by, those whose scores it looks at, and those whose scores these read in turn:
 * what they learned from.
 */
export async function loadArmModels(db: Knex, experiment: StoredExperiment): Promise<ArmModel[]> {
  const uses = await usesOf(db, experiment);
  const infos = await selectInfosByHash(db, [...new Set(uses.map(({ model }) => model))]);
  const found: (ArmUse & ModelBehind)[] = [];
  for (const { model, until, use } of uses) {
    const info = infos.find(({ hash }) => hash === model);
    if (!info) continue;
    found.push({ ...use, info, path: [] });
    const learned = Date.parse(learnedUntil(info));
    const behind = await modelsBehind(db, info, Math.max(learned, until ?? learned));
    found.push(...behind.map((one) => ({ ...use, ...one })));
  }
  const declared = await declaringStrategies(db, found.map(({ info }) => info)); // prettier-ignore
  return found.map(({ info, path, ...use }) => ({
    ...{ ...use, ...learnedFrom(info, experiment.key), declared: declared.has(info.strategy) },
    ...(path.length > 0 && { path }),
  }));
}

type ArmUse = Pick<ArmModel, 'arm' | 'score'>;

interface Use {
  /** Content hash. */
  readonly model: string;
  /** The latest moment at which it said what was read; undefined: the arm decides by it. */
  readonly until?: number;
  readonly use: ArmUse;
}

async function usesOf(db: Knex, experiment: StoredExperiment): Promise<Use[]> {
  const arms = armsOf(experiment.factors);
  const own = arms.flatMap(({ key: arm, levels }) =>
    levels.flatMap(({ learned }) => (learned === undefined ? [] : [{ model: learned, use: { arm } }])),
  );
  const scores = await loadScoreModels(db, experiment);
  const looks = scores.map(({ arm, model, until, trait, by, recipients, unsure }) => ({
    ...{ model, until },
    use: {
      ...(arm !== undefined && { arm: arms[arm]?.key ?? String(arm) }),
      score: { trait, by, recipients, unsure },
    },
  }));
  return [...own, ...looks];
}

const learnedUntil = ({ source, clock }: LearnedInfo): string => source.window?.until ?? clock;

function learnedFrom(
  info: LearnedInfo,
  experiment: string,
): Pick<ArmModel, 'model' | 'from' | 'until' | 'fromHere'> {
  const { window, experiments = [] } = info.source;
  const own = experiments.filter(({ key }) => key === experiment);
  return {
    model: modelName(info),
    ...(window?.from !== undefined && { from: window.from }),
    until: learnedUntil(info),
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
