import type { Experiment } from '../../src/experiments/experiment.js';

/** Two arms, a proportion and an amount of money. */
export function feedExperiment(key: string): Experiment {
  const level = (name: string) => ({ key: name, title: name, slots: { subject: name } });
  return {
    key,
    title: `Experiment ${key}`,
    hypothesis: 'A question is opened more often.',
    factors: [{ key: 'subject', title: 'subject', levels: [level('plain'), level('question')] }],
    control: 'plain',
    salt: `salt-${key}`,
    allocation: { version: 1, weights: [1, 1], traffic: 1 },
    metrics: [
      {
        key: 'clicked',
        title: 'Clicked',
        type: 'proportion',
        event: 'clicked',
        classes: ['human', 'unknown'],
        count: 'once',
        role: 'primary',
        direction: 'increase',
        from: 'send',
      },
      {
        key: 'revenue',
        title: 'Revenue',
        type: 'money',
        event: 'converted',
        classes: [],
        count: 'value',
        role: 'secondary',
        from: 'send',
      },
    ],
    cohorts: [{ trait: 'country' }],
    currency: 'EUR',
    windowMs: 14 * 86_400_000,
    plan: { alpha: 0.05, power: 0.8 },
  };
}
