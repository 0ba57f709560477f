/** Reference inputs and outputs worked out elsewhere (R, 50-digit arithmetic), and how an answer is held against them. */
import { existsSync, readFileSync } from 'node:fs';

interface Tolerance {
  rel: number;
  abs: number;
  fields?: Record<string, { rel: number; abs: number }>;
}

export interface ReferenceCase {
  id: string;
  method: string;
  input: unknown;
  expect: Record<string, unknown>;
  tolerance: Tolerance;
}

export interface Miss {
  path: string;
  expected: unknown;
  got: unknown;
}

const ORACLE = new URL('../../../shared/oracle/', import.meta.url);

/** The reference file of that name, or undefined where it is not at hand. */
export function readReference(name: string): unknown {
  const file = new URL(name, ORACLE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
}

/** Where an answer differs from the expected one by more than the tolerance; a missing answer differs too. */
export function compare(
  expected: unknown,
  got: unknown,
  tolerance: { rel: number; abs: number },
  path: string,
): Miss[] {
  if (expected === null) return [];
  if (expected === 'refuse') return isNumeric(got) ? [{ path, expected, got }] : [];
  if (Array.isArray(expected)) {
    const list = Array.isArray(got) ? (got as unknown[]) : [];
    return expected.flatMap((e, i) => compare(e, list[i], tolerance, `${path}[${i}]`));
  }
  const wanted = expected === 'Infinity' ? Infinity : expected === '-Infinity' ? -Infinity : expected;
  if (typeof wanted !== 'number' || typeof got !== 'number') return [{ path, expected, got }];
  const close = got === wanted || Math.abs(got - wanted) <= tolerance.abs + tolerance.rel * Math.abs(wanted);
  return close ? [] : [{ path, expected, got }];
}

function isNumeric(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isNumeric);
  return typeof value === 'number' && Number.isFinite(value);
}
