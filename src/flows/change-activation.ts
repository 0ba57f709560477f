import type { Knex } from 'knex';
import { z } from 'zod';
import { insertActivation, selectActivations } from '../database/strategy-activations.js';
import {
  lockStrategyName,
  selectStrategyVersion,
  selectVersionsOf,
  type StrategyVersion,
} from '../database/strategy-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, conflict, notFound } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { text } from '../experiments/text.js';
import { standingOf } from '../strategies/keeping/standing.js';
import type { Context } from './context.js';

export const activationChanges = ['activate', 'rollback', 'retire'] as const;
export type ActivationChange = (typeof activationChanges)[number];

const version = z
  .int('give the number of a version, such as 3')
  .min(1, 'give the number of a version, such as 3')
  .max(999_999_999, 'give the number of a version, such as 3');
const note = text(1_000).optional().describe('Why; it stands in the record beside who did it and when.');

/** What each change is told: which version, and why. */
export const activationSchemas = {
  activate: z.strictObject({ version, note }),
  rollback: z.strictObject({
    version: version.optional().describe('Left out: the version that was active before.'),
    note,
  }),
  retire: z.strictObject({ note }),
} as const;

/** What a name stands for after a change. */
export interface ActivationAnswer {
  readonly name: string;
  /** Number of the version that is active now; null: none. */
  readonly active: number | null;
  /** False where it was so already and nothing was written. */
  readonly changed: boolean;
}

/**
 * Makes a version the one to use, goes back to an earlier one, or retires the name. It only ever adds to the record. An
 * experiment that runs is pinned to a version and goes on as it is.
 *
 * @param by who did it, as the record shows it.
 * @throws bad_input `invalid_activation`; not_found `strategy_not_found`, `strategy_version_not_found`; conflict
 * `never_active`, `nothing_before`, `nothing_active`.
 */
export async function changeActivation(
  ctx: Pick<Context, 'db' | 'clock'>,
  change: ActivationChange,
  name: string,
  body: unknown,
  by: string,
): Promise<ActivationAnswer> {
  const parsed = readWith<{ version?: number | undefined; note?: string | undefined }>(
    activationSchemas[change],
    body,
  );
  if (!parsed.ok) throw badInput('invalid_activation', `This can not be done as asked.`, parsed.problems);
  const { version: number, note: why } = parsed.value;
  return inTransaction(ctx.db, async (trx) => {
    const versions = await versionsOf(trx, name);
    await lockStrategyName(trx, name);
    const standing = standingOf(await selectActivations(trx, name));
    const target = targetOf(change, { name, number, versions, ...standing });
    const status = change === 'retire' ? 'retired' : 'active';
    const changed = status === 'retired' || standing.active !== target.hash;
    if (changed) {
      const row = { name, hash: target.hash, status, doneBy: by, doneAt: ctx.clock() } as const;
      await insertActivation(trx, { ...row, ...(why !== undefined && why !== '' && { note: why }) });
    }
    return { name, active: status === 'active' ? target.version : null, changed };
  });
}

/** The versions of a name, the first one first. @throws not_found `strategy_not_found`. */
export async function versionsOf(db: Knex, name: string): Promise<StrategyVersion[]> {
  const versions = name.includes('\0') ? [] : await selectVersionsOf(db, name);
  if (versions.length === 0) throw notFound('strategy_not_found', `There is no strategy "${name}".`);
  return versions;
}

/** @param reference `name@number` or `sha256:…`. @throws not_found `strategy_version_not_found`. */
export async function findStrategyVersion(db: Knex, reference: string): Promise<StrategyVersion> {
  const found = reference.includes('\0') ? undefined : await selectStrategyVersion(db, reference);
  if (!found) {
    throw notFound('strategy_version_not_found', `There is no strategy version "${reference}".`);
  }
  return found;
}

interface Asked extends ReturnType<typeof standingOf> {
  readonly name: string;
  readonly number: number | undefined;
  readonly versions: readonly StrategyVersion[];
}

/** The version that the entry in the record is about. */
function targetOf(change: ActivationChange, asked: Asked): StrategyVersion {
  const { name, number, versions, active, activated, before } = asked;
  const byHash = (hash: string | undefined) => versions.find((one) => one.hash === hash);
  if (change === 'retire') {
    const current = byHash(active);
    if (!current)
      throw conflict('nothing_active', `No version of "${name}" is active: there is nothing to retire.`);
    return current;
  }
  if (number === undefined) {
    const earlier = byHash(before);
    if (!earlier) {
      const message = `No version of "${name}" was active before: there is nothing to go back to. To make a version active for the first time, activate it.`;
      throw conflict('nothing_before', message);
    }
    return earlier;
  }
  const named = versions.find((one) => one.version === number);
  if (!named) {
    const message = `"${name}" has no version ${number}; it has 1 to ${versions.length}.`;
    throw notFound('strategy_version_not_found', message);
  }
  if (change === 'rollback' && !activated.has(named.hash)) {
    const message = `Version ${number} of "${name}" was never active: there is no going back to it. To make it active for the first time, activate it.`;
    throw conflict('never_active', message);
  }
  return named;
}
