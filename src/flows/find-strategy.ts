import { type ActivationRow, selectActivations } from '../database/strategy-activations.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { compareDefinitions, type DefinitionDiff } from '../strategies/keeping/compare-definitions.js';
import { type Outline, outlineAsText } from '../strategies/keeping/outline.js';
import { outlineOf } from '../strategies/keeping/outline-of.js';
import { partsOf } from '../strategies/keeping/parts-of.js';
import { standingOf, type VersionStatus } from '../strategies/keeping/standing.js';
import { findStrategyVersion, versionsOf } from './change-activation.js';
import type { Context } from './context.js';
import { versionStatuses } from './list-strategy-names.js';
import type { ParsedStrategy } from './read-strategy.js';
import { type StrategyUser, strategyUsers } from './strategy-users.js';

export type { DefinitionDiff } from '../strategies/keeping/compare-definitions.js';

/** One name with its versions and its record. */
export interface FoundStrategy {
  readonly name: string;
  /** The first one first. */
  readonly versions: readonly KnownVersion[];
  /** Number of the active version. */
  readonly active: number | undefined;
  /** Number of the version that a rollback goes back to. */
  readonly before: number | undefined;
  /** The first entry first. */
  readonly record: readonly (ActivationRow & { readonly version: number })[];
}

export interface KnownVersion extends StrategyVersion {
  readonly status: VersionStatus;
  readonly usedBy: readonly StrategyUser[];
}

/** @throws not_found `strategy_not_found`. */
export async function findStrategy(ctx: Pick<Context, 'db'>, name: string): Promise<FoundStrategy> {
  const versions = await versionsOf(ctx.db, name);
  const record = await selectActivations(ctx.db, name);
  const users = await strategyUsers(ctx.db);
  const statuses = versionStatuses(versions, record);
  const standing = standingOf(record);
  const numberOf = (hash: string | undefined) => versions.find((one) => one.hash === hash)?.version;
  return {
    name,
    versions: versions.map((version) => ({
      ...version,
      status: statuses.get(version.hash) ?? 'draft',
      usedBy: users.get(version.hash) ?? [],
    })),
    active: numberOf(standing.active),
    before: numberOf(standing.before),
    record: record.map((entry) => ({ ...entry, version: numberOf(entry.hash) ?? 0 })),
  };
}

/**
 * A strategy by `name@version`, by hash, or by a name alone: its active version, or the newest where none is.
 *
 * @throws not_found `strategy_version_not_found`, `strategy_not_found`.
 */
export async function findStrategyNamed(
  ctx: Pick<Context, 'db'>,
  reference: string,
): Promise<StrategyVersion> {
  if (/@|^sha256:/.test(reference)) return findStrategyVersion(ctx.db, reference);
  const versions = await versionsOf(ctx.db, reference);
  const { active } = standingOf(await selectActivations(ctx.db, reference));
  const found = versions.find(({ hash }) => hash === active) ?? versions.at(-1);
  if (!found) throw new Error('a strategy has at least one version');
  return found;
}

/** What a strategy decides, as a tree in text. */
export function showStrategy(strategy: ParsedStrategy): string {
  return outlineAsText(outlineOf(strategy));
}

/** What a strategy decides, as a tree for readers. */
export function outlineStrategy(strategy: ParsedStrategy): Outline {
  return outlineOf(strategy);
}

/** How one definition differs from another, part by part. */
export function diffStrategies(before: ParsedStrategy, after: ParsedStrategy): DefinitionDiff {
  return compareDefinitions(partsOf(before), partsOf(after));
}
