import { createHash } from 'node:crypto';

/**
 * JSON with one spelling for each value: keys sorted by UTF-16 unit, no white space. As in JSON, a property that is
 * undefined is not there; anything else that JSON cannot carry (NaN, infinities, a Date, undefined in a list)
 * throws TypeError, because it would not come back from storage as it went.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (!isPlainObject(value))
    throw new TypeError('only plain objects, lists, texts, numbers, booleans and null hash');
  const properties = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${properties.join(',')}}`;
}

/** The identity of a content: `sha256:` and 64 hex digits over its canonical JSON in UTF-8. */
export function contentHash(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
