import { unusableId } from '../assignment/draw.js';
import { parseTraits } from '../profiles/parse-traits.js';
import type { Traits } from '../profiles/traits.js';

export interface Recipient {
  readonly index: number;
  /** As given, byte for byte. */
  readonly id: string;
  readonly recipientKey: string;
  readonly traits: Traits;
}

/** A row that could not be used, in the place of its answer. */
export interface RowError {
  readonly index: number;
  readonly id?: string;
  readonly error: { readonly code: string; readonly message: string; readonly path?: string };
}

/** Checks every recipient of a call by itself: `{"id": "…", "traits": {…}}`. */
export function parseRecipients(
  recipients: readonly unknown[],
  recipientKey: (id: string) => string,
): (Recipient | RowError)[] {
  return recipients.map((input, index) => {
    const problem = shapeProblem(input);
    if (problem) return { index, ...problem };
    const { id, traits } = input as { id: string; traits?: unknown };
    const parsed = parseTraits(traits ?? {});
    if (!parsed.ok) {
      const first = parsed.problems[0];
      const message = first?.message ?? 'these traits cannot be used';
      return { index, id, error: { code: 'invalid_traits', message, path: `traits.${first?.path ?? ''}` } };
    }
    return { index, id, recipientKey: recipientKey(id), traits: parsed.value };
  });
}

function shapeProblem(input: unknown): Omit<RowError, 'index'> | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { error: { code: 'invalid_recipient', message: 'a recipient is an object such as {"id": "42"}' } };
  }
  const unknown = Object.keys(input).find((name) => name !== 'id' && name !== 'traits');
  if (unknown !== undefined) {
    const message = `a recipient has an id and traits; "${unknown.slice(0, 64)}" is neither`;
    return { error: { code: 'invalid_recipient', message, path: unknown.slice(0, 64) } };
  }
  return idProblem((input as { id?: unknown }).id);
}

function idProblem(id: unknown): Omit<RowError, 'index'> | undefined {
  const error = (code: string, message: string) => ({ error: { code, message, path: 'id' } });
  if (typeof id !== 'string') return error('invalid_id', 'the id must be a text; write numbers in quotes');
  const unusable = unusableId(id);
  if (unusable) return error(unusable.error, unusable.message);
  if (id.includes('\0')) return { id, ...error('invalid_id', 'the id holds a NUL, which cannot be stored') };
  return undefined;
}
