import type { Knex } from 'knex';
import { selectAllExperiments } from '../database/experiments.js';
import type { Status, StoredExperiment } from '../experiments/experiment.js';

/** An experiment with an arm that is pinned to a version. */
export interface StrategyUser {
  readonly key: string;
  readonly title: string;
  readonly status: Status;
}

/** Which experiments are pinned to which version, by its hash; the newest experiment first. */
export async function strategyUsers(db: Knex): Promise<ReadonlyMap<string, readonly StrategyUser[]>> {
  const users = new Map<string, StrategyUser[]>();
  for (const experiment of await selectAllExperiments(db)) {
    const { key, title, status } = experiment;
    for (const hash of pinnedHashes(experiment)) {
      const known = users.get(hash);
      if (known) known.push({ key, title, status });
      else users.set(hash, [{ key, title, status }]);
    }
  }
  return users;
}

function pinnedHashes({ factors }: StoredExperiment): Set<string> {
  return new Set(factors.flatMap(({ levels }) => levels.flatMap(({ strategy }) => strategy ?? [])));
}

/** Whether it still decides for recipients. */
export function isLive({ status }: StrategyUser): boolean {
  return status === 'running' || status === 'paused';
}
