import type { Knex } from 'knex';
import type { LookedUp } from '../strategies/keeping/lint-strategy.js';
import { kindOf } from './load-parts.js';
import { loadContents } from './load-contents.js';
import { loadSegments } from './load-segments.js';
import type { ParsedStrategy } from './read-strategy.js';

/** What a pinned definition refers to. @throws Error where something is missing: what is pinned is never removed. */
export async function lookUp(db: Knex, { kind, definition }: ParsedStrategy): Promise<LookedUp> {
  const { contents, segments } = kindOf({ kind, hash: 'of its own' }).references(definition);
  return { contents: await loadContents(db, contents), segments: await loadSegments(db, segments) };
}
