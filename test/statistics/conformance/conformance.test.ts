import { describe, expect, it } from 'vitest';
import { adapters } from './adapters.js';
import { parseCases, readReference } from './reference-cases.js';
import { score } from './score.js';

const file = readReference('reference.shared.json');
const cases = file === undefined ? [] : parseCases(file);
if (file === undefined) console.log('The reference cases are not at hand: conformance is skipped.');

describe('conformance with the reference cases', () => {
  it.skipIf(file === undefined).each(cases.map((item) => [item.id, item.method, item] as const))(
    '%s %s',
    (_id, _method, item) => {
      expect(score(item)).toMatchObject({ outcome: 'passed', misses: [] });
    },
  );

  it.skipIf(file === undefined)('has a case for every adapter', () => {
    const unused = Object.keys(adapters).filter((id) => !cases.some((item) => item.method === id));
    expect(unused).toEqual([]);
  });
});
