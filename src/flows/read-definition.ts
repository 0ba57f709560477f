import { parseJson } from '../files/parse-json.js';
import type { Parsed } from '../experiments/read-with.js';

/** A definition out of text, with its kind; the rest is for the kind to check. */
export function readDefinition(text: string): Parsed<{ kind: string }> {
  const parsed = parseJson(text);
  if (!parsed.ok) return { ok: false, problems: [{ path: '', message: parsed.message }] };
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string') {
    return { ok: true, value: value as { kind: string } };
  }
  return { ok: false, problems: [{ path: 'kind', message: 'is missing: say which kind of strategy it is' }] };
}
