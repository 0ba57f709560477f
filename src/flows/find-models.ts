import {
  type LearnedInfo,
  type LearnedState,
  selectModel,
  selectModels,
} from '../database/learned-states.js';
import { selectChecks, selectNewestChecks, type CheckedModel } from '../database/model-checks.js';
import { type Promotion, selectModelsInUse, selectPromotions } from '../database/model-promotions.js';
import { selectAllExperiments } from '../database/experiments.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { badInput, notFound } from '../errors.js';
import type { Status } from '../experiments/experiment.js';
import type { ModelReport } from '../strategies/model-report.js';
import type { Context } from './context.js';
import { type KnownRetraining, listRetraining } from './keep-learning.js';
import { type LearningRun, listRuns } from './run-learning.js';

/** An arm, or several by one level, that decides by a model. */
export interface ModelUser {
  readonly key: string;
  readonly title: string;
  readonly status: Status;
  /** Factor and level: `strategy: picks`. */
  readonly level: string;
}

export interface KnownModel extends LearnedInfo {
  /** `tea-picks/3` */
  readonly id: string;
  /** `tea-picks@2`, the strategy version that learned it. */
  readonly of: string;
  readonly kind: string;
  readonly inUse: boolean;
  readonly report: ModelReport | null;
  readonly users: readonly ModelUser[];
}

export interface ListedModel extends KnownModel {
  /** Of the last time that it was looked at. */
  readonly checks: readonly CheckedModel[];
  readonly retraining?: KnownRetraining;
}

/** Everything that there is to know about a model but its state. */
export interface FoundModel extends ListedModel {
  readonly history: readonly CheckedModel[];
  readonly record: readonly (Promotion & { readonly id: string })[];
  readonly runs: readonly LearningRun[];
  readonly parentId?: string;
}

export interface ModelQuestion {
  readonly name?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** The newest first. */
export async function listModels(
  ctx: Pick<Context, 'db'>,
  { name, offset = 0, limit = 50 }: ModelQuestion = {},
): Promise<ListedModel[]> {
  const models = await selectModels(ctx.db, { ...(name !== undefined && { name }), offset, limit });
  const known = await describe(ctx, models);
  const checks = await selectNewestChecks(
    ctx.db,
    models.map(({ hash }) => hash),
  );
  const retraining = new Map((await listRetraining(ctx)).map((one) => [one.name, one]));
  return known.map((model) => {
    const again = retraining.get(model.name);
    return { ...model, checks: checks.get(model.hash) ?? [], ...(again && { retraining: again }) };
  });
}

const mostChecks = 2_000;

/** @throws not_found `model_not_found`. */
export async function findModel(ctx: Pick<Context, 'db'>, name: string, number: number): Promise<FoundModel> {
  const model = await modelNamed(ctx, name, number);
  const [known] = await describe(ctx, [model]);
  if (!known) throw new Error(`model ${model.hash} cannot be described`);
  const numbers = new Map(
    (await selectModels(ctx.db, { name, offset: 0, limit: 10_000 })).map((one) => [one.hash, one.number]),
  );
  const idOf = (hash: string): string => `${name}/${numbers.get(hash) ?? '?'}`;
  const history = await selectChecks(ctx.db, model.hash, mostChecks);
  const newest = history.at(-1)?.checkedAt;
  const again = (await listRetraining(ctx)).find((one) => one.name === name);
  return {
    ...known,
    checks: history.filter(({ checkedAt }) => checkedAt === newest),
    history,
    record: (await selectPromotions(ctx.db, name)).map((one) => ({ ...one, id: idOf(one.model) })),
    runs: await listRuns(ctx, name, 20),
    ...(again && { retraining: again }),
    ...(model.parent !== null && { parentId: idOf(model.parent) }),
  };
}

/** With its state. @throws not_found `model_not_found`. */
export async function modelNamed(
  ctx: Pick<Context, 'db'>,
  name: string,
  number: number,
): Promise<LearnedState> {
  const found =
    Number.isInteger(number) && number > 0 && number < 2 ** 31 && !name.includes('\0')
      ? await selectModel(ctx.db, name, number)
      : undefined;
  if (!found) throw notFound('model_not_found', `There is no model ${name}/${number}.`);
  return found;
}

/** `tea-picks/3`. @throws bad_input `invalid_model_id`. */
export function readModelId(id: string): { name: string; number: number } {
  const [, name, number] = /^(.+)\/([1-9]\d{0,8})$/.exec(id) ?? [];
  if (name === undefined) throw badInput('invalid_model_id', `A model is named as tea-picks/3, not "${id}".`);
  return { name, number: Number(number) };
}

async function describe(
  ctx: Pick<Context, 'db'>,
  models: readonly (LearnedInfo & Pick<LearnedState, 'report'>)[],
): Promise<KnownModel[]> {
  const versions = new Map((await selectStrategyVersions(ctx.db)).map((one) => [one.hash, one]));
  const inUse = await selectModelsInUse(
    ctx.db,
    models.map(({ strategy }) => strategy),
  );
  const users = await modelUsers(ctx);
  return models.map(({ hash, name, number, strategy, ...model }) => {
    const version = versions.get(strategy);
    return {
      ...{ hash, name, number, strategy, parent: model.parent, clock: model.clock, seed: model.seed },
      ...{ source: model.source, createdAt: model.createdAt, report: model.report },
      ...{ id: `${name}/${number}`, of: version ? `${version.name}@${version.version}` : strategy },
      ...{
        kind: version?.kind ?? 'unknown',
        inUse: inUse.get(strategy) === hash,
        users: users.get(hash) ?? [],
      },
    };
  });
}

/** By content hash of the model; the newest experiment first. */
async function modelUsers({ db }: Pick<Context, 'db'>): Promise<ReadonlyMap<string, readonly ModelUser[]>> {
  const users = new Map<string, ModelUser[]>();
  for (const { key, title, status, factors } of await selectAllExperiments(db)) {
    for (const factor of factors)
      for (const { key: level, learned } of factor.levels) {
        if (learned === undefined) continue;
        const user = { key, title, status, level: `${factor.key}: ${level}` };
        users.set(learned, [...(users.get(learned) ?? []), user]);
      }
  }
  return users;
}
