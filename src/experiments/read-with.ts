import type { z } from 'zod';

/** Something wrong in what was sent. */
export interface Problem {
  /** Where, as in `rules[2].when.all[0].op`; empty for the whole. */
  readonly path: string;
  /** What is wrong and how to mend it. */
  readonly message: string;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

const maxProblems = 50;

/** Checks input against a schema and says everything that is wrong with it, each thing with its place. */
export function readWith<T>(schema: z.ZodType<T>, input: unknown): Parsed<T> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: problemsOf(result.error.issues).slice(0, maxProblems) };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issues: readonly Issue[], inside: readonly PropertyKey[] = []): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...inside, ...issue.path];
    if (issue.code === 'invalid_union' && issue.message === 'Invalid input' && issue.errors.length > 0) {
      return problemsOf(likeliest(issue.errors), path);
    }
    return [{ path: path.reduce<string>(joinPath, ''), message: messageOf(issue) }];
  });
}

/** What is wrong with the alternative that was most likely meant: one of the right kind, with the fewest mistakes. */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  return alternatives.reduce((best, issues) => (cost(issues) < cost(best) ? issues : best));
}

function cost(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
    // A list of names has no "wrong kind" of its own: an object is simply none of them.
    const ofAnotherKind =
      issue.path.length === 0 &&
      (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof issue.input === 'object'));
    return sum + (ofAnotherKind ? 1_000 : 1);
  }, 0);
}

function messageOf(issue: Issue): string {
  // A key of a record has its own reasons inside.
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'unrecognized_keys') {
    return `has ${issue.keys.map((key) => JSON.stringify(key.slice(0, 64))).join(', ')}, which is not known here: remove it or correct its spelling`;
  }
  if (issue.code === 'invalid_type') {
    const own = issue.message.startsWith('Invalid input') ? undefined : issue.message;
    if (issue.input !== undefined) return own ?? `must be ${aOrAn(issue.expected)}`;
    return `is missing: ${own?.replace(/^must be /, 'give ') ?? `give ${aOrAn(issue.expected)}`}`;
  }
  return issue.message;
}

/** What the library calls by names of its own. */
const wordFor: Readonly<Record<string, string>> = {
  record: 'object',
  nonoptional: 'value',
  int: 'whole number',
};

function aOrAn(type: string): string {
  const name = wordFor[type] ?? type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The path of a part: `rules[2].when`, names that are no identifiers in brackets and quotes. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  const name = String(key).slice(0, 64);
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
