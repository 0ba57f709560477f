import type { Parsed, Problem } from '../experiments/read-with.js';
import { contentHash } from './content-hash.js';

/** One thing that can be recommended, as a snapshot of the catalogue holds it. Absent: not known. */
export interface Item {
  readonly id: string;
  readonly title?: string;
  readonly category?: string;
  /** Minor units of `currency`. */
  readonly price?: number;
  readonly currency?: string;
  /** 1 is the lowest. */
  readonly priceTier?: number;
  /** Pieces; absent: not counted, always there. */
  readonly stock?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The catalogue at one moment; never changes, and is known by the hash of its items. */
export interface CatalogueSnapshot {
  readonly hash: string;
  /** In the order of their ids. */
  readonly items: readonly Item[];
}

/** Items in the order of their ids, known by their hash. An id that stands there twice is refused. */
export function snapshotOf(items: readonly Item[]): Parsed<CatalogueSnapshot> {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const problems = sorted.flatMap(({ id }, i): Problem[] =>
    i > 0 && sorted[i - 1]?.id === id
      ? [{ path: 'items', message: `the item "${id.slice(0, 64)}" is there twice; keep one of the two` }]
      : [],
  );
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, 50) };
  return { ok: true, value: { hash: contentHash(sorted), items: sorted } };
}
