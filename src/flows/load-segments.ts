import type { Knex } from 'knex';
import { selectNewestSegments, selectSegments } from '../database/segment-versions.js';
import { joinPath, type Parsed, type Problem } from '../experiments/read-with.js';
import { referenceOf, type Segment, segmentsNamed } from '../profiles/segments/segment.js';

/**
 * The segments that these references name, directly or by other segments, by `name@version`.
 *
 * @throws Error where one is missing: references are pinned, and versions are never removed.
 */
export async function loadSegments(
  trx: Knex,
  references: readonly string[],
): Promise<ReadonlyMap<string, Segment>> {
  const found = new Map<string, Segment>();
  let wanted = [...new Set(references)];
  while (wanted.length > 0) {
    const loaded = await selectSegments(trx, wanted);
    const missing = wanted.find((reference) => !loaded.has(reference));
    if (missing !== undefined) throw new Error(`segment ${missing} is missing`);
    for (const [reference, segment] of loaded) found.set(reference, segment);
    const named = [...loaded.values()].flatMap(({ when }) => segmentsNamed(when));
    wanted = [...new Set(named)].filter((reference) => !found.has(reference));
  }
  return found;
}

/**
 * The same definition with every `{"segment": "name"}` in it pinned to the newest version of that name at this moment, and
 * every version that is named looked up. Unknown ones are told with their paths.
 */
export async function pinSegments<T>(trx: Knex, value: T): Promise<Parsed<T>> {
  const references: Reference[] = [];
  collect(value, '', references);
  if (references.length === 0) return { ok: true, value };
  const isPinned = ({ segment }: Reference): boolean => segment.includes('@');
  const newest = await selectNewestSegments(
    trx,
    references.filter((one) => !isPinned(one)).map(({ segment }) => segment),
  );
  const versions = await selectSegments(
    trx,
    references.filter(isPinned).map(({ segment }) => segment),
  );
  const pins = new Map<string, string>(newest.map((segment) => [segment.name, referenceOf(segment)]));
  for (const reference of versions.keys()) pins.set(reference, reference);
  const problems: Problem[] = references
    .filter(({ segment }) => !pins.has(segment))
    .map(({ segment, path }) => ({
      path: joinPath(path, 'segment'),
      message: `there is no segment "${segment.slice(0, 140)}"; register it first`,
    }));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: pinned(value, pins) as T };
}

interface Reference {
  readonly segment: string;
  readonly path: string;
}

function collect(value: unknown, path: string, found: Reference[]): void {
  if (Array.isArray(value)) {
    value.forEach((part, index) => collect(part, joinPath(path, index), found));
  } else if (isReference(value)) {
    found.push({ segment: value.segment, path });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) collect(part, joinPath(path, key), found);
  }
}

function pinned(value: unknown, pins: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((part) => pinned(part, pins));
  if (isReference(value)) return { segment: pins.get(value.segment) ?? value.segment };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pinned(part, pins)]));
}

/** An object that says nothing but which segment. */
function isReference(value: unknown): value is { segment: string } {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return (
    keys.length === 1 && keys[0] === 'segment' && typeof (value as { segment: unknown }).segment === 'string'
  );
}
