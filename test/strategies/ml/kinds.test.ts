import { describe, expect, test } from 'vitest';
import { affinityKind } from '../../../src/strategies/ml/kinds/affinity.js';
import { churnKind } from '../../../src/strategies/ml/kinds/churn.js';
import { nextBestActionKind } from '../../../src/strategies/ml/kinds/next-best-action.js';
import { nextBestOfferKind } from '../../../src/strategies/ml/kinds/next-best-offer.js';
import { propensityKind } from '../../../src/strategies/ml/kinds/propensity.js';
import type { Json, StrategyKind } from '../../../src/strategies/strategy.js';
import { describeStrategyKind } from '../../conformance/strategy.js';
import { shopClock, shopLog } from './shop-world.js';

const log = shopLog(300);
const profiles = [...log.histories.values()]
  .slice(0, 8)
  .map((history) => ({ traits: { plan: 'gold' }, history }));
const learning = { histories: log.histories, traits: log.traits };
const quick = {
  estimator: 'logistic',
  features: ['recency_days', 'frequency', 'count(purchase, 30d)', 'trait.plan'],
};
const levels = [
  { atLeast: 0.5, slots: { subject: 'For you' } },
  { atLeast: 0, slots: { subject: 'Hello' } },
];
const offers = [
  { key: 'shoes', outcome: { event: 'purchase', category: 'shoes' }, slots: { subject: 'Shoes' } },
  {
    key: 'books',
    outcome: { event: 'purchase', category: 'books' },
    value: 2,
    slots: { subject: { content: 'books@1' } },
  },
];
const tastes = { estimator: 'logistic', features: ['category_counts(purchase)', 'count(purchase, 30d)'] };
const actions = [
  { key: 'mail', outcome: { event: 'purchase' }, value: 10, cost: 3, slots: { subject: 'A' } },
  { key: 'voucher', outcome: { event: 'purchase', count: 2 }, value: 30, cost: 8, slots: { subject: 'B' } },
];

