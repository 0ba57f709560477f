import { describe, expect, test } from 'vitest';
import { features, findFeature } from '../../src/profiles/features/feature.js';
import { conditionSchema } from '../../src/profiles/conditions/parse-condition.js';
import { describeFeature, knownFeatures } from '../../src/strategies/feature-catalogue.js';
import { isFeature, usualFeatures } from '../../src/strategies/ml/feature-groups.js';
import { findColumn } from '../../src/strategies/ml/features.js';
import { featureNamesSchema } from '../../src/strategies/scorers/feature-names.js';

const names = knownFeatures.flatMap(({ examples }) => examples);

describe('the known features', () => {
  test('are all those with a name of their own, and each pattern once', () => {
    const patterns = knownFeatures.map(({ pattern }) => pattern);
    expect(patterns).toEqual([...new Set(patterns)]);
    expect(patterns.slice(0, Object.keys(features).length)).toEqual(Object.keys(features));
  });

  test.each(knownFeatures.map((known) => [known.pattern, known] as const))(
    '%s has examples that are features, of its type, made of its events, for those whom it says',
    (pattern, { examples, type, events, source, readers }) => {
      expect(examples.length).toBeGreaterThan(0);
      for (const name of examples) {
        const own = describeFeature(name);
        expect([own.pattern, own.type, own.source]).toEqual([pattern, type, source]);
        expect(events).toEqual(expect.arrayContaining([...own.events]));
        expect(isFeature(name)).toBe(readers.includes('models'));
        expect(featureNamesSchema.safeParse([name]).success).toBe(readers.includes('scorers'));
        const trait = source === 'trait' ? name.slice('trait.'.length) : undefined;
        const leaf = trait === undefined ? { feature: name, op: 'exists' } : { trait, op: 'exists' };
        expect(conditionSchema.safeParse(leaf).success).toBe(readers.includes('conditions'));
      }
    },
  );

  test('say what they mean, and in what unit where they are numbers', () => {
    for (const { pattern, meaning, title } of knownFeatures) {
      expect([pattern, meaning.length > 20, title.length > 5]).toEqual([pattern, true, true]);
    }
    for (const name of [...names, ...usualFeatures]) {
      const { unit, type } = describeFeature(name);
      expect([name, unit !== null]).toEqual([name, type === 'number']);
    }
  });
});

describe('a feature by its name', () => {
  test('of a trait is of the type of what was said', () => {
    expect(describeFeature('trait.orders')).toMatchObject({ type: 'as said', unit: null });
    expect(describeFeature('favourite_category').type).toBe('category');
  });

  test.each([
    ['recency_days', 'days', ['purchase'], null],
    ['engagement_score', 'points', findFeature('engagement_score')?.needs.types.toSorted(), 90],
    ['spend(EUR, shoes, 90d)', 'EUR', ['purchase', 'refund'], 90],
    ['spend(*, 30d)', 'the usual currency', ['purchase', 'refund'], 30],
    ['count(view)', 'events', ['view'], null],
    ['category_counts(cart, 7d)', 'events', ['cart'], 7],
    ['category_count(cart, 7d): a, (b)', 'events', ['cart'], 7],
    ['engagement_score(view 1, purchase 20, 365d, half 30d)', 'points', ['purchase', 'view'], 365],
    ['trait.plan', null, [], null],
  ] as const)('%s says unit, events and days', (name, unit, events, windowDays) => {
    expect(describeFeature(name)).toMatchObject({ name, unit, events, windowDays });
  });

  test('is titled as the column that a model sees', () => {
    expect(describeFeature('count(view, shoes, 30d)').title).toBe(
      findColumn('count(view, shoes, 30d)')?.title,
    );
  });

  test('that there is not is refused', () => {
    expect(() => describeFeature('shoe_size')).toThrow('there is no feature shoe_size');
  });
});
