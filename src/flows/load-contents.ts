import type { Knex } from 'knex';
import { selectContentBodies, selectNewestContents } from '../database/content-versions.js';
import { joinPath, type Parsed, type Problem } from '../experiments/read-with.js';

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
  const references: Reference[] = [];
  collect(value, '', references);
  if (references.length === 0) return { ok: true, value };
  const names = references.filter(({ content }) => !content.includes('@')).map(({ content }) => content);
  const newest = await selectNewestContents(trx, names);
  const versions = await selectContentBodies(
    trx,
    references.flatMap(({ content }) => (content.includes('@') ? [content] : [])),
  );
  const problems: Problem[] = [];
  const pins = new Map<string, string>();
  for (const { content, path } of references) {
    const version = newest.get(content);
    if (content.includes('@') ? versions.has(content) : version !== undefined) {
      pins.set(content, version === undefined ? content : `${content}@${version}`);
    } else {
      const message = `there is no content "${content.slice(0, 140)}" in the library; register it first`;
      problems.push({ path: joinPath(path, 'content'), message });
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: pinned(value, pins) as T };
}

interface Reference {
  readonly content: string;
  readonly path: string;
}

function collect(value: unknown, path: string, found: Reference[]): void {
  if (Array.isArray(value)) {
    value.forEach((part, index) => collect(part, joinPath(path, index), found));
  } else if (isReference(value)) {
    found.push({ content: value.content, path });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) collect(part, joinPath(path, key), found);
  }
}

function pinned(value: unknown, pins: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((part) => pinned(part, pins));
  if (isReference(value)) return { content: pins.get(value.content) ?? value.content };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pinned(part, pins)]));
}

/** An object that says nothing but which content. */
function isReference(value: unknown): value is { content: string } {
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(value);
  return (
    keys.length === 1 && keys[0] === 'content' && typeof (value as { content: unknown }).content === 'string'
  );
}
