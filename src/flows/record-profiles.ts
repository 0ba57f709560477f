import { insertIdentities } from '../database/identities.js';
import { quarantine, type QuarantinedRow } from '../database/quarantine.js';
import { inTransaction } from '../database/transaction.js';
import type { SourcePrecedence } from '../profiles/merge-profile.js';
import type { Context } from './context.js';
import { mergeGivenProfiles } from './merge-into-profiles.js';
import { type IncomingProfile, parseProfile, type RowProblem } from './parse-profile.js';

export type ProfileAnswer =
  | { readonly index: number; readonly id: string; readonly status: 'recorded' | 'unchanged' }
  | { readonly index: number; readonly id?: string; readonly status: 'refused'; readonly error: RowProblem };

export interface RecordProfilesOptions {
  /** The source of rows that name none. */
  readonly source?: string;
  readonly precedence?: SourcePrecedence;
  /** Where each row stands in its file or stream, from 1: quarantine shows it. */
  readonly lines?: readonly number[];
}

/**
 * Records what is known about recipients, with an answer per row. All good rows of a call are stored together; bad ones are
 * refused each by itself and kept in quarantine. Rows may come in any order, twice, and from many writers at once.
 */
export async function recordProfiles(
  ctx: Context,
  inputs: readonly unknown[],
  options: RecordProfilesOptions = {},
): Promise<ProfileAnswer[]> {
  const now = ctx.clock();
  const { good, bad, answers } = sortRows(inputs, options, now);
  const given = good.map(({ profile }) => ({
    ...profile,
    recipientKey: ctx.pseudonyms.recipientKey(profile.recipient),
  }));
  const identities = new Map(given.map(({ recipientKey, recipient }) => [recipientKey, recipient]));
  const sorted = [...identities].sort(([a], [b]) => (a < b ? -1 : 1));
  const changed = await inTransaction(ctx.db, async (trx) => {
    await insertIdentities(
      trx,
      sorted.map(([recipientKey, recipientId]) => ({ recipientKey, recipientId })),
    );
    const merged = await mergeGivenProfiles(trx, given, now, options.precedence);
    await quarantine(trx, bad);
    return merged;
  });
  good.forEach(({ index, profile }, i) => {
    answers[index] = { index, id: profile.recipient, status: changed[i] === true ? 'recorded' : 'unchanged' };
  });
  return answers;
}

/** Rows that can be stored, those for the quarantine, and the answers to these. */
function sortRows(
  inputs: readonly unknown[],
  { source = 'api', lines }: RecordProfilesOptions,
  receivedAt: Date,
) {
  const good: { readonly index: number; readonly profile: IncomingProfile }[] = [];
  const bad: QuarantinedRow[] = [];
  const answers: ProfileAnswer[] = [];
  inputs.forEach((row, index) => {
    const parsed = parseProfile(row, { source, now: receivedAt });
    if (parsed.ok) return void good.push({ index, profile: parsed.profile });
    const { error } = parsed;
    answers[index] = { index, ...idOf(row), status: 'refused', error };
    bad.push({ kind: 'profiles', source, row, line: lines?.[index], receivedAt, ...error });
  });
  return { good, bad, answers };
}

function idOf(input: unknown): { id: string } | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { recipient, userId } = input as { recipient?: unknown; userId?: unknown };
  const id = recipient ?? userId;
  return typeof id === 'string' ? { id: id.slice(0, 256) } : undefined;
}
