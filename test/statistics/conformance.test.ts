import { describe, expect, it } from 'vitest';
import { methods } from '../../src/statistics/registry.js';
import { adapters, isCovered, misses } from './conformance.js';
import { readReference, type ReferenceCase } from './reference-cases.js';

const cases = readReference('reference.shared.json') as ReferenceCase[] | undefined;
const covered = (cases ?? []).filter(isCovered);
if (cases === undefined) console.log('The reference cases are not at hand: conformance is skipped.');

describe('conformance with the reference cases', () => {
  it.skipIf(cases === undefined).each(covered.map((item) => [item.id, item.method, item] as const))(
    '%s %s',
    (_id, _method, item) => {
      expect(misses(item)).toEqual([]);
    },
  );

  it.skipIf(cases === undefined)('has a case for every adapter', () => {
    const unused = Object.keys(adapters).filter((id) => !covered.some((item) => item.method === id));
    expect(unused).toEqual([]);
  });
});

describe('registry', () => {
  it('has unique ids', () => {
    expect(new Set(methods.map((method) => method.id)).size).toBe(methods.length);
  });

  it('knows every method that the adapters judge', () => {
    const known = new Set(methods.map((method) => method.id));
    const judged = Object.values(adapters).flatMap((adapter) => adapter.covers);
    expect(judged.filter((id) => !known.has(id))).toEqual([]);
  });
});
