/** One entry of the record of a strategy name: from then on this version was the one to use, or none was. */
export interface Activation {
  readonly hash: string;
  readonly status: 'active' | 'retired';
}

/** What the record of a name comes to. */
export interface Standing {
  /** Hash of the version to use; undefined: none. */
  readonly active: string | undefined;
  /** Every version that was ever active. */
  readonly activated: ReadonlySet<string>;
  /** What a rollback goes back to; undefined where nothing was active before. */
  readonly before: string | undefined;
}

export type VersionStatus = 'draft' | 'active' | 'retired';

/**
 * Reads the record of a name, the first entry first. A version that is activated again while it was active before is gone
 * back to, and what came after it no longer counts as "before": two rollbacks go back two steps, not to and fro. After a
 * retirement, what was retired is what a rollback goes back to.
 */
export function standingOf(record: readonly Activation[]): Standing {
  let trail: string[] = [];
  for (const { hash, status } of record) {
    if (status === 'retired') continue;
    const known = trail.indexOf(hash);
    trail = known < 0 ? [...trail, hash] : trail.slice(0, known + 1);
  }
  const last = record.at(-1);
  const active = last?.status === 'active' ? last.hash : undefined;
  return {
    active,
    activated: new Set(record.map(({ hash }) => hash)),
    before: active === undefined ? trail.at(-1) : trail.at(-2),
  };
}

/** Draft until it is activated for the first time, retired when it was active and is not now. */
export function statusOf(hash: string, standing: Standing): VersionStatus {
  if (standing.active === hash) return 'active';
  return standing.activated.has(hash) ? 'retired' : 'draft';
}