describeStrategyKind(propensityKind, [
  {
    name: 'by a few features',
    definition: { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', model: quick, levels },
    ...{ profiles, ...learning },
  },
  {
    name: 'by the usual features, for the likely only',
    definition: {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', cutOffs: 2, active: '90d' },
      levels: levels.slice(0, 1),
    },
    ...{ profiles, ...learning },
  },
]);
describeStrategyKind(churnKind, [
  {
    name: 'of those who bought lately',
    definition: { kind: 'churn', horizon: '30d', model: quick, levels },
    ...{ profiles, ...learning },
  },
]);
describeStrategyKind(nextBestOfferKind, [
  {
    name: 'of two categories',
    definition: { kind: 'next_best_offer', horizon: '30d', model: tastes, offers },
    ...{ profiles, ...learning },
  },
  {
    name: 'with conditions and a segment',
    definition: {
      ...{ kind: 'next_best_offer', horizon: '30d', model: tastes },
      offers: [
        { ...offers[0], when: { trait: 'plan', op: 'eq', value: 'gold' } },
        { ...offers[1], when: { segment: 'readers@1' } },
      ],
    },
    segments: new Map([['readers@1', { when: { trait: 'plan', op: 'eq', value: 'basic' } } as never]]),
    ...{ profiles, ...learning },
  },
]);
describeStrategyKind(nextBestActionKind, [
  {
    name: 'or nothing',
    definition: { kind: 'next_best_action', horizon: '30d', model: quick, atLeast: 4, actions },
    ...{ profiles, ...learning },
  },
]);

function learned<D>(kind: StrategyKind<D>, definition: unknown, from = log) {
  const parsed = kind.parse(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const result = kind.learn?.(parsed.value, from, shopClock, 'seed');
  if (!result) throw new Error('nothing');
  return { definition: parsed.value, result };
}

const byCategory = { shoes: { subject: 'Shoes' }, books: { subject: 'Books' } };
describeStrategyKind(affinityKind, [
  {
    name: 'with content alone',
    definition: { kind: 'affinity', horizon: '30d', model: tastes, categories: byCategory },
    ...{ profiles, ...learning },
  },
  {
    name: 'with the most wanted items',
    definition: { kind: 'affinity', horizon: '30d', model: tastes, categories: byCategory, items: 2 },
    catalogue: ['shoes-0', 'shoes-1', 'books-0', 'books-1'].map((id) => ({ id, category: id.slice(0, 5) })),
    ...{ profiles, ...learning },
  },
]);

describe('what they learn', () => {
  test('tells who buys again, better than chance and than popularity', () => {
    const { result } = learned(propensityKind, {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', levels, model: quick },
    });
    if ('refused' in result) throw new Error(result.reason);
    const [auc] = result.report.measures;
    expect(auc).toMatchObject({ name: 'AUC', higherIsBetter: true });
    if (!auc || 'refused' in auc) throw new Error('no AUC');
    expect(auc.interval?.[0]).toBeGreaterThan(0.7);
    expect(result.report.labels).toMatchObject({ outcome: 'purchase within 14 days', rows: 300 });
    expect(result.report.baselines?.map(({ name }) => name)).toEqual(['base rate', 'recency', 'frequency']);
    expect(result.report.calibration?.length).toBeGreaterThan(2);
    expect(result.report.features?.map(({ name, importance }) => [name, importance !== undefined])).toEqual(
      quick.features.map((name) => [name, true]),
    );
    expect(result.report.surrogate?.lines.length).toBeGreaterThan(1);
    expect(result.report.window.until).toBe('2024-04-22T07:08:09.000Z');
  });

  test('offers what is to somebody’s taste, keeps the runner-up, and beats popularity', () => {
    const { definition, result } = learned(nextBestOfferKind, {
      kind: 'next_best_offer',
      horizon: '30d',
      model: tastes,
      offers: [offers[0], { ...offers[1], value: 1 }],
    });
    if ('refused' in result) throw new Error(result.reason);
    const [hit] = result.report.measures;
    const popular = result.report.baselines?.find(({ name }) => name === 'popularity')?.measures[0];
    if (!hit || 'refused' in hit || !popular || 'refused' in popular) throw new Error('no hits');
    expect(hit.value).toBeGreaterThan(popular.value + 0.2);
    expect(result.report.notes).toContainEqual(expect.stringMatching(/^The model beats popularity/));
    const contents = new Map([['books@1', 'Books']]);
    const decider = nextBestOfferKind.prepare(definition, {
      learned: result.state,
      contents,
      segments: new Map(),
    });
    const [shoes, books] = profiles;
    if (!shoes || !books) throw new Error('nobody');
    const asked = [() => [], shopClock] as const;
    expect(decider.decide(shoes, ...asked)).toMatchObject({
      slots: { subject: 'Shoes' },
      reason: expect.stringMatching(/^offer shoes 0\.\d+, before books 0\.\d+$/),
    });
    expect(decider.decide(books, ...asked)).toMatchObject({ slots: { subject: 'Books' } });
    expect(decider.gist?.(books, ...asked)).toMatchObject({
      offer: { key: 'books' },
      runnerUp: { key: 'shoes' },
    });
  });

  test('delivers content and items of the category that somebody is likeliest to buy in', () => {
    const items = ['shoes-0', 'shoes-1', 'books-0', 'books-1'].map((id) => ({
      id,
      category: id.slice(0, 5),
    }));
    const catalogue = { hash: 'sha256:some', items };
    const written = { kind: 'affinity', horizon: '30d', model: tastes, categories: byCategory, items: 2 };
    const { definition, result } = learned(affinityKind, written, { ...log, catalogue });
    if ('refused' in result) throw new Error(result.reason);
    const parts = { learned: result.state, contents: new Map(), segments: new Map() };
    const { decide } = affinityKind.prepare(definition, parts);
    const [shoes, books] = profiles;
    if (!shoes || !books) throw new Error('nobody');
    const chosen = decide(shoes, () => items, shopClock);
    expect(chosen).toMatchObject({
      slots: { subject: 'Shoes' },
      reason: expect.stringMatching(/^shoes 0\.\d+$/),
    });
    const ids = 'items' in chosen ? chosen.items?.map(({ item }) => item).sort() : [];
    expect(ids).toEqual(['shoes-0', 'shoes-1']);
    expect(decide(books, () => items, shopClock)).toMatchObject({ slots: { subject: 'Books' } });
    // Nothing of the likeliest may be shown: the next one is.
    expect(decide(books, () => items.slice(0, 1), shopClock)).toMatchObject({ slots: { subject: 'Shoes' } });
    expect(decide(books, () => [], shopClock)).toHaveProperty('noChoice');
  });

  test('weighs value against cost, and sends nothing where it does not pay', () => {
    const { definition, result } = learned(nextBestActionKind, {
      ...{ kind: 'next_best_action', horizon: '14d', model: quick, atLeast: 0 },
      actions: [{ key: 'mail', outcome: { event: 'purchase' }, value: 10, cost: 5, slots: { subject: 'A' } }],
    });
    if ('refused' in result) throw new Error(result.reason);
    const parts = { learned: result.state, contents: new Map(), segments: new Map() };
    const decider = nextBestActionKind.prepare(definition, parts);
    const sent = new Set<boolean>();
    for (const history of log.histories.values()) {
      const choice = decider.decide({ traits: { plan: 'basic' }, history }, () => [], shopClock);
      const trace = decider.trace({ traits: { plan: 'basic' }, history }, () => [], shopClock) as {
        actions: { p: number }[];
      };
      if ('noChoice' in choice) throw new Error('declined');
      // Worth its cost from p = 0.5 on; within the rounding of the trace either is right.
      const p = trace.actions[0]?.p ?? 0;
      if (p !== 0.5) expect(choice.withheld === true).toBe(p < 0.5);
      sent.add(choice.withheld !== true);
    }
    expect(sent).toEqual(new Set([true, false]));
    expect(result.report.notes.at(-1)).toMatch(/would do it anyway/);
  });

  test('churn is the absence of what whoever stays does, among those who did it lately', () => {
    const { result } = learned(churnKind, { kind: 'churn', horizon: '30d', levels, model: quick });
    if ('refused' in result) throw new Error(result.reason);
    expect(result.report.labels?.outcome).toBe('no purchase within 30 days');
    const gap = result.report.labels?.gaps.find(({ reason }) => /not active within 90 days/.test(reason));
    expect(gap?.rows ?? 0).toBeGreaterThanOrEqual(0);
    expect((result.report.labels?.rows ?? 0) + (gap?.rows ?? 0)).toBe(300);
  });

  test.each([
    ['propensity', { outcome: { event: 'purchase', category: 'hats' } }],
    ['propensity', { outcome: { event: 'view' }, cutOffs: 3 }],
  ])('refuses what is too little to learn %s from, and says how many it takes', (_, change) => {
    const few = shopLog(20);
    const { result } = learned(
      propensityKind,
      { kind: 'propensity', horizon: '30d', levels, model: quick, ...change },
      few,
    );
    expect(result).toMatchObject({ refused: true, reason: expect.stringMatching(/takes (30|10) with and/) });
  });

  test('an older model of other features is measured on the same rows', () => {
    const one = learned(propensityKind, {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', levels, model: quick },
    });
    const other = learned(propensityKind, {
      ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', levels },
      model: { estimator: 'boosting', settings: {}, features: ['frequency'] },
    });
    if ('refused' in one.result || 'refused' in other.result) throw new Error('nothing was learned');
    const own = propensityKind.measure?.(one.definition, one.result.state, log, shopClock, 'seed');
    const old = propensityKind.measure?.(one.definition, other.result.state, log, shopClock, 'seed');
    expect(own).toEqual(one.result.report.measures[0]);
    expect(old).toMatchObject({ name: 'AUC', value: expect.any(Number) });
  });

  test.each([
    [{ horizon: '30 days' }, 'horizon', /12h or 30d/],
    [{ model: { estimator: 'oracle' } }, 'model.estimator', /must be one of .*boosting/],
    [{ model: { features: ['horoscope'] } }, 'model.features[0]', /no feature "horoscope"/],
    [{ model: { estimator: 'boosting', settings: { trees: -1 } } }, 'model.settings', /./],
    [{ levels: [] }, 'levels', /at least one/],
    [{ outcome: { event: 'purchase', value: 5000 } }, 'outcome.currency', /is missing/],
    [{ levels: [levels[0], { atLeast: 0, slots: { other: 'x' } }] }, 'levels[0].slots', /leaves out other/],
  ])('says what is wrong with %j, and where', (change, path, message) => {
    const written = { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '30d', levels, ...change };
    const parsed = propensityKind.parse(written);
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems[0]).toMatchObject({ path, message: expect.stringMatching(message) });
  });

  test.each<Json>([null, {}, { version: 2 }, { version: 1, features: ['recency_days'], outcomes: [] }])(
    'does not start with the state %j',
    (state) => {
      const { definition } = learned(propensityKind, {
        ...{ kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', levels, model: quick },
      });
      expect(() =>
        propensityKind.prepare(definition, { learned: state, contents: new Map(), segments: new Map() }),
      ).toThrow(/cannot be used/);
    },
  );
});
