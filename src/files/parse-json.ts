/** JSON text as a value, or why not: `malformed`, `duplicate_key` or `nested_too_deep`. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: JsonMistake; readonly message: string };
export type JsonMistake = 'malformed' | 'duplicate_key' | 'nested_too_deep';

const mostNested = 64;
const mostKeyShown = 60;
const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * `JSON.parse` that refuses an object with the same key twice, of which it would silently keep the last, and what is
 * nested deeper than anybody means.
 */
export function parseJson(text: string): ParsedJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, code: 'malformed', message: `is not valid JSON: ${jsonMistake(error)}` };
  }
  return structureProblem(text) ?? { ok: true, value };
}

/** V8 quotes the input in its message; only its own words and the position are passed on. */
export function jsonMistake(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON input/i.test(message)) return 'it ends too early';
  return position === undefined ? 'it cannot be parsed' : `unexpected character at position ${position}`;
}

/** Walks through text that is known to be JSON, so it needs to know only strings, brackets and colons. */
export function structureProblem(text: string): (ParsedJson & { ok: false }) | undefined {
  /** The keys of every open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i);
    if (sign === quote) {
      const end = closingQuote(text, i + 1);
      const keys = open.at(-1);
      if (keys && nextSign(text, end + 1) === colon) {
        const key = keyOf(text, i, end);
        if (keys.has(key)) return duplicateKey(key);
        keys.add(key);
      }
      i = end;
    } else if (sign === openBrace || sign === openBracket) {
      if (open.length === mostNested) return nestedTooDeep;
      open.push(sign === openBrace ? new Set() : undefined);
    } else if (sign === closeBrace || sign === closeBracket) open.pop();
  }
  return undefined;
}

function closingQuote(text: string, from: number): number {
  for (let end = text.indexOf('"', from); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
}

function nextSign(text: string, from: number): number {
  let i = from;
  while (/\s/.test(text[i] ?? '')) i++;
  return text.charCodeAt(i);
}

/** `"\u0061"` is the key `a` as well. */
function keyOf(text: string, start: number, end: number): string {
  const plain = text.slice(start + 1, end);
  return plain.includes('\\') ? (JSON.parse(text.slice(start, end + 1)) as string) : plain;
}

const nestedTooDeep = {
  ok: false,
  code: 'nested_too_deep',
  message: `is nested more than ${mostNested} deep`,
} as const;

function duplicateKey(key: string): ParsedJson & { ok: false } {
  const shown = JSON.stringify(key.length > mostKeyShown ? `${key.slice(0, mostKeyShown)}…` : key);
  return {
    ok: false,
    code: 'duplicate_key',
    message: `has the key ${shown} twice, so it is not clear which is meant`,
  };
}
