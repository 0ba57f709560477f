import { type ActivationRow, selectActivations } from '../database/strategy-activations.js';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import type { Custody } from '../strategies/custody.js';
import { daysOverdue } from '../strategies/keeping/find-neglect.js';
import { ruleBook } from '../strategies/keeping/rule-book.js';
import { type Standing, standingOf, statusOf, type VersionStatus } from '../strategies/keeping/standing.js';
import type { Context } from './context.js';
import { isLive, type StrategyUser, strategyUsers } from './strategy-users.js';

/** What a name stands for: its active version, or the newest where none is active. */
export interface StrategyName {
  readonly name: string;
  readonly kind: string;
  /** Draft: no version was ever active. Retired: one was, and none is now. */
  readonly status: VersionStatus;
  /** Number of the active version; null: none. */
  readonly active: number | null;
  /** Number of the newest version. */
  readonly newest: number;
  /** Number of the version that the rest is about. */
  readonly version: number;
  readonly owner?: string;
  readonly purpose?: string;
  /** The day by which somebody should look at it again. */
  readonly review?: string;
  /** Days that the review is late; absent: it is not. Retired ones are left alone. */
  readonly overdueDays?: number;
  /** When a version was last registered, activated or retired. */
  readonly changedAt: string;
  /** Running and paused experiments, whatever version they are pinned to. */
  readonly usedBy: readonly (StrategyUser & { readonly version: number })[];
}

/** Every strategy by name, with what there is to know for looking after it. */
export async function listStrategyNames(ctx: Pick<Context, 'db' | 'clock'>): Promise<StrategyName[]> {
  const versions = byName(await selectStrategyVersions(ctx.db));
  const records = byName(await selectActivations(ctx.db));
  const users = await strategyUsers(ctx.db);
  const now = ctx.clock().getTime();
  return [...versions].map(([name, own]) => summary(own, records.get(name) ?? [], users, now));
}

function byName<T extends { readonly name: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return groups;
}

function summary(
  versions: readonly StrategyVersion[],
  record: readonly ActivationRow[],
  users: ReadonlyMap<string, readonly StrategyUser[]>,
  now: number,
): StrategyName {
  const standing = standingOf(record);
  const active = versions.find(({ hash }) => hash === standing.active);
  const newest = versions.at(-1);
  const shown = active ?? newest;
  if (!shown || !newest) throw new Error('a strategy has at least one version');
  const status = active ? 'active' : nameStatus(standing);
  const { owner, purpose } = shown.definition as Custody;
  const review = firstReview(shown);
  const overdueDays = status === 'retired' ? undefined : daysOverdue(review, now);
  return {
    name: shown.name,
    kind: shown.kind,
    status,
    active: active?.version ?? null,
    newest: newest.version,
    version: shown.version,
    ...(owner !== undefined && { owner }),
    ...(purpose !== undefined && { purpose }),
    ...(review !== undefined && { review }),
    ...(overdueDays !== undefined && { overdueDays }),
    changedAt: [newest.createdAt, ...record.map(({ doneAt }) => doneAt)].sort().at(-1) ?? newest.createdAt,
    usedBy: versions.flatMap(({ hash, version }) =>
      (users.get(hash) ?? []).filter(isLive).map((user) => ({ ...user, version })),
    ),
  };
}

/** The earliest day by which the whole, or one of its rules, is to be looked at again. */
function firstReview(version: StrategyVersion): string | undefined {
  const { review } = version.definition as Custody;
  const rules = ruleBook(version)?.rules ?? [];
  const days = rules.length === 0 ? [review] : rules.map((rule) => rule.review ?? review);
  return days.filter((day) => day !== undefined).sort()[0];
}

function nameStatus({ activated }: Standing): VersionStatus {
  return activated.size > 0 ? 'retired' : 'draft';
}

/** Every version by name and number, with its status. */
export async function listVersions(
  ctx: Pick<Context, 'db'>,
): Promise<(StrategyVersion & { readonly status: VersionStatus })[]> {
  const versions = byName(await selectStrategyVersions(ctx.db));
  const records = byName(await selectActivations(ctx.db));
  return [...versions].flatMap(([name, own]) => {
    const statuses = versionStatuses(own, records.get(name) ?? []);
    return own.map((version) => ({ ...version, status: statuses.get(version.hash) ?? 'draft' }));
  });
}

/** The status of each version of a name. */
export function versionStatuses(
  versions: readonly StrategyVersion[],
  record: readonly ActivationRow[],
): ReadonlyMap<string, VersionStatus> {
  const standing = standingOf(record);
  return new Map(versions.map(({ hash }) => [hash, statusOf(hash, standing)]));
}
