import { type Node, LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/** Where in a text something stands; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Place {
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type ParsedYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The place of what a path such as `rules[2].when.op` names, or of what holds it where it is missing. */
      readonly placeOf: (path: string) => Place;
    }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

const mostCharacters = 4_000_000;
const mostNested = 64;
const mostProblems = 50;

/**
 * YAML as another spelling of JSON, so that both have the same meaning: texts, numbers, true, false, null, lists and objects with
 * texts for keys. Refused are anchors and aliases (a few lines of which can stand for millions), tags, keys that come twice, and
 * numbers that JSON would write otherwise. JSON is YAML, so that this reads it too, and knows the lines.
 */
export function parseYaml(text: string): ParsedYaml {
  if (text.length > mostCharacters) {
    return refused({ line: 1, column: 1, message: `is longer than ${mostCharacters} characters` });
  }
  const lines = new LineCounter();
  let document;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: 'core',
      merge: false,
      uniqueKeys: false,
    });
  } catch (error) {
    // The parser goes into nested lists by calling itself.
    if (!(error instanceof RangeError)) throw error;
    return refused({ line: 1, column: 1, message: `is nested more than ${mostNested} deep` });
  }
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const mistakes = [...document.errors, ...document.warnings].slice(0, mostProblems);
  if (mistakes.length > 0) {
    return refused(
      ...mistakes.map(({ message, pos }) => ({ ...placeAt(pos[0]), message: inWords(message) })),
    );
  }
  const reader = new Reader(placeAt);
  const value = reader.read(document.contents, [], 0);
  if (reader.problems.length > 0) return refused(...reader.problems);
  return { ok: true, value, placeOf: (path) => reader.placeOf(path) };
}

function refused(...problems: YamlProblem[]): ParsedYaml {
  return { ok: false, problems: problems.slice(0, mostProblems) };
}

/** The parser's own words, without the text that it quotes. */
function inWords(message: string): string {
  const [first = ''] = message.split('\n');
  if (/call stack/i.test(first)) return `is nested more than ${mostNested} deep`;
  if (/multiple documents/i.test(first)) return 'holds more than one document: give one';
  return `is no valid YAML: ${first.slice(0, 200)}`;
}

class Reader {
  readonly problems: YamlProblem[] = [];
  readonly #placeAt: (offset: number) => Place;
  /** Offsets by path, each part of it a line. */
  readonly #offsets = new Map<string, number>();

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  read(node: Node | null, path: readonly (string | number)[], offset: number): unknown {
    const at = node?.range?.[0] ?? offset;
    this.#offsets.set(path.join('\n'), at);
    if (node === null) return null;
    if (path.length > mostNested) return this.#refuse(at, `is nested more than ${mostNested} deep`);
    if (isAlias(node)) return this.#refuse(at, 'is an alias: write out what it stands for');
    if ('anchor' in node && node.anchor !== undefined) {
      return this.#refuse(at, 'is an anchor: write out what it stands for where it is used');
    }
    if (node.tag !== undefined) return this.#refuse(at, `has the tag ${node.tag.slice(0, 60)}: remove it`);
    if (isSeq(node)) {
      return node.items.map((item, i) => this.read(item as Node | null, [...path, i], at));
    }
    if (isMap(node)) return this.#readMap(node.items, path, at);
    return isScalar(node) ? this.#readScalar(node.value, node.source ?? '', at) : null;
  }

  #readMap(
    items: readonly { key: unknown; value: unknown }[],
    path: readonly (string | number)[],
    at: number,
  ) {
    // The parser would hold every key against every other.
    const seen = new Set<string>();
    const entries = items.map(({ key, value }): [string, unknown] => {
      if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) {
        this.#refuse(at, 'has a key that is no plain text');
        return ['', null];
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
      const keyAt = key.range?.[0] ?? at;
      if (seen.has(name)) this.#refuse(keyAt, 'has this key twice, so that it is not clear which is meant');
      seen.add(name);
      return [name, this.read(value as Node | null, [...path, name], keyAt)];
    });
    return Object.fromEntries(entries);
  }

  #readScalar(value: unknown, source: string, at: number): unknown {
    if (typeof value !== 'number' && typeof value !== 'bigint') return value;
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(source) && Number.isFinite(Number(source))) return Number(source); // prettier-ignore
    return this.#refuse(
      at,
      `is a number as JSON does not write it: ${source.slice(0, 40)}. Put a text in quotes`,
    );
  }

  #refuse(offset: number, message: string): null {
    if (this.problems.length < mostProblems) this.problems.push({ ...this.#placeAt(offset), message });
    return null;
  }

  placeOf(path: string): Place {
    const parts = [...path.matchAll(/([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
      ([, name, index, quoted]) => name ?? index ?? (JSON.parse(quoted ?? '""') as string),
    );
    for (; parts.length > 0; parts.pop()) {
      const offset = this.#offsets.get(parts.join('\n'));
      if (offset !== undefined) return this.#placeAt(offset);
    }
    return this.#placeAt(this.#offsets.get('') ?? 0);
  }
}
