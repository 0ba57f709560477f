import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/profiles/conditions/condition.js';
import type { AskingStrategy } from '../../src/strategies/askers.js';
import { eventConditionsInUse } from '../../src/strategies/event-conditions.js';
import { featuresInUse } from '../../src/strategies/features-in-use.js';
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
    expect(askers(featuresInUse(strategies, segments, pinned, []))).toEqual({
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
    const found = featuresInUse(
      strategies,
      [{ ...segment('s', keen), description: 'Who looks' }],
      pinned,
      [],
    );
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
    const found = askers(featuresInUse([asking('both', both)], [], pinned, []));
    expect(found).toEqual({ 'count(view)': ['strategy both 1 buyers@1'], frequency: ['strategy both 1'] });
  });

  test('a segment that is missing is told', () => {
    const lost = asking('lost', rules({ segment: 'gone@1' }));
    expect(() => featuresInUse([lost], [], pinned, [])).toThrow('segment gone@1 is missing');
    expect(() => eventConditionsInUse([lost], [], pinned)).toThrow('segment gone@1 is missing');
  });

  test('are traits of templates, too, with what their tokens are for and which arms they render for', () => {
    const plan = asking('plan', rules({ trait: 'plan', op: 'exists' }));
    const usedBy = [{ experiment: 'spring', arms: ['a', 'b'] }];
    const letter = { name: 'letter', newest: false, usedBy };
    const templates = [
      { ...letter, version: 2, traits: [{ name: 'plan' }] },
      { ...letter, version: 1, traits: [{ name: 'first name', description: 'Greeting' }, { name: 'plan' }] },
    ];
    const found = featuresInUse([plan], [], pinned, templates);
    expect(askers(found)).toEqual({
      'trait.first name': ['template letter 1'],
      'trait.plan': ['strategy plan 1', 'template letter 1', 'template letter 2'],
    });
    expect(found[0]?.askedBy).toEqual([
      { ...{ what: 'template', name: 'letter', version: 1, newest: false, usedBy }, purpose: 'Greeting', through: [] }, // prettier-ignore
    ]);
    expect(found[1]?.askedBy[2]).not.toHaveProperty('purpose');
  });
});

describe('the conditions on events in use', () => {
  const bought = { event: 'purchase', measure: 'count', op: 'gte', value: 1, within: '30d' } as const;
  const opened = { event: 'opened', classes: ['human', 'unknown'], measure: 'days_since_last', op: 'lt', value: 9 } as const; // prettier-ignore
  const spent = {
    ...{ event: 'purchase', measure: 'sum', property: 'value', currency: 'EUR', op: 'gte', value: 50 },
    where: [{ property: 'category', op: 'eq', value: 'shoes' }, { property: 'brand', op: 'exists' }],
  } as const; // prettier-ignore
  const segments = new Map<string, { when: Condition }>([
    ...pinned,
    ['late@1', { when: { all: [bought, { segment: 'keen@1' }] } }],
  ]);

  test('are told in words, with what they look at, by the type of the event', () => {
    const found = eventConditionsInUse([asking('a', rules({ any: [spent, opened, { not: bought }] }))], [], segments); // prettier-ignore
    expect(found.map(({ askedBy: _, ...condition }) => condition)).toEqual([
      {
        says: 'last opened a mail (human, unknown) less than 9 days ago',
        ...{ event: 'opened', classes: ['human', 'unknown'], properties: [], within: null },
      },
      { says: 'bought at least once within 30 days', event: 'purchase', properties: [], within: '30d' },
      {
        says: 'bought with category is “shoes” and brand is known, value in all at least 50 EUR',
        ...{ event: 'purchase', properties: ['brand', 'category', 'currency', 'value'], within: null },
      },
    ]);
  });

  test('are those of rules, trees, offers and segments, by themselves or through segments', () => {
    const [yes, no] = ['yes', 'no'].map((leaf) => ({ leaf, slots }));
    const tree = { kind: 'tree', root: { if: bought, then: yes, else: no } };
    const offers = {
      kind: 'next_best_offer',
      ...{ horizon: '30d', model: { features: ['frequency'] } },
      offers: [
        { key: 'x', outcome: { event: 'view' }, when: { segment: 'late@1' }, slots },
        { key: 'y', outcome: { event: 'cart' }, when: { not: bought }, slots },
      ],
    };
    const strategies = [
      asking('rule', rules({ all: [bought, { segment: 'late@1' }] })),
      asking('tree', tree),
      asking('offers', offers),
      asking('feature', rules({ feature: 'frequency', op: 'gte', value: 2 })),
    ];
    const late = { name: 'late', version: 1, title: 'LATE', when: segments.get('late@1')!.when };
    const around = { name: 'around', version: 1, title: 'AROUND', when: { segment: 'late@1' } };
    const found = eventConditionsInUse(strategies, [late, around], segments);
    expect(found.map(({ says }) => says)).toEqual(['bought at least once within 30 days']);
    expect(found[0]?.askedBy.map((one) => [one.what, one.name, ...one.through].join(' '))).toEqual([
      ...['strategy offers', 'strategy rule', 'strategy tree'],
      ...['segment around late@1', 'segment late'],
    ]);
  });
});
