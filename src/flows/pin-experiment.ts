import type { Knex } from 'knex';
import { selectCatalogueSnapshot, selectSnapshotInfos } from '../database/catalogue-snapshots.js';
import { selectLearnedInfos, type LearnedInfo } from '../database/learned-states.js';
import { selectModelsInUse } from '../database/model-promotions.js';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import type { InputProblem } from '../errors.js';
import type { Experiment, Level } from '../experiments/experiment.js';
import { prepareFilter } from '../strategies/eligibility.js';
import { kindOf } from './load-parts.js';
import { pinScorers } from './pin-scorers.js';

/** An experiment of which nothing can change any more, or why it cannot be had. */
export type Pinned =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

export interface StrategyLevel {
  readonly path: string;
  readonly level: Level;
  readonly version: StrategyVersion;
}

/**
 * Pins what a draft leaves open: to the newest snapshot of the catalogue, and to the models that are in use. And sees to it
 * that all arms choose from the same items.
 */
export async function pinExperiment(trx: Knex, experiment: Experiment): Promise<Pinned> {
  const levels = await strategyLevels(trx, experiment);
  const { catalogue, problems: missing } = await pinCatalogue(trx, experiment, levels);
  const learned = await pinLearned(trx, levels, catalogue);
  const scorers = await pinScorers(trx, levels);
  const problems = [...missing, ...learned.problems, ...scorers.problems];
  if (catalogue !== undefined) {
    problems.push(...(await itemProblems(trx, { ...experiment, catalogue }, levels)));
  }
  if (problems.length > 0) return { ok: false, problems };
  const factors = experiment.factors.map((factor, f) => ({
    ...factor,
    levels: factor.levels.map((level, l) => {
      const hash = learned.pins.get(pathOf(f, l));
      const asked = scorers.pins.get(pathOf(f, l));
      return {
        ...level,
        ...(hash !== undefined && { learned: hash }),
        ...(asked && { scorers: asked }),
      };
    }),
  }));
  return { ok: true, experiment: { ...experiment, factors, ...(catalogue !== undefined && { catalogue }) } };
}

const pathOf = (factor: number, level: number): string => `factors[${factor}].levels[${level}]`;

async function strategyLevels(trx: Knex, { factors }: Experiment): Promise<StrategyLevel[]> {
  const found = factors.flatMap((factor, f) =>
    factor.levels.flatMap((level, l) =>
      level.strategy === undefined ? [] : [{ path: pathOf(f, l), level, hash: level.strategy }],
    ),
  );
  const versions = await selectStrategyVersions(
    trx,
    found.map(({ hash }) => hash),
  );
  return found.map(({ path, level, hash }) => {
    const version = versions.find((one) => one.hash === hash);
    if (!version) throw new Error(`strategy version ${hash} is missing`);
    return { path, level, version };
  });
}

const choosesItems = ({ version }: StrategyLevel): boolean => {
  const { catalogue, items } = kindOf(version).references(version.definition);
  return catalogue || items.length > 0;
};

async function pinCatalogue(
  trx: Knex,
  { catalogue }: Experiment,
  levels: readonly StrategyLevel[],
): Promise<{ catalogue?: string; problems: InputProblem[] }> {
  const path = 'catalogue';
  if (catalogue !== undefined) {
    if (await selectCatalogueSnapshot(trx, catalogue)) return { catalogue, problems: [] };
    const message = `there is no snapshot ${catalogue}; take one by POST /v1/catalogue/snapshots, or leave it out for the newest`;
    return { problems: [{ path, message }] };
  }
  if (!levels.some(choosesItems)) return { problems: [] };
  const [newest] = await selectSnapshotInfos(trx, 1);
  if (newest) return { catalogue: newest.hash, problems: [] };
  const message =
    'a strategy chooses from the catalogue, and there is no snapshot of it: take one by POST /v1/catalogue/snapshots or postulate catalogue snapshot';
  return { problems: [{ path, message }] };
}

async function pinLearned(
  trx: Knex,
  levels: readonly StrategyLevel[],
  catalogue: string | undefined,
): Promise<{ pins: Map<string, string>; problems: InputProblem[] }> {
  const pins = new Map<string, string>();
  const problems: InputProblem[] = [];
  const infos = await selectLearnedInfos(
    trx,
    levels.map(({ version }) => version.hash),
  );
  const inUse = await selectModelsInUse(
    trx,
    levels.map(({ version }) => version.hash),
  );
  for (const one of levels) {
    const { path, level, version } = one;
    const own = infos.filter(({ strategy }) => strategy === version.hash);
    const wanted = level.learned ?? inUse.get(version.hash);
    const found = own.find(({ hash }) => hash === wanted);
    const problem = learnedProblem(one, found, own, catalogue);
    if (problem !== undefined) problems.push({ path: `${path}.learned`, message: problem });
    else if (found) pins.set(path, found.hash);
  }
  return { pins, problems };
}

function learnedProblem(
  { level, version }: StrategyLevel,
  found: LearnedInfo | undefined,
  known: readonly LearnedInfo[],
  catalogue: string | undefined,
): string | undefined {
  const kind = kindOf(version);
  const name = `${version.name}@${version.version}`;
  const remedy = `run postulate strategies learn ${name}, or POST /v1/strategies/${name}/learn`;
  if (!kind.learn) {
    return level.learned === undefined
      ? undefined
      : `a strategy of the kind ${kind.kind} learns nothing; leave this out`;
  }
  if (!found) {
    return known.length > 0
      ? `${name} has not learned ${level.learned ?? ''}; leave it out for the model in use`
      : `${name} has learned nothing yet: ${remedy}`;
  }
  if (kind.references(version.definition).catalogue && found.source.catalogue !== catalogue) {
    const other = known.find(({ source }) => source.catalogue === catalogue);
    const promote =
      other && `, or take ${idOf(other)}, which knows it, into use by POST /v1/models/${other.name}/promote`;
    return `${idOf(found)} learned from another snapshot of the catalogue, so this arm could not see the same items as others: ${remedy}${promote ?? ''}, or let the draft name the snapshot ${found.source.catalogue} as its catalogue`;
  }
  return undefined;
}

const idOf = ({ name, number }: LearnedInfo): string => `${name}/${number}`;

/** Items that a strategy may choose although the filter keeps them from every other arm. */
async function itemProblems(
  trx: Knex,
  { catalogue, eligibility }: Experiment & { catalogue: string },
  levels: readonly StrategyLevel[],
): Promise<InputProblem[]> {
  const named = levels.flatMap(({ path, version }) =>
    kindOf(version)
      .references(version.definition)
      .items.map((item) => ({ path: `${path}.strategy`, item })),
  );
  if (named.length === 0) return [];
  const snapshot = await selectCatalogueSnapshot(trx, catalogue);
  const filter = prepareFilter(eligibility ?? {}, snapshot ?? { hash: catalogue, items: [] });
  return named.flatMap(({ path, item }) => {
    const why = filter.refusal(item);
    if (why === undefined) return [];
    const message = `the strategy may choose the item "${item.slice(0, 64)}", which no other arm can show: ${why}; change the strategy, the eligibility or the catalogue`;
    return [{ path, message }];
  });
}
