import { describe, expect, it } from 'vitest';
import { upgradeExperiment, type StoredDefinition } from '../../src/experiments/stored-experiment.js';

/** As definitions were stored before metrics said what they count and from where. */
const old = {
  key: 'old',
  title: 'Old',
  salt: 's',
  factors: [],
  control: 'a',
  allocation: { version: 1, weights: [1, 1], traffic: 1 },
  metrics: [
    { key: 'order', title: 'Ordered', type: 'proportion', event: 'converted', classes: ['human', 'unknown'], role: 'primary', direction: 'increase' },
    { key: 'clicks', title: 'Clicks', type: 'mean', event: 'clicked', classes: ['human'], role: 'secondary', windowMs: 5 },
    { key: 'revenue', title: 'Revenue', type: 'money', event: 'converted', classes: ['human', 'unknown'], role: 'secondary' },
  ],
  cohorts: [{ trait: 'country' }],
  currency: 'EUR',
  windowMs: 9,
  plan: { alpha: 0.05, power: 0.8 },
} as const satisfies StoredDefinition; // prettier-ignore

describe('a definition that was stored long ago', () => {
  it('is read as it would be written today, and says everything that it said', () => {
    const upgraded = upgradeExperiment(old);
    expect(upgraded.metrics.map(({ count, from }) => [count, from])).toEqual([
      ['once', 'send'],
      ['events', 'send'],
      ['value', 'send'],
    ]);
    expect(upgraded).toMatchObject(old);
  });

  it('is not changed once it says all', () => {
    const upgraded = upgradeExperiment(old);
    const today = {
      ...upgraded,
      metrics: [
        ...upgraded.metrics,
        { ...old.metrics[0], key: 'first', count: 'messages', from: 'assignment' },
      ],
    } as const;
    expect(upgradeExperiment(today)).toEqual(today);
  });
});
