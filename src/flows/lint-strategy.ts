import type { Knex } from 'knex';
import { type Lint, StrategyLinter } from '../strategies/keeping/lint-strategy.js';
import { kindOf } from './load-parts.js';
import { lookUp } from './look-up.js';
import type { ParsedStrategy } from './read-strategy.js';
import { streamProfiles } from './stream-profiles.js';

export type { Lint } from '../strategies/keeping/lint-strategy.js';

/** Without a database: contents and segments are not looked up, and recipients are only made up. */
export function lintAlone(strategy: ParsedStrategy, now: Date): Lint {
  return new StrategyLinter(strategy, { contents: new Map(), segments: new Map() }, now.getTime()).finish();
}

/**
 * Lints a strategy whose references are pinned, against the recipients that are stored as well.
 *
 * @param most stored recipients to look at.
 */
export async function lintStrategy(
  db: Knex,
  strategy: ParsedStrategy,
  now: Date,
  most: number,
  onProgress?: (recipients: number) => void,
): Promise<Lint> {
  const lookedUp = await lookUp(db, strategy);
  const linter = new StrategyLinter(strategy, lookedUp, now.getTime());
  if (!linter.wantsProfiles) return linter.finish();
  const needs = kindOf({ kind: strategy.kind, hash: 'of its own' }).needs(
    strategy.definition,
    lookedUp.segments,
  );
  let seen = 0;
  for await (const page of streamProfiles(db, { needs, clock: now, most })) {
    for (const { recipientKey, profile } of page) linter.look(profile, recipientKey);
    seen += page.length;
    onProgress?.(seen);
  }
  return linter.finish();
}
