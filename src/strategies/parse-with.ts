import type { z } from 'zod';

import type { Parsed, Problem } from './strategy.js';

const maxProblems = 50;

/** Checks a definition against a schema and says where it is wrong, as in `rules[2].when.all[0].op`. */
export function parseWith<T>(schema: z.ZodType<T>, definition: unknown): Parsed<T> {
  const result = schema.safeParse(definition);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.slice(0, maxProblems).map(problemOf) };
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.reduce<string>(join, '');
  return { path, message: messageOf(issue) };
}

function messageOf(issue: z.core.$ZodIssue): string {
  // A key of a record has its own reasons inside.
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'unrecognized_keys') {
    return `has ${issue.keys.map((key) => JSON.stringify(key.slice(0, 64))).join(', ')}, which is not known here: remove it or correct its spelling`;
  }
  return issue.message;
}

function join(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  const name = String(key).slice(0, 64);
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}
