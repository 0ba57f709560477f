import type { Knex } from 'knex';
import { z } from 'zod';
import {
  insertStrategyVersion,
  selectStrategyVersions,
  type StrategyVersion,
} from '../database/strategy-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, type PostulateError } from '../errors.js';
import { type Parsed, type Problem, readWith } from '../experiments/read-with.js';
import { contentHash } from '../strategies/content-hash.js';
import { findKind, strategyKinds } from '../strategies/registry.js';
import type { Context } from './context.js';
import { pinContents } from './load-contents.js';
import { pinSegments } from './load-segments.js';

export const strategySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'use 1 to 128 of a-z, 0-9, dot, - and _'),
  definition: z
    .looseObject({ kind: z.string() })
    .describe('The definition; `kind` says which kind of strategy it is.'),
});

/** A strategy that has been checked: its kind and the plain JSON that `decide` works on. */
export interface ParsedStrategy {
  readonly kind: string;
  readonly definition: unknown;
}

/**
 * Stores a strategy as the next version of its name. The same content again is the version that is there already.
 *
 * @throws bad_input `invalid_strategy` with every problem found.
 */
export async function registerStrategy(ctx: Context, body: unknown): Promise<StrategyVersion> {
  const parsed = readWith(strategySchema, body);
  if (!parsed.ok)
    throw badInput('invalid_strategy', 'Give the strategy a name and a definition.', parsed.problems);
  const { name, definition } = parsed.value;
  const strategy = parseStrategy(definition);
  if (!strategy.ok) throw invalid(strategy.problems);
  const now = ctx.clock();
  return inTransaction(ctx.db, async (trx) => {
    const pinned = await pinStrategy(trx, strategy.value);
    if (!pinned.ok) throw invalid(pinned.problems);
    return keepStrategy(trx, name, pinned.value, now);
  });
}

function invalid(problems: readonly Problem[]): PostulateError {
  const inside = problems.map((p) => ({ ...p, path: p.path ? `definition.${p.path}` : 'definition' }));
  return badInput('invalid_strategy', 'The definition of this strategy has mistakes.', inside);
}

/** With every content and segment that it names pinned to a version: what is hashed never means something else later. */
export async function pinStrategy(trx: Knex, strategy: ParsedStrategy): Promise<Parsed<ParsedStrategy>> {
  const contents = await pinContents(trx, strategy.definition);
  const segments = await pinSegments(trx, contents.ok ? contents.value : strategy.definition);
  if (!contents.ok && !segments.ok)
    return { ok: false, problems: [...contents.problems, ...segments.problems] };
  const pinned = contents.ok ? segments : contents;
  return pinned.ok ? { ok: true, value: { ...strategy, definition: pinned.value } } : pinned;
}

export async function listStrategies(ctx: Context): Promise<StrategyVersion[]> {
  return selectStrategyVersions(ctx.db);
}

/** Finds the kind of a definition and lets it check the rest. */
export function parseStrategy(definition: { kind: string }): Parsed<ParsedStrategy> {
  const kind = findKind(definition.kind);
  if (!kind) {
    const kinds = strategyKinds.map((known) => known.kind).join(', ');
    const message = `there is no kind "${definition.kind}"; the kinds are ${kinds}`;
    return { ok: false, problems: [{ path: 'kind', message }] };
  }
  const parsed = kind.parse(definition);
  return parsed.ok ? { ok: true, value: { kind: kind.kind, definition: parsed.value } } : parsed;
}

export async function keepStrategy(
  trx: Knex,
  name: string,
  strategy: ParsedStrategy,
  createdAt: Date,
): Promise<StrategyVersion> {
  return insertStrategyVersion(trx, { name, hash: contentHash(strategy), ...strategy, createdAt });
}
