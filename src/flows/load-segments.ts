import type { Knex } from 'knex';
import { selectNewestSegments, selectSegments } from '../database/segment-versions.js';
import { joinPath, type Parsed, type Problem } from '../experiments/read-with.js';
import { type Reference, referencesIn, withPins } from './pin-references.js';
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
  const references = referencesIn(value, 'segment');
  if (references.length === 0) return { ok: true, value };
  const isPinned = ({ name }: Reference): boolean => name.includes('@');
  const newest = await selectNewestSegments(
    trx,
    references.filter((one) => !isPinned(one)).map(({ name }) => name),
  );
  const versions = await selectSegments(
    trx,
    references.filter(isPinned).map(({ name }) => name),
  );
  const pins = new Map<string, string>(newest.map((segment) => [segment.name, referenceOf(segment)]));
  for (const reference of versions.keys()) pins.set(reference, reference);
  const problems: Problem[] = references
    .filter(({ name }) => !pins.has(name))
    .map(({ name, path }) => ({
      path: joinPath(path, 'segment'),
      message: `there is no segment "${name.slice(0, 140)}"; register it first`,
    }));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: withPins(value, 'segment', pins) };
}
