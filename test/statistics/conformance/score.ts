/** How an answer is held against the expected one. */
import { ArgumentError } from '../../../src/statistics/argument-error.js';
import { adapters } from './adapters.js';
import type { ReferenceCase, Tolerance } from './reference-cases.js';

export interface Miss {
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

export interface Score {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly misses: readonly Miss[];
  /** Largest relative error of a number that was expected to be larger than its absolute tolerance. */
  readonly worst: number;
}

/** Runs one case through the public functions; skipped if its method has no adapter. */
export function score(reference: ReferenceCase): Score {
  const adapter = Object.hasOwn(adapters, reference.method) ? adapters[reference.method] : undefined;
  if (!adapter) return { outcome: 'skipped', misses: [], worst: 0 };
  const tally = { misses: [] as Miss[], worst: 0 };
  try {
    const got = answer(() => adapter.run(readInput(reference.input) as never));
    compare(reference.expect, got, reference.tolerance, '', tally);
  } catch (error) {
    tally.misses.push({ path: 'threw', expected: reference.expect, got: String(error) });
  }
  return { ...tally, outcome: tally.misses.length === 0 ? 'passed' : 'failed' };
}

/** JSON has no NaN: a null within a list or an arm is a number that is missing, a null argument is not given. */
function readInput(input: Readonly<Record<string, unknown>>): unknown {
  return missing(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)));
}

function missing(value: unknown): unknown {
  if (value === null) return NaN;
  if (Array.isArray(value)) return value.map(missing);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, missing(part)]));
}

/** An argument error is a refusal of everything. */
function answer(run: () => Record<string, unknown>): Record<string, unknown> {
  try {
    return run();
  } catch (error) {
    if (error instanceof ArgumentError) return {};
    throw error;
  }
}

/** Notes where `got` differs from `expected` by more than the tolerance; a missing answer differs too. */
export function compare(
  expected: unknown,
  got: unknown,
  tolerance: Tolerance,
  path: string,
  tally: { misses: Miss[]; worst: number },
): void {
  const miss = () => {
    tally.misses.push({ path, expected, got });
  };
  const wanted = readNumber(expected);
  const answer = readNumber(got);
  if (wanted === null) return;
  if (wanted === 'refuse') {
    if (isNumeric(got)) miss();
  } else if (typeof wanted === 'object') {
    for (const [key, part] of Object.entries(wanted)) {
      const closer = { ...tolerance, ...tolerance.fields?.[key] };
      compare(part, at(got, key), closer, path === '' ? key : `${path}.${key}`, tally);
    }
  } else if (typeof wanted === 'number' && typeof answer === 'number') {
    const error = answer === wanted ? 0 : Math.abs(answer - wanted);
    if (!(error <= tolerance.abs + tolerance.rel * Math.abs(wanted))) miss();
    else if (Math.abs(wanted) > tolerance.abs) tally.worst = Math.max(tally.worst, error / Math.abs(wanted));
  } else if (wanted !== answer) miss();
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function readNumber(value: unknown): unknown {
  if (value === 'Infinity') return Infinity;
  return value === '-Infinity' ? -Infinity : value;
}

function isNumeric(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isNumeric);
  return typeof value === 'number' && Number.isFinite(value);
}
