import type { Knex } from 'knex';
import { selectLearnedInfos } from '../database/learned-states.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import type { ArmModel } from '../reports/report-input.js';

/** What the models of the arms of an experiment learned from. */
export async function loadArmModels(db: Knex, { key, factors }: StoredExperiment): Promise<ArmModel[]> {
  const used = armsOf(factors).flatMap(({ key: arm, levels }) =>
    levels.flatMap(({ strategy, learned }) =>
      strategy === undefined || learned === undefined ? [] : [{ arm, strategy, learned }],
    ),
  );
  if (used.length === 0) return [];
  const strategies = [...new Set(used.map(({ strategy }) => strategy))];
  const versions = await selectStrategyVersions(db, strategies);
  const infos = new Map((await selectLearnedInfos(db, strategies)).map((info) => [info.hash, info]));
  return used.flatMap(({ arm, strategy, learned }) => {
    const info = infos.get(learned);
    if (!info) return [];
    const { window, experiments = [] } = info.source;
    const own = experiments.filter((one) => one.key === key);
    return {
      ...{ arm, model: `${info.name}/${info.number}`, until: window?.until ?? info.clock },
      fromHere: own.reduce((sum, { recipients }) => sum + recipients, 0),
      declared: declares(versions.find(({ hash }) => hash === strategy)?.definition),
    };
  });
}

/** Whether whoever wrote the definition knows of it and says so. */
function declares(definition: unknown): boolean {
  const { declares: said } = (definition ?? {}) as { readonly declares?: unknown };
  return Array.isArray(said) && said.includes('trained-on-treated');
}
