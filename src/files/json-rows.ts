import { parseJson } from './parse-json.js';
import type { Line } from './read-lines.js';

/** Where the rows of a body stand in its text. */
type Span = readonly [from: number, to: number];

const startShown = 1_000;

/**
 * The rows of a JSON body of which the whole has a key twice or is nested too deep: each read by itself, so that the bad
 * ones can be refused and the good ones taken. Undefined where the rows cannot be told apart: the mistake is not in one.
 *
 * @param text known to be JSON: a list, or an object with the list under `name`.
 */
export function rowsWithMistakes(text: string, name: string): Line[] | undefined {
  const spans = listIn(text, name);
  if (!spans) return undefined;
  return spans.map(([from, to], i): Line => {
    const row = text.slice(from, to);
    const parsed = parseJson(row);
    if (parsed.ok) return { ok: true, line: i + 1, value: parsed.value, text: row };
    const { code, message } = parsed;
    return {
      ok: false,
      line: i + 1,
      code: `line_${code}`,
      message: `This row ${message}.`,
      start: row.slice(0, startShown),
    };
  });
}

function listIn(text: string, name: string): Span[] | undefined {
  const start = skipBlank(text, 0);
  if (text[start] === '[') return elements(text, start);
  if (text[start] !== '{') return undefined;
  const key = skipBlank(text, start + 1);
  const end = valueEnd(text, key);
  const colon = skipBlank(text, end);
  const list = skipBlank(text, colon + 1);
  if (text[list] !== '[' || text.slice(key, end) !== `"${name}"`) return undefined;
  // Anything beside the list is no row: whoever reads the whole body refuses it.
  return text[skipBlank(text, valueEnd(text, list))] === '}' ? elements(text, list) : undefined;
}

function elements(text: string, open: number): Span[] {
  const spans: Span[] = [];
  let at = skipBlank(text, open + 1);
  while (text[at] !== ']') {
    const end = valueEnd(text, at);
    spans.push([at, end]);
    at = skipBlank(text, end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return spans;
}

/** The place after the value that begins here. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      at = stringEnd(text, at);
      if (depth === 0) return at + 1;
    } else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (sign === ',' || /\s/.test(sign ?? ''))) return at;
  }
  return text.length;
}

function stringEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
