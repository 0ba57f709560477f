import { createHash } from 'node:crypto';
import { z } from 'zod';
import { insertScorer, insertScorerFile, selectScorerFile, type StoredScorer } from '../database/scorers.js';
import { inTransaction } from '../database/transaction.js';
import { badInput } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import { contentHash } from '../strategies/content-hash.js';
import { parseScorer, type ScorerDefinition } from '../strategies/scorers/scorer.js';
import type { Context } from './context.js';

/** Of an ONNX file: a large network; trees and small networks take some kilobytes. */
export const mostFileBytes = 16_000_000;

export const scorerSchema = z.strictObject({
  name: z
    .string('must be a text')
    .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'use 1 to 128 of a-z, 0-9, dot, - and _'),
  definition: z
    .looseObject({ type: z.string('must be "http" or "onnx"') })
    .describe('The definition; `type` says how it is asked.'),
  file: z
    .base64('must be the bytes of the ONNX file in base64')
    .max(Math.ceil(mostFileBytes / 3) * 4, `must have at most ${mostFileBytes / 1e6} MB`)
    .optional()
    .describe('The bytes of an ONNX file, in base64.'),
});

/**
 * Stores a scorer as the next version of its name. A file is loaded and tried; an address is not called, because what it
 * answers is checked with every call.
 *
 * @throws bad_input `invalid_scorer` with every problem found.
 */
export async function registerScorer(ctx: Context, body: unknown, by: string): Promise<StoredScorer> {
  const parsed = readWith(scorerSchema, body);
  if (!parsed.ok)
    throw badInput('invalid_scorer', 'Give the scorer a name and a definition.', parsed.problems);
  const { name, definition: written, file } = parsed.value;
  const content = file === undefined ? undefined : Buffer.from(file, 'base64');
  const definition = readDefinition(written, content);
  const known =
    definition.type === 'onnx' && !content ? await selectScorerFile(ctx.db, definition.file) : content;
  const problem = await ctx.scorers.examine(definition, known);
  if (problem) throw badInput('invalid_scorer', 'This scorer cannot be asked.', [problem]);
  const now = ctx.clock();
  const fileHash = definition.type === 'onnx' ? definition.file : null;
  return inTransaction(ctx.db, async (trx) => {
    if (content && fileHash !== null)
      await insertScorerFile(trx, { hash: fileHash, content, createdAt: now });
    const own = { name, definition, hash: contentHash(definition), file: fileHash };
    return insertScorer(trx, { ...own, registeredBy: by, createdAt: now });
  });
}

/** The definition in its one form, with the hash of the file that was given. */
function readDefinition(written: { readonly type: string }, content: Buffer | undefined): ScorerDefinition {
  const refuse = (path: string, message: string) =>
    badInput('invalid_scorer', 'The definition of this scorer has mistakes.', [{ path, message }]);
  if (content && written.type !== 'onnx')
    throw refuse('file', 'only a scorer of the type "onnx" has a file: leave it out');
  const hash = content && `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const given = (written as { file?: unknown }).file;
  if (hash !== undefined && given !== undefined && given !== hash)
    throw refuse('definition.file', 'is not the hash of the file that was given: leave it out');
  const parsed = parseScorer(hash === undefined ? written : { ...written, file: hash });
  if (parsed.ok) return parsed.value;
  const problems = parsed.problems.map((p) => ({
    ...p,
    path: p.path ? `definition.${p.path}` : 'definition',
  }));
  throw badInput('invalid_scorer', 'The definition of this scorer has mistakes.', problems);
}
