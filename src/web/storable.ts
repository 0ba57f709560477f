import type { InputProblem } from '../errors.js';

/**
 * PostgreSQL stores neither the character U+0000 nor half of a surrogate pair. Both can be written in JSON, as an
 * escape; so a text without such an escape needs no further look.
 */
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

export function maybeUnstorable(json: string): boolean {
  return SUSPICIOUS.test(json);
}

/** Every place in a value whose text cannot be stored. */
export function unstorableParts(value: unknown, path = ''): InputProblem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: whyNot(value) }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => unstorableParts(item, `${path}[${i}]`));
  return Object.entries(value).flatMap(([name, item]) => {
    const inner = path === '' ? name : `${path}.${name}`;
    return isStorable(name)
      ? unstorableParts(item, inner)
      : [{ path, message: `in a field name: ${whyNot(name)}` }];
  });
}

export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function whyNot(text: string): string {
  return text.includes('\0')
    ? 'contains the character U+0000, which cannot be stored; leave it out'
    : 'is not valid Unicode: it contains half of a surrogate pair';
}
