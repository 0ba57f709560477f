import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/profiles/conditions/condition.js';
import { type AskingStrategy, featuresInUse } from '../../src/strategies/features-in-use.js';
import { findKind } from '../../src/strategies/registry.js';

const slots = { subject: 'Hello' };

function asking(
  name: string,
  definition: { kind: string; [field: string]: unknown },
  more: Partial<AskingStrategy> = {},
): AskingStrategy {
  const parsed = findKind(definition.kind)?.parse(definition);
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed));
  const { kind } = definition;
  return {
    name,
    version: 1,
    kind,
    definition: parsed.value,
    active: false,
    newest: true,
    liveIn: [],
    ...more,
  };
}

const rules = (when: object) => ({
  kind: 'rules',
  owner: 'CRM',
  rules: [{ id: 'one', when, slots }],
  default: slots,
});
const buyers: Condition = { all: [{ feature: 'frequency', op: 'gte', value: 2 }, { segment: 'keen@1' }] };
const keen: Condition = { feature: 'count(view)', op: 'gte', value: 5 };
const pinned = new Map([
  ['buyers@1', { when: buyers }],
  ['keen@1', { when: keen }],
]);
const segment = (name: string, when: Condition) => ({ name, version: 1, title: name.toUpperCase(), when });

const askers = (found: ReturnType<typeof featuresInUse>) =>
  Object.fromEntries(
    found.map(({ name, askedBy }) => [
      name,
      askedBy.map((one) => [one.what, one.name, one.version, ...one.through].join(' ')),
    ]),
  );

describe('the features in use', () => {
  test('are those of conditions, segments behind segments, models and scorers, with traits', () => {
    const of = (when: object) => rules({ all: [{ trait: 'plan', op: 'exists' }, when] });
    const strategies = [
      asking('offers', of({ segment: 'buyers@1' })),
      asking('tiers', {
        kind: 'scored',
        ...{ scorer: 'risk@1', features: ['frequency', 'trait.plan'], levels: [{ atLeast: 0, slots }] },
      }),
      asking('visits', {
        kind: 'propensity',
        ...{ outcome: { event: 'view' }, horizon: '30d', levels: [{ atLeast: 0, slots }] },
        model: { features: ['spend(*, 90d)', 'category_counts(view)'] },
      }),
      asking('plain', { kind: 'static', slots }),
    ];
    const segments = [segment('keen', keen), segment('buyers', buyers)];
    expect(askers(featuresInUse(strategies, segments, pinned))).toEqual({
      'category_counts(view)': ['strategy visits 1'],
      'count(view)': ['strategy offers 1 buyers@1', 'segment buyers 1 keen@1', 'segment keen 1'],
      frequency: ['strategy offers 1 buyers@1', 'strategy tiers 1', 'segment buyers 1'],
      'spend(*, 90d)': ['strategy visits 1'],
      'trait.plan': ['strategy offers 1', 'strategy tiers 1'],
    });
  });

  test('come by name, and who asks by name and version, with standing, owner and purpose', () => {
    const ask = rules({ feature: 'recency_days', op: 'lt', value: 9 });
    const strategies = [
      asking('b', ask, { version: 10, liveIn: ['spring'] }),
      asking('b', { ...ask, ...{ purpose: 'Win back' } }, { version: 9, active: true, newest: false }),
      asking('a', rules({ feature: 'frequency', op: 'lt', value: 9 })),
    ];
    const found = featuresInUse(strategies, [{ ...segment('s', keen), description: 'Who looks' }], pinned);
    expect(found.map(({ name }) => name)).toEqual(['count(view)', 'frequency', 'recency_days']);
    expect(found[0]?.askedBy).toEqual([
      { what: 'segment', name: 's', version: 1, title: 'S', purpose: 'Who looks', through: [] },
    ]);
    const shared = { what: 'strategy', name: 'b', kind: 'rules', owner: 'CRM', through: [] };
    expect(found[2]?.askedBy).toEqual([
      { ...shared, version: 9, active: true, newest: false, liveIn: [], purpose: 'Win back' },
      { ...shared, version: 10, active: false, newest: true, liveIn: ['spring'] },
    ]);
  });

  test('a feature that is named beside a segment that asks for it too is asked for by itself', () => {
    const both = rules({ any: [{ feature: 'frequency', op: 'gte', value: 9 }, { segment: 'buyers@1' }] });
    const found = askers(featuresInUse([asking('both', both)], [], pinned));
    expect(found).toEqual({ 'count(view)': ['strategy both 1 buyers@1'], frequency: ['strategy both 1'] });
  });

  test('a segment that is missing is told', () => {
    const lost = asking('lost', rules({ segment: 'gone@1' }));
    expect(() => featuresInUse([lost], [], pinned)).toThrow('segment gone@1 is missing');
  });
});
