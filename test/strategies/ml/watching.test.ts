import { describe, expect, it } from 'vitest';
import { judgeDrift } from '../../../src/strategies/judge-drift.js';
import { churnKind } from '../../../src/strategies/ml/kinds/churn.js';
import { nextBestOfferKind } from '../../../src/strategies/ml/kinds/next-best-offer.js';
import { propensityKind } from '../../../src/strategies/ml/kinds/propensity.js';
import type {
  Learned,
  LearningLog,
  LearningNeeds,
  StrategyKind,
  Watched,
} from '../../../src/strategies/strategy.js';
import { shopClock, shopLog } from './shop-world.js';
import { type Change, steadyShop } from './steady-shop.js';

const log = shopLog(600);
const quick = {
  estimator: 'logistic',
  features: ['recency_days', 'frequency', 'count(purchase, 30d)', 'trait.plan'],
};
const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
const propensity = {
  ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', model: quick, levels },
};

function known<T>(kind: StrategyKind<T>, definition: unknown, from = log, clock = shopClock) {
  const parsed = kind.parse(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const learned = kind.learn!(parsed.value, from, clock, 'seed');
  if ('refused' in learned) throw new Error(learned.reason);
  // What is stored has been through JSON.
  const { state, report } = JSON.parse(JSON.stringify(learned)) as Learned;
  const watch = (seen: LearningLog, now = clock) =>
    kind.watch!(parsed.value, state, report.reference!, seen, now) as Watched;
  const figures = (seen: LearningLog, now = clock) =>
    judgeDrift(report, watch(seen, now), kind.measure!(parsed.value, state, seen, now, 'seed'));
  return { report, watch, figures };
}

const alarming = (figures: ReturnType<typeof judgeDrift>): string[] =>
  figures.filter(({ alerting }) => alerting).map(({ measure }) => measure);

describe('watching a model of outcomes', () => {
  it('holds what it sees now against what it saw when it learned', () => {
    const { report, watch } = known(propensityKind, propensity);
    const { scores, features } = report.reference!;
    expect(features.map(({ name }) => name)).toEqual(quick.features);
    const rows = (one: { counts: readonly number[]; missing: number }) =>
      one.counts.reduce((sum, count) => sum + count, one.missing);
    expect(new Set([scores!, ...features].map(rows)).size).toBe(1);
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

const then = new Date('2024-03-01T00:00:00Z');
const later = (days: number): Date => new Date(then.getTime() + days * 86_400_000);
const features = [
  ...['recency_days', 'frequency', 'tenure_days', 'count(purchase, 30d)', 'spend(*, 90d)'],
  ...['favourite_category', 'category_counts(purchase, 90d)', 'trait.plan', 'trait.country'],
];
const model = { estimator: 'logistic', features };
const offers = ['shoes', 'books'].map((category) => ({
  ...{ key: category, outcome: { event: 'purchase', category }, slots: { subject: category } },
}));
const kinds: readonly [string, StrategyKind<never>, object][] = [
  [
    'propensity',
    propensityKind as StrategyKind<never>,
    { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', active: '120d', model, levels },
  ],
  ['churn', churnKind as StrategyKind<never>, { kind: 'churn', horizon: '30d', model, levels }],
  [
    'next_best_offer',
    nextBestOfferKind as StrategyKind<never>,
    { kind: 'next_best_offer', horizon: '30d', active: '90d', model, offers },
  ],
];

/** As flows give it: what the kind reads, as far back as it reads. */
function shopOf(kind: StrategyKind<never>, definition: object) {
  return (seed: string, clock: Date, change?: Change): LearningLog => {
    const whole = steadyShop(1_500, seed, clock, change);
    const parsed = kind.parse(definition);
    const needs: LearningNeeds = parsed.ok ? kind.learnsFrom!(parsed.value) : { types: [] };
    const since = clock.getTime() - (needs.lookbackMs ?? Infinity);
    const read = [...whole.histories].map(
      ([key, history]) =>
        [key, history.filter(({ type, at }) => at >= since && needs.types.includes(type))] as const,
    );
    const asked = new Set(needs.traits);
    const traits = [...whole.traits].map(
      ([key, said]) =>
        [key, Object.fromEntries(Object.entries(said).filter(([name]) => asked.has(name)))] as const,
    );
    return {
      ...whole,
      histories: new Map(read.filter(([, history]) => history.length > 0)),
      traits: new Map(traits.filter(() => asked.size > 0)),
    };
  };
}

const seeds = ['a', 'b', 'c', 'd'];

describe.each(kinds)('a model of the kind %s', (_, kind, definition) => {
  const shop = shopOf(kind, definition);
  const taught = (seed: string) => known(kind, definition, shop(seed, then), then);

  it.each(seeds)('alarms nobody where nothing has changed, now and later (%s)', (seed) => {
    const { figures } = taught(seed);
    for (const days of [0, 7, 30, 90]) {
      const found = figures(shop(seed, later(days)), later(days));
      expect([days, alarming(found)]).toEqual([days, []]);
      const indexes = found.filter(({ measure }) => measure.startsWith('drift of'));
      expect(indexes.length).toBeGreaterThan(8);
      // The same people at the same moment.
      if (days === 0) expect(indexes.map(({ value }) => value ?? 0)).toEqual(indexes.map(() => 0));
    }
  });

  it.each(seeds.slice(0, 2))('alarms where everybody buys a third as often (%s)', (seed) => {
    const { figures } = taught(seed);
    const slower = { at: then.getTime(), slower: 3 };
    const at = (days: number) => alarming(figures(shop(seed, later(days), slower), later(days)));
    // What was predicted as of the change did not come; a while later what goes in has changed as well.
    expect(at(30)).toContainEqual(expect.stringMatching(/^(calibration|drift of scores)$/));
    const moved = at(60).filter((measure) => /recency|count|spend/.test(measure));
    expect(moved).not.toEqual([]);
  });

  it.each(seeds.slice(0, 2))('alarms where newcomers are of a country that it never saw (%s)', (seed) => {
    const { figures } = taught(seed);
    const abroad = { at: then.getTime(), country: 'JP' };
    const found = alarming(figures(shop(seed, later(120), abroad), later(120)));
    expect(found).toContain('drift of trait.country');
  });
});

it.each(seeds.slice(0, 2))(
  'whoever was ever known may be watched, by features with a window (%s)',
  (seed) => {
    const windowed = { estimator: 'logistic', features: ['count(purchase, 30d)', 'count(view, 60d)'] };
    const [, kind, definition] = kinds[0]!;
    const everybody = { ...definition, active: undefined, model: windowed };
    const shop = shopOf(kind, everybody);
    const { figures, report } = known(kind, everybody, shop(seed, then), then);
    for (const days of [0, 30, 90])
      expect(alarming(figures(shop(seed, later(days)), later(days)))).toEqual([]);
    // As many rows to learn from as are watched, not those alone who did something in a shorter window.
    const rows = report.reference!.scores!.counts.reduce((sum, n) => sum + n, 0);
    expect(report.labels!.rows / rows).toBeGreaterThan(0.85);
    expect(report.labels!.rows / rows).toBeLessThan(1.2);
  },
);
