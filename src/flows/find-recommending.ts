import { type LearnedInfo, selectLearnedInfos } from '../database/learned-states.js';
import { modelInUse } from '../database/questions/model-in-use.js';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import { badInput, conflict } from '../errors.js';
import type { CollaborativeDefinition } from '../strategies/cf/definition.js';
import { collaborativeKind } from '../strategies/cf/collaborative.js';
import type { Parts } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { findStrategyNamed } from './find-strategy.js';
import { loadParts } from './load-parts.js';

/** A collaborative strategy with the model that is in use. */
export interface Recommending {
  readonly version: StrategyVersion;
  readonly definition: CollaborativeDefinition;
  readonly model: LearnedInfo;
  readonly parts: Parts;
}

/**
 * A collaborative strategy by its name (its active version, or the newest), `name@version` or hash.
 *
 * @throws not_found where there is none; bad_input `recommends_nothing`; conflict `no_model`.
 */
export async function findRecommending(ctx: Pick<Context, 'db'>, reference: string): Promise<Recommending> {
  const version = await findStrategyNamed(ctx, reference);
  const of = `${version.name}@${version.version}`;
  if (!isCollaborative(version)) {
    const message = `"${of}" is of the kind ${version.kind}: only a ${collaborativeKind.kind} strategy has neighbours and lists.`;
    throw badInput('recommends_nothing', message);
  }
  const hash = await modelInUse(ctx.db, version.hash);
  const model = hash === undefined ? undefined : await modelOf(ctx, version, hash);
  if (!model) {
    const message = `No model of "${of}" is in use: let it learn, by POST /v1/strategies/${version.name}/learn or postulate strategies learn ${version.name}.`;
    throw conflict('no_model', message);
  }
  const parts = await loadParts(ctx.db, version, model.hash);
  return { version, definition: version.definition as CollaborativeDefinition, model, parts };
}

/** Content hash of the model of a name that is in use now, for lists that were made beforehand. */
export async function modelOfName(ctx: Pick<Context, 'db'>, name: string): Promise<string | undefined> {
  const version = await findStrategyNamed(ctx, name);
  return modelInUse(ctx.db, version.hash);
}

/** Names of collaborative strategies, in their order. */
export async function recommendingNames(ctx: Pick<Context, 'db'>): Promise<string[]> {
  const versions = (await selectStrategyVersions(ctx.db)).filter(isCollaborative);
  return [...new Set(versions.map(({ name }) => name))].sort();
}

export function isCollaborative({ kind }: Pick<StrategyVersion, 'kind'>): boolean {
  return kind === collaborativeKind.kind;
}

async function modelOf(
  ctx: Pick<Context, 'db'>,
  { hash: strategy }: StrategyVersion,
  hash: string,
): Promise<LearnedInfo | undefined> {
  return (await selectLearnedInfos(ctx.db, [strategy])).find((one) => one.hash === hash);
}

/** As people call a model: `tea-picks/3`. */
export function modelName({ name, number }: Pick<LearnedInfo, 'name' | 'number'>): string {
  return `${name}/${number}`;
}
