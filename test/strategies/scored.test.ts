import { describe, expect, test } from 'vitest';
import { featureSet } from '../../src/strategies/ml/features.js';
import { scoredKind } from '../../src/strategies/scored.js';
import type { Profile } from '../../src/strategies/strategy.js';
import { describeStrategyKind } from '../conformance/strategy.js';

const levels = [
  { atLeast: 0.2, slots: { subject: 'Have a look' } },
  { atLeast: 0.7, slots: { subject: { content: 'stay@1' } } },
];
const definition = {
  kind: 'scored',
  scorer: 'churn-python@2',
  features: ['trait.age', 'spend(EUR, 90d)', 'count(view, 30d)'],
  levels,
};
const withScore = (score: number): Profile => ({
  traits: { age: 40 },
  history: [],
  scores: { 'churn-python@2': score },
});

describeStrategyKind(scoredKind, [
  {
    name: 'by a scorer',
    definition,
    profiles: [
      withScore(0.9),
      withScore(0.7),
      withScore(0.1),
      { traits: {}, history: [] },
      { ...withScore(0.5), scores: { 'churn-python@1': 0.5 } },
    ],
  },
]);

const parsed = (given: object) => scoredKind.parse({ ...definition, ...given });

function decider() {
  const result = parsed({});
  if (!result.ok) throw new Error('not parsed');
  return scoredKind.prepare(result.value, {
    learned: null,
    contents: new Map([['stay@1', 'Stay with us']]),
    segments: new Map(),
  });
}

describe('a strategy by the score of a scorer', () => {
  const decide = (profile: Profile) => decider().decide(profile, () => [], new Date(0));

  test('takes the highest level that the score reaches, at the bound too', () => {
    expect(decide(withScore(0.7))).toMatchObject({ slots: { subject: 'Stay with us' } });
    expect(decide(withScore(0.6999))).toMatchObject({ slots: { subject: 'Have a look' } });
    expect(decide(withScore(0.2))).toMatchObject({ reason: 'churn-python@2 0.2, at least 0.2' });
    expect(decide(withScore(0.19))).toEqual({
      noChoice: 'the score of churn-python@2 is below every level',
    });
  });

  test.each([NaN, Infinity, '0.9' as unknown as number, undefined as unknown as number])(
    'has no choice for a score of %s',
    (score) => {
      expect(decide(withScore(score))).toEqual({ noChoice: 'churn-python@2 was not asked' });
    },
  );

  test('declines with the reason of the scorer, and keeps its code', () => {
    const profile: Profile = {
      traits: {},
      history: [],
      scores: {
        'churn-python@2': { refused: true, code: 'timeout', reason: 'churn-python@2 did not answer in time' },
      },
    };
    expect(decide(profile)).toEqual({ noChoice: 'churn-python@2 did not answer in time' });
    expect(decider().trace(profile, () => [], new Date(0))).toMatchObject({ score: null, why: 'timeout' });
  });

  test('asks for its features, and for scores that lead to every content', () => {
    const result = parsed({});
    if (!result.ok) throw new Error('not parsed');
    expect(scoredKind.asks?.(result.value)).toEqual([
      { scorer: 'churn-python@2', features: definition.features, tries: [0.7, 0.2] },
    ]);
    expect(scoredKind.needs(result.value, new Map())).toEqual(featureSet(definition.features).needs);
  });

  test.each([
    [{ scorer: 'churn-python' }, 'scorer', /must name a version/],
    [{ scorer: undefined }, 'scorer', /./],
    [{ features: [] }, 'features', /at least one/],
    [{ features: ['trait.age', 'trait.age'] }, 'features[1]', /named twice/],
    [{ features: ['shoe size'] }, 'features[0]', /no feature "shoe size"/],
    [{ levels: [] }, 'levels', /at least one level/],
    [{ levels: [{ atLeast: 'much', slots: { a: 'b' } }] }, 'levels[0].atLeast', /must be a number/],
    [{ levels: [levels[0], { atLeast: 1, slots: { other: 'x' } }] }, 'levels[0].slots', /leaves out other/],
  ])('refuses %j', (given, path, message) => {
    const result = parsed(given);
    const problem = result.ok ? undefined : result.problems.find((one) => one.path === path);
    expect(problem?.message).toMatch(message);
  });
});
