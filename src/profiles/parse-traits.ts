import type { TraitValue, Traits } from './traits.js';

export const maxTraits = 100;
export const maxTraitNameLength = 64;
export const maxTraitTextLength = 1_000;

export interface TraitProblem {
  /** Where, as in `plan` or `["a b"]`; empty for the traits as a whole. */
  readonly path: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type ParsedTraits =
  | { readonly ok: true; readonly value: Traits }
  | { readonly ok: false; readonly problems: readonly TraitProblem[] };

/** Checks traits as a sender gave them: one flat object of texts, finite numbers, booleans and nulls. */
export function parseTraits(input: unknown): ParsedTraits {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refused('', 'must be an object of traits by name, as in {"country": "AT", "orders": 3}');
  }
  const entries = Object.entries(input);
  if (entries.length > maxTraits) {
    return refused(
      '',
      `has ${entries.length} traits, at most ${maxTraits} are kept: send those you decide by`,
    );
  }
  const problems = entries.flatMap(([name, value]) => {
    const message = nameProblem(name) ?? valueProblem(value);
    return message === undefined ? [] : [{ path: pathOfTrait(name), message }];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: Object.fromEntries(entries as [string, TraitValue][]) };
}

function refused(path: string, message: string): ParsedTraits {
  return { ok: false, problems: [{ path, message }] };
}

function nameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > maxTraitNameLength) {
    return `must have a name of 1 to ${maxTraitNameLength} characters`;
  }
  // An ordinary assignment to it would change an object's prototype instead of setting a trait.
  if (name === '__proto__') return 'is not a name a trait can have: rename it';
  return textProblem(name);
}

function valueProblem(value: unknown): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? undefined
      : 'must be a finite number: leave it out or send null if unknown';
  }
  if (typeof value !== 'string') {
    return 'must be a text, a number, true, false or null: give each part of a list or object a name of its own';
  }
  if (value.length > maxTraitTextLength) {
    return `must have at most ${maxTraitTextLength} characters, has ${value.length}`;
  }
  return textProblem(value);
}

/** The database can store neither, and one such text would sink the batch it came with. */
function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must be valid Unicode: half of a surrogate pair stands alone';
  return undefined;
}

export function pathOfTrait(name: string): string {
  const shown = name.length > maxTraitNameLength ? `${name.slice(0, maxTraitNameLength)}…` : name;
  return /^[A-Za-z_][\w-]*$/.test(shown) ? shown : `[${JSON.stringify(shown)}]`;
}
