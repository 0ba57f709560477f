import { z } from 'zod';
import {
  type ContentVersion,
  insertContentVersion,
  lockNewestContent,
  selectContentVersions,
} from '../database/content-versions.js';
import { inTransaction } from '../database/transaction.js';
import { badInput } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { slotContentSchema } from '../experiments/slots.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Context } from './context.js';

export const contentSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,127}$/,
      'use 1 to 128 of a-z, 0-9, dot, - and _, starting with a letter or digit',
    ),
  body: slotContentSchema.describe('The text, as it stands in a slot.'),
});

/**
 * Stores a text as the next version of its name. The text of the newest version again is that version.
 *
 * @throws bad_input `invalid_content` with every problem found.
 */
export async function registerContent(ctx: Context, input: unknown): Promise<ContentVersion> {
  const parsed = readWith(contentSchema, input);
  if (!parsed.ok) throw badInput('invalid_content', 'Give the content a name and a text.', parsed.problems);
  const { name, body } = parsed.value;
  const now = ctx.clock();
  return inTransaction(ctx.db, async (trx) => {
    const newest = await lockNewestContent(trx, name);
    if (newest?.body === body) return newest;
    const version = (newest?.version ?? 0) + 1;
    const made = { name, version, hash: contentHash({ content: name, version, body }), body };
    await insertContentVersion(trx, made, now);
    return { ...made, createdAt: now.toISOString() };
  });
}

/** By name, the newest version first. */
export async function listContents(ctx: Pick<Context, 'db'>): Promise<ContentVersion[]> {
  return selectContentVersions(ctx.db);
}
