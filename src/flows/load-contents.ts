import type { Knex } from 'knex';
import { selectContentBodies, selectNewestContents } from '../database/content-versions.js';
import { joinPath, type Parsed, type Problem } from '../experiments/read-with.js';
import { referencesIn, withPins } from './pin-references.js';

/**
 * The texts of contents by `name@version`.
 *
 * @throws Error where one is missing: references are pinned, and versions are never removed.
 */
export async function loadContents(
  trx: Knex,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(references)];
  if (wanted.length === 0) return new Map();
  const found = await selectContentBodies(trx, wanted);
  const missing = wanted.find((reference) => !found.has(reference));
  if (missing !== undefined) throw new Error(`content ${missing} is missing`);
  return found;
}

/**
 * The same definition with every `{"content": "name"}` in it pinned to the newest version of that name at this moment, and
 * every version that is named looked up. Unknown ones are told with their paths.
 */
export async function pinContents<T>(trx: Knex, value: T): Promise<Parsed<T>> {
  const references = referencesIn(value, 'content');
  if (references.length === 0) return { ok: true, value };
  const names = references.map(({ name }) => name).filter((name) => !name.includes('@'));
  const newest = await selectNewestContents(trx, names);
  const versions = await selectContentBodies(
    trx,
    references.map(({ name }) => name).filter((name) => name.includes('@')),
  );
  const problems: Problem[] = [];
  const pins = new Map<string, string>();
  for (const { name: content, path } of references) {
    const version = newest.get(content);
    if (content.includes('@') ? versions.has(content) : version !== undefined) {
      pins.set(content, version === undefined ? content : `${content}@${version}`);
    } else {
      const message = `there is no content "${content.slice(0, 140)}" in the library; register it first`;
      problems.push({ path: joinPath(path, 'content'), message });
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: withPins(value, 'content', pins) };
}
