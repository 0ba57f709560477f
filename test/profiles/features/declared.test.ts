import { expect, test } from 'vitest';
import { conditionSchema } from '../../../src/profiles/conditions/parse-condition.js';
import { usualScore } from '../../../src/profiles/features/engagement-score.js';
import { features, findFeature } from '../../../src/profiles/features/feature.js';

const day = 86_400_000;
const bought = (...days: number[]) => days.map((at, i) => ({ id: `p${i}`, type: 'purchase', at: at * day }));

test('points, window and half-life that are declared in the name count', () => {
  const at = (name: string) => findFeature(name)?.value(bought(0, 10, 20), 20 * day + 1, {});
  expect(at('engagement_score(purchase 4)')).toBe(12);
  expect(at('engagement_score(purchase 4, view 1, 15d)')).toBe(8);
  expect(at('engagement_score(purchase 4, half 10d)')).toBe(7);
  expect(at('engagement_score(purchase -0.5, 365d, half 10d)')).toBe(-0.875);
});

test('the usual score written out is the usual score', () => {
  const points = Object.entries(usualScore.weights).map(([type, one]) => `${type} ${one}`);
  const same = findFeature(`engagement_score(${points.join(', ')}, 90d)`);
  const history = bought(0, 50, 80);
  expect(same?.value(history, 90 * day, {})).toBe(features['engagement_score']?.value(history, 90 * day, {}));
});

test('stages that are declared in the name count', () => {
  const at = (days: number, ...orders: number[]) =>
    findFeature('lifecycle_stage(new 2d, loyal 3, active 10d, quiet 40d, gone)')?.value(bought(...orders), days * day, {});
  expect(at(1)).toBe('prospect');
  expect([at(1, 0), at(2, 0), at(9, 0), at(10, 0), at(39, 0), at(40, 0)]).toEqual(['new', 'active', 'active', 'quiet', 'quiet', 'gone']);
  expect(at(9, 0, 1, 2)).toBe('loyal');
}); // prettier-ignore

test('a condition holds the one spelling, so that the same is hashed alike', () => {
  const parse = (feature: string) => conditionSchema.parse({ feature, op: 'gte', value: 1 });
  const said = 'engagement_score(purchase 20, view 1, 30d, half 7d)';
  expect(parse('engagement_score( view  1,purchase 20.0 ,030d, half 7d )')).toEqual(parse(said));
  expect(parse(said)).toEqual({ feature: said, op: 'gte', value: 1 });
  expect(findFeature('lifecycle_stage(new 030d,loyal 05, active 90d,gone)')?.name).toBe(
    'lifecycle_stage(new 30d, loyal 5, active 90d, gone)',
  );
});

test.each([
  'engagement_score()',
  'engagement_score(30d)',
  'engagement_score(view)',
  'engagement_score(view 1, view 2)',
  'engagement_score(void 1)',
  'engagement_score(constructor 1)',
  'engagement_score(view 1e3)',
  'engagement_score(view 1001)',
  'engagement_score(view 1, 0d)',
  'engagement_score(view 1, 3651d)',
  'engagement_score(view 1, half 0d)',
  'engagement_score(30d, view 1)',
  `engagement_score(view 1${' '.repeat(300)})`,
  'lifecycle_stage()',
  'lifecycle_stage(new 30d, loyal 5)',
  'lifecycle_stage(loyal 5, new 30d, active)',
  'lifecycle_stage(new 30d, loyal 0, active)',
  'lifecycle_stage(new 100d, loyal 5, active 90d, gone)',
  'lifecycle_stage(new 30d, loyal 5, active 90d)',
  'lifecycle_stage(new 30d, loyal 5, active 90d, quiet 80d, gone)',
  'lifecycle_stage(new 30d, loyal 5, active, gone)',
  'lifecycle_stage(new 30d, loyal 5, active 90d, new)',
  'lifecycle_stage(new 30d, loyal 5, active 90d, active)',
])('%s is no feature, and a condition with it is refused', (name) => {
  expect(findFeature(name)).toBeUndefined();
  expect(conditionSchema.safeParse({ feature: name, op: 'exists' }).success).toBe(false);
});
