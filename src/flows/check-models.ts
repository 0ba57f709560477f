import { selectModelsInUse } from '../database/model-promotions.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { selectActivations } from '../database/strategy-activations.js';
import { standingOf } from '../strategies/keeping/standing.js';
import type { Context } from './context.js';
import { Interrupted } from './learner.js';
import { isLive, strategyUsers } from './strategy-users.js';

export interface CheckedModels {
  readonly models: number;
  readonly alerting: number;
  readonly failed: number;
}

/**
 * Looks at the models that somebody may still rely on: of the active version of each strategy, or its newest where none is
 * active, and of those that a live experiment is pinned to. One that cannot be checked keeps no other from it.
 */
export async function checkModels(ctx: Context): Promise<CheckedModels | undefined> {
  const strategies = await watched(ctx);
  if (strategies.length === 0) return undefined;
  let [models, alerting, failed] = [0, 0, 0];
  for (const strategy of strategies) {
    try {
      const never = new AbortController().signal;
      const { model, checks } = await ctx.learner.run({ do: 'check', strategy }, () => undefined, never);
      models += Number(model !== undefined);
      alerting += Number(checks.some((check) => check.alerting));
    } catch (error) {
      if (error instanceof Interrupted) return undefined;
      failed += 1;
      ctx.log.error({ strategy, err: error }, 'A model could not be checked.');
    }
  }
  return { models, alerting, failed };
}

async function watched(ctx: Context): Promise<string[]> {
  const inUse = await selectModelsInUse(ctx.db);
  if (inUse.size === 0) return [];
  const users = await strategyUsers(ctx.db);
  const versions = await selectStrategyVersions(ctx.db);
  const activations = await selectActivations(ctx.db);
  const names = new Map<string, string>();
  for (const { name, hash } of versions) names.set(name, hash);
  for (const name of names.keys()) {
    const { active } = standingOf(activations.filter((row) => row.name === name));
    if (active !== undefined) names.set(name, active);
  }
  const usual = new Set(names.values());
  return [...inUse.keys()].filter((hash) => usual.has(hash) || (users.get(hash) ?? []).some(isLive));
}
