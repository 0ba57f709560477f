import { expect, test } from 'vitest';

import { findKind, strategyKinds } from '../../src/strategies/registry.js';
import { rulesKind } from '../../src/strategies/rules/rules.js';
import { staticKind } from '../../src/strategies/static.js';
import { describeStrategyKind } from '../conformance/strategy.js';

describeStrategyKind(staticKind, [
  { name: 'one slot', definition: { kind: 'static', slots: { subject: 'Hello' } }, profiles: [] },
  {
    name: 'slots named like what every object has',
    definition: { kind: 'static', slots: { constructor: 'a', subject: '😀 ünï' } },
    profiles: [{ traits: { country: 'AT' }, history: [] }],
  },
]);

const vip = { id: 'vip', when: { trait: 'orders', op: 'gte', value: 5 }, slots: { subject: 'For you' } };

describeStrategyKind(rulesKind, [
  {
    name: 'rules with a default',
    definition: { kind: 'rules', rules: [vip], default: { subject: 'Hello', banner: 'spring' } },
    profiles: [
      { traits: { orders: 5 }, history: [] },
      { traits: { orders: 4 }, history: [] },
      { traits: {}, history: [] },
    ],
  },
  {
    name: 'rules without a default',
    definition: {
      kind: 'rules',
      rules: [
        vip,
        {
          id: 'austria',
          priority: 3,
          exception: true,
          when: {
            any: [
              { trait: 'country', op: 'in', value: ['AT', 'DE'] },
              { not: { trait: 'age', op: 'exists' } },
            ],
          },
          slots: { subject: 'Grüß Gott' },
        },
      ],
    },
    profiles: [
      { traits: { country: 'AT' }, history: [] },
      { traits: { orders: 9, age: 1 }, history: [] },
      { traits: { age: 30 }, history: [] },
    ],
  },
]);

test('the registry finds every kind by its name and nothing else', () => {
  for (const kind of strategyKinds) expect(findKind(kind.kind)).toBe(kind);
  expect(new Set(strategyKinds.map((kind) => kind.kind)).size).toBe(strategyKinds.length);
  for (const name of ['', 'Static', 'constructor', '__proto__', 'cf']) expect(findKind(name)).toBeUndefined();
});
