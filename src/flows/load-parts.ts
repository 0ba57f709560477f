import type { Knex } from 'knex';
import { selectLearnedState } from '../database/learned-states.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { findKind } from '../strategies/registry.js';
import type { Json, Parts, StrategyKind } from '../strategies/strategy.js';
import { KeptByHash } from './kept-by-hash.js';
import { loadContents } from './load-contents.js';
import { loadSegments } from './load-segments.js';

const learnedStates = new KeptByHash<Json>(16);

/** The kind of a stored version. @throws Error where this version of Postulate does not know it. */
export function kindOf({ kind, hash }: Pick<StrategyVersion, 'kind' | 'hash'>): StrategyKind<unknown> {
  const found = findKind(kind);
  if (!found) throw new Error(`strategy version ${hash} is of the kind ${kind}, which is not known here`);
  return found;
}

/**
 * All that a strategy version refers to, looked up.
 *
 * @param learned content hash of what it has learned, where its kind learns.
 * @throws Error where something is missing: what is pinned is never removed.
 */
export async function loadParts(db: Knex, version: StrategyVersion, learned: string | null): Promise<Parts> {
  const { contents, segments } = kindOf(version).references(version.definition);
  return {
    learned: learned === null ? null : await loadLearned(db, learned),
    contents: await loadContents(db, contents),
    segments: await loadSegments(db, segments),
  };
}

async function loadLearned(db: Knex, hash: string): Promise<Json> {
  return learnedStates.get(hash, async () => {
    const found = await selectLearnedState(db, hash);
    if (!found) throw new Error(`learned state ${hash} is missing`);
    return found.state;
  });
}
