import type { Knex } from 'knex';
import { type LookedUp, ownTests, spellFailure, uncheckedIn } from '../strategies/keeping/lint-strategy.js';
import { outlineAsText } from '../strategies/keeping/outline.js';
import { outlineOfTrace } from '../strategies/keeping/spell-trace.js';
import { lookUp } from './look-up.js';
import type { ParsedStrategy } from './read-strategy.js';

/** What came of the tests beside a strategy, for readers. */
export interface OwnTests {
  readonly results: readonly {
    readonly name: string;
    readonly passed: boolean;
    /** What was decided instead. */
    readonly why?: string;
    /** Why, line by line. */
    readonly trace?: string;
  }[];
  readonly failed: number;
  /** Segments that must be looked up before the tests can be run. */
  readonly unchecked: readonly string[];
}

/** Without a database: contents stand for themselves, and tests that need segments are not run. */
export function testAlone(strategy: ParsedStrategy): OwnTests {
  return testWith(strategy, { contents: new Map(), segments: new Map() });
}

export async function testStored(db: Knex, strategy: ParsedStrategy): Promise<OwnTests> {
  return testWith(strategy, await lookUp(db, strategy));
}

function testWith(strategy: ParsedStrategy, lookedUp: LookedUp): OwnTests {
  const results = ownTests(strategy, lookedUp).map((result) => ({
    name: result.name,
    passed: result.passed,
    ...(!result.passed && { why: spellFailure(result) }),
    ...(result.trace !== undefined && { trace: outlineAsText(outlineOfTrace(strategy.kind, result.trace)) }),
  }));
  const failed = results.filter(({ passed }) => !passed).length;
  const unchecked = uncheckedIn(strategy, lookedUp).filter((name) => name.startsWith('segment '));
  return { results, failed, unchecked };
}
