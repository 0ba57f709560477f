import type { InputProblem } from '../errors.js';
import { isStorable } from '../experiments/text.js';

const MAX_PATH = 400;
/** What cannot be stored can be written in JSON only as an escape; so a text without one needs no further look. */
const SUSPICIOUS = /\\u(0000|d[89a-f])/i;

export function maybeUnstorable(json: string): boolean {
  return SUSPICIOUS.test(json);
}

/** Every place in a value whose text cannot be stored. Without recursion: JSON may be nested a hundred thousand deep. */
export function unstorableParts(value: unknown, path = ''): InputProblem[] {
  const problems: InputProblem[] = [];
  const left: [string, unknown][] = [[path, value]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [at, part] = next;
    if (typeof part === 'string' && !isStorable(part)) problems.push({ path: at, message: whyNot(part) });
    if (typeof part !== 'object' || part === null) continue;
    const list = Array.isArray(part);
    for (const [name, item] of Object.entries(part).reverse()) {
      if (!isStorable(name)) problems.push({ path: at, message: `in a field name: ${whyNot(name)}` });
      else
        left.push([
          list
            ? `${at}[${name}]`.slice(0, MAX_PATH)
            : `${at}${at === '' ? '' : '.'}${name}`.slice(0, MAX_PATH),
          item,
        ]);
    }
  }
  return problems;
}

function whyNot(text: string): string {
  return text.includes('\0')
    ? 'contains the character U+0000, which cannot be stored; leave it out'
    : 'is not valid Unicode: it contains half of a surrogate pair';
}
