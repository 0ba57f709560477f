import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Featured, fitPersonas } from '../../src/profiles/personas/fit-personas.js';
import { type PersonaModel, personaOf, personaRequestSchema } from '../../src/profiles/personas/persona.js';

const features = [{ feature: 'recency_days' }, { feature: 'frequency', scale: 'log' }];
const request = (change: object = {}) => personaRequestSchema.parse({ features, ...change });

/** Three groups that nobody could mistake, in an order that says nothing. */
function people(perGroup: number): Featured[] {
  const groups = [[5, 40], [200, 2], [60, 8]] as const; // prettier-ignore
  return Array.from({ length: 3 * perGroup }, (_, i) => {
    const [recency, frequency] = groups[i % 3]!;
    const wobble = ((i * 7_919) % 13) / 13;
    return {
      recipientKey: `r${(i * 31) % (3 * perGroup)}-${i}`,
      values: [recency + 4 * wobble, frequency * (1 + 0.1 * wobble)],
    };
  });
}

function fitted(list: readonly Featured[], change: object = {}, seed = 7): PersonaModel {
  const model = fitPersonas(request(change), list, seed);
  if ('refused' in model) throw new Error(model.reason);
  return model;
}

describe('personas', () => {
  it('find the groups that there are, with sizes, centres and words', () => {
    const model = fitted(people(40));
    expect(model.personas.map(({ size }) => size)).toEqual([40, 40, 40]);
    expect(model).toMatchObject({ people: 120, leftOut: 0, agreement: 1 });
    const frequent = model.personas.find(({ centre }) => (centre['frequency'] ?? 0) > 30);
    expect(frequent?.title).toMatch(/^(Many|Very many) orders so far/);
    expect(frequent?.description).toContain('on average');
    const best = [...model.silhouettes].sort((a, b) => b.silhouette - a.silhouette)[0];
    expect(best?.personas).toBe(3);
  });

  it('are the same in whatever order the people come, and again', () => {
    const list = people(30);
    const model = fitted(list);
    fc.assert(
      fc.property(fc.shuffledSubarray(list, { minLength: list.length }), (shuffled) => {
        expect(fitted(shuffled)).toEqual(model);
      }),
      { numRuns: 5 },
    );
  });

  it('have as many as were asked for, the largest first', () => {
    const model = fitted(people(30), { personas: 5 });
    expect(model.personas.map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    const sizes = model.personas.map(({ size }) => size);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(90);
  });

  it('have a tree that puts new people where they belong, and nobody of whom it knows nothing', () => {
    const { tree, personas } = fitted(people(40));
    const placed = (recency: number | undefined, frequency: number) => {
      const id = personaOf(tree, (name) => (name === 'frequency' ? frequency : recency));
      return personas.find((one) => one.id === id)?.centre;
    };
    expect(placed(202, 2.1)?.['recency_days']).toBeGreaterThan(150);
    expect(placed(6, 41)?.['frequency']).toBeGreaterThan(30);
    expect(personaOf(tree, () => undefined)).toBeUndefined();
  });

  it('leave out people of whom a feature is not known', () => {
    const model = fitted([...people(30), { recipientKey: 'x', values: [undefined, 0] }]);
    expect([model.people, model.leftOut]).toEqual([90, 1]);
  });

  it('are refused with a reason', () => {
    const reason = (list: readonly Featured[], change: object = {}) => fitPersonas(request(change), list, 1);
    expect(reason(people(9))).toEqual({
      refused: 'too_few_people',
      reason: 'of 27 people all features are known, at least 30 are needed',
    });
    expect(reason(people(12), { personas: 12 })).toMatchObject({ refused: 'too_few_people' });
    const same = people(20).map((one) => ({ ...one, values: [one.values[0], 3] }));
    expect(reason(same)).toEqual({
      refused: 'constant_feature',
      reason: 'frequency is the same for everybody: leave it out',
    });
    const two = people(20).map((one, i) => ({ ...one, values: [i % 2, i % 2] }));
    expect(reason(two, { personas: 3 })).toMatchObject({ refused: 'too_alike' });
  });

  it.each([
    [{ features: [] }],
    [{ features: [{ feature: 'nothing' }] }],
    [{ features: [{ feature: 'lifecycle_stage' }] }],
    [{ features: [{ feature: 'favourite_category' }] }],
    [{ features: [{ feature: 'frequency' }, { feature: 'frequency' }] }],
    [{ personas: 1 }],
    [{ personas: 1e9 }],
    [{ more: 1 }],
  ])('do not take %j', (change) => {
    expect(personaRequestSchema.safeParse(change).success).toBe(false);
  });
});
