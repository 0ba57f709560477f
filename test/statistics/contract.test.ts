import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/statistics/argument-error.js';
import { methodOf, methods } from '../../src/statistics/registry.js';
import { refusalCodes, warningCodes } from '../../src/statistics/result.js';
import { adapters } from './conformance/adapters.js';
import { bend, dishonest } from './bend.js';

type Specimens = Readonly<Record<string, readonly (readonly unknown[])[]>>;

const folder = new URL('specimens/', import.meta.url);
const specimens: Specimens = Object.assign(
  {},
  ...(await Promise.all(
    readdirSync(folder).map(async (name) => {
      const module = (await import(/* @vite-ignore */ new URL(name, folder).pathname)) as Record<
        string,
        Specimens
      >;
      return Object.assign({}, ...Object.values(module)) as Specimens;
    }),
  )),
) as Specimens;

/** The answer, or undefined if the method calls the arguments wrong; any other error is a fault. */
function ask(compute: (...args: never[]) => unknown, args: readonly unknown[]): unknown {
  try {
    return compute(...(args as never[]));
  } catch (error) {
    if (error instanceof ArgumentError && error.argument !== '') return undefined;
    throw error;
  }
}

/** Codes of refusals and warnings anywhere in an answer. */
function codes(answer: unknown): { refusals: unknown[]; warnings: unknown[] } {
  const found = { refusals: [] as unknown[], warnings: [] as unknown[] };
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    if ('refused' in value && 'code' in value) found.refusals.push(value.code);
    if ('warnings' in value && Array.isArray(value.warnings)) {
      found.warnings.push(...value.warnings.map((warning: { code?: unknown }) => warning.code));
    }
    Object.values(value).forEach(walk);
  };
  walk(answer);
  return found;
}

describe('every method', () => {
  it('has an id of its own, a title, a need and a reference', () => {
    expect(new Set(methods.map(({ id }) => id)).size).toBe(methods.length);
    for (const { id, title, needs, reference } of methods) {
      expect(id).toMatch(/^[a-z]+\.[a-z0-9_]+$/);
      expect([title.length > 5, needs.length > 0, reference.length > 5], id).toEqual([true, true, true]);
    }
  });

  it('is found by its id, and an unknown id is named', () => {
    for (const method of methods) expect(methodOf(method.id)).toBe(method);
    expect(() => methodOf('mean.guess')).toThrow(
      new ArgumentError('id', 'must be the id of a statistical method, which "mean.guess" is not'),
    );
  });

  it('has a specimen of its arguments, and no specimen is without a method', () => {
    expect(Object.keys(specimens).toSorted()).toEqual(methods.map(({ id }) => id).toSorted());
  });

  it('is known to the registry if an adapter says so', () => {
    const known = new Set(methods.map(({ id }) => id));
    const judged = Object.values(adapters).flatMap((adapter) => adapter.covers);
    expect(judged.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe.each(methods.map((method) => [method.id, method] as const))('%s', (id, { compute }) => {
  it('answers to its specimens, the same every time, and leaves them as they were', () => {
    for (const args of specimens[id] ?? []) {
      const before = structuredClone(args.filter((arg) => typeof arg !== 'function'));
      const answer = ask(compute, args);
      expect(dishonest(answer)).toEqual([]);
      expect(codes(answer).refusals).toEqual([]);
      expect(ask(compute, args)).toEqual(answer);
      expect(args.filter((arg) => typeof arg !== 'function')).toEqual(before);
    }
  });

  it('stays honest however its arguments are bent', () => {
    for (const args of specimens[id] ?? []) {
      for (const bent of bend(args)) {
        const started = performance.now();
        const answer = ask(() => ask(compute, bent.args), []);
        expect(dishonest(answer), bent.what).toEqual([]);
        const { refusals, warnings } = codes(answer);
        expect(
          refusals.filter((code) => !refusalCodes.includes(code as never)),
          bent.what,
        ).toEqual([]);
        expect(
          warnings.filter((code) => !warningCodes.includes(code as never)),
          bent.what,
        ).toEqual([]);
        expect(performance.now() - started, `${bent.what} takes forever`).toBeLessThan(20_000);
      }
    }
  });
});
