import { describe, expect, it } from 'vitest';
import { judgeDrift } from '../../../src/strategies/judge-drift.js';
import { propensityKind } from '../../../src/strategies/ml/kinds/propensity.js';
import type { Learned, LearningLog, StrategyKind, Watched } from '../../../src/strategies/strategy.js';
import { shopClock, shopLog } from './shop-world.js';

const log = shopLog(600);
const quick = {
  estimator: 'logistic',
  features: ['recency_days', 'frequency', 'count(purchase, 30d)', 'trait.plan'],
};
const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
const propensity = {
  ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', model: quick, levels },
};

function known<T>(kind: StrategyKind<T>, definition: unknown) {
  const parsed = kind.parse(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const learned = kind.learn!(parsed.value, log, shopClock, 'seed');
  if ('refused' in learned) throw new Error(learned.reason);
  // What is stored has been through JSON.
  const { state, report } = JSON.parse(JSON.stringify(learned)) as Learned;
  const watch = (seen: LearningLog, clock = shopClock) =>
    kind.watch!(parsed.value, state, report.reference!, seen, clock) as Watched;
  const figures = (seen: LearningLog, clock = shopClock) =>
    judgeDrift(report, watch(seen, clock), kind.measure!(parsed.value, state, seen, clock, 'seed'));
  return { report, watch, figures };
}

const alarming = (figures: ReturnType<typeof judgeDrift>): string[] =>
  figures.filter(({ alerting }) => alerting).map(({ measure }) => measure);

describe('watching a model of outcomes', () => {
  it('holds what it sees now against what it saw on the hold-out', () => {
    const { report, watch } = known(propensityKind, propensity);
    const { scores, features } = report.reference!;
    expect(features.map(({ name }) => name)).toEqual(quick.features);
    const rows = (one: { counts: readonly number[]; missing: number }) =>
      one.counts.reduce((sum, count) => sum + count, one.missing);
    expect(new Set([scores, ...features].map(rows)).size).toBe(1);
    expect(features.find(({ name }) => name === 'trait.plan')).toMatchObject({
      categories: ['basic', 'gold'],
      missing: 0,
    });
    const { now, outcomes } = watch(log);
    expect(now.features.map(({ counts }) => counts.length)).toEqual(
      features.map(({ counts }) => counts.length),
    );
    // On the very rows that it was measured on, predictions add up to about what happened.
    expect(outcomes!.observed).toBeGreaterThan(50);
    expect(outcomes!.observed / outcomes!.expected).toBeGreaterThan(0.7);
    expect(outcomes!.observed / outcomes!.expected).toBeLessThan(1.4);
  });

  it('finds a trait that has changed, and not where it has not', () => {
    const { figures } = known(propensityKind, propensity);
    expect(alarming(figures(log))).not.toContain('drift of trait.plan');
    const gold = { plan: { value: 'gold', at: 0 } };
    const all = new Map([...log.traits].map(([key]) => [key, gold] as const));
    expect(alarming(figures({ ...log, traits: all }))).toContain('drift of trait.plan');
  });

  it('finds that nobody buys any more, by what was predicted and by what goes in', () => {
    const { figures } = known(propensityKind, propensity);
    const later = new Date(shopClock.getTime() + 30 * 86_400_000);
    const found = alarming(figures(log, later));
    expect(found).toContain('calibration');
    expect(found).toContain('drift of recency_days');
  });

  it('refuses where nobody is', () => {
    const nobody = { ...log, histories: new Map(), traits: new Map() };
    expect(known(propensityKind, propensity).watch(nobody)).toMatchObject({ refused: true, code: 'too_few' });
  });
});
