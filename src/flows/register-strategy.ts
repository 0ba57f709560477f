import type { Knex } from 'knex';
import { z } from 'zod';
import {
  insertStrategyVersion,
  selectStrategyVersions,
  type StrategyVersion,
} from '../database/strategy-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, type PostulateError } from '../errors.js';
import { type Problem, readWith } from '../experiments/read-with.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Context } from './context.js';
import { type ParsedStrategy, readStrategy } from './read-strategy.js';

export const strategySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'use 1 to 128 of a-z, 0-9, dot, - and _'),
  definition: z
    .looseObject({ kind: z.string() })
    .describe('The definition; `kind` says which kind of strategy it is.'),
});

/**
 * Stores a strategy as the next version of its name, a draft until it is activated. The same content again is the version that
 * is there already. What lint calls an error is refused; warnings are for whoever lints.
 *
 * @throws bad_input `invalid_strategy` with every problem found.
 */
export async function registerStrategy(ctx: Context, body: unknown): Promise<StrategyVersion> {
  const parsed = readWith(strategySchema, body);
  if (!parsed.ok)
    throw badInput('invalid_strategy', 'Give the strategy a name and a definition.', parsed.problems);
  const { name, definition } = parsed.value;
  const now = ctx.clock();
  return inTransaction(ctx.db, async (trx) => {
    const strategy = await readStrategy(trx, definition, now);
    if (!strategy.ok) throw invalid(strategy.problems);
    return keepStrategy(trx, name, strategy.value, now);
  });
}

function invalid(problems: readonly Problem[]): PostulateError {
  const inside = problems.map((p) => ({ ...p, path: p.path ? `definition.${p.path}` : 'definition' }));
  return badInput('invalid_strategy', 'The definition of this strategy has mistakes.', inside);
}

export async function listStrategies(ctx: Context): Promise<StrategyVersion[]> {
  return selectStrategyVersions(ctx.db);
}

export async function keepStrategy(
  trx: Knex,
  name: string,
  strategy: ParsedStrategy,
  createdAt: Date,
): Promise<StrategyVersion> {
  return insertStrategyVersion(trx, { name, hash: contentHash(strategy), ...strategy, createdAt });
}
