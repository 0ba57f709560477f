import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { History } from '../../../src/profiles/history.js';
import { collaborativeKind } from '../../../src/strategies/cf/collaborative.js';
import type { Json } from '../../../src/strategies/strategy.js';
import { describeStrategyKind } from '../../conformance/strategy.js';
import {
  catalogue,
  chosen,
  clock,
  day,
  deciderOf,
  did,
  hiking,
  learned,
  logOf,
  parsed,
  person,
  shoppers,
  slots,
  tea,
} from './world.js';

const profiles = [
  person(),
  person(did('purchase', 'boots', 5)),
  person(did('view', 'cup', 1), did('purchase', 'kettle', 20), did('purchase', 'pot', 500)),
  person(did('clicked', 'map', 2, { class: 'scanner', message: 'm' }), did('view', 'gone', 1)),
];
const cases = ['item_knn', 'user_knn', 'als', 'hybrid', 'popular'].map((method) => ({
  name: method,
  definition: { kind: 'collaborative', slots, method, exclude: { bought: '365d', engaged: true } },
  profiles,
  catalogue,
  histories: shoppers(),
}));
describeStrategyKind(collaborativeKind, [
  ...cases,
  {
    name: 'with everything',
    definition: {
      ...{ kind: 'collaborative', slots: { headline: { content: 'head@3' } }, method: 'user_knn', items: 2 },
      dwell: {
        buckets: [
          { from: 0, weight: 0 },
          { from: 10, weight: 2 },
        ],
      },
      ...{ halfLife: '30d', window: '90d', holdOut: { random: 0.2 } },
      sparse: { below: 2, method: 'item_knn' },
      exclude: { bought: true, engaged: false },
    },
    profiles,
    catalogue,
    histories: shoppers(),
  },
]);

const itemsOf = (choice: ReturnType<typeof chosen>) => ('items' in choice ? (choice.items ?? []) : []);

describe('what is chosen', () => {
  test('is of the taste of the recipient, best first, with what speaks for it', () => {
    for (const method of ['item_knn', 'user_knn', 'als']) {
      const choice = chosen(person(did('purchase', 'boots', 5), did('purchase', 'map', 4)), { method });
      const names = itemsOf(choice).map(({ item }) => item);
      expect([method, names.length]).toEqual([method, 3]);
      expect(names.filter((name) => (tea as readonly string[]).includes(name))).toEqual([]);
      expect(choice).toMatchObject({ slots, reason: `${method} from 2 items of theirs`, probability: 1 });
    }
    const [first] = itemsOf(chosen(person(did('purchase', 'boots', 5))));
    expect(first?.reason).toBe('liked by people who like boots');
    const bought = { weights: { purchase: 1 } };
    expect(itemsOf(chosen(person(did('purchase', 'boots', 5)), bought))[0]?.reason).toBe(
      'bought by people who bought boots',
    );
  });

  test('is never in the history, whatever it is', () => {
    const decider = deciderOf({ method: 'user_knn', items: 50 });
    const event = fc.record({
      type: fc.constantFrom('view', 'cart', 'click', 'purchase'),
      item: fc.constantFrom(...tea, ...hiking, 'torch', 'gone'),
      daysAgo: fc.double({ min: 0.001, max: 364, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const profile = person(...events.map(({ type, item, daysAgo }) => did(type, item, daysAgo)));
        const choice = decider.decide(profile, () => catalogue, clock);
        const known = new Set(profile.history.map(({ item }) => item));
        const names = itemsOf(choice).map(({ item }) => item);
        expect(names.filter((name) => known.has(name))).toEqual([]);
        // Best sellers fill up, so that everything else is there.
        expect(names.length).toBe(catalogue.length - [...known].filter((item) => item !== 'gone').length);
        if (names.length === 0) expect('noChoice' in choice).toBe(true);
      }),
    );
  });

  test('leaves out what was bought ever, for so long, or not at all, and what was only looked at as declared', () => {
    const history = person(did('purchase', 'boots', 700), did('purchase', 'map', 20), did('view', 'tent', 2));
    const names = (exclude: object) =>
      itemsOf(chosen(history, { exclude, items: 50 }))
        .map(({ item }) => item)
        .filter((one) => ['boots', 'map', 'tent'].includes(one))
        .sort();
    expect(names({})).toEqual([]);
    expect(names({ bought: '90d' })).toEqual(['boots']);
    expect(names({ bought: true, engaged: false })).toEqual(['tent']);
    expect(names({ bought: '10d', engaged: false })).toEqual(['boots', 'map', 'tent']);
    expect(names({ bought: false, engaged: false })).toEqual(['boots', 'map', 'tent']);
    expect(names({ bought: false })).toEqual(['boots']);
  });

  test('is best sellers for those without a taste, and says so', () => {
    const strangers = [person(), person(did('view', 'gone', 1)), person(did('purchase', 'boots', 400))];
    for (const stranger of strangers) {
      const choice = chosen(stranger, { items: 1 });
      expect(choice).toMatchObject({
        reason: 'best sellers: nothing is known of their taste',
        items: [{ item: 'torch', reason: 'among the best sellers' }],
      });
    }
  });

  test('comes from candidates only; ties go to the lower id; nothing left is no choice', () => {
    const few = catalogue.filter(({ id }) => ['tin', 'sieve'].includes(id));
    expect(itemsOf(chosen(person(did('purchase', 'boots', 5)), {}, few)).map(({ item }) => item)).toEqual([
      'sieve',
      'tin',
    ]);
    const choice = chosen(person(did('purchase', 'tin', 5)), {}, few.slice(1));
    expect(choice).toEqual({ noChoice: 'nothing that may be shown is left to recommend' });
    expect(chosen(person(), {}, [])).toHaveProperty('noChoice');
  });

  test('goes by another method where little is known', () => {
    const change = { method: 'user_knn', sparse: { below: 2, method: 'item_knn' } };
    expect(chosen(person(did('purchase', 'boots', 5)), change)).toMatchObject({
      reason: 'item_knn, because only 1 item of theirs is known',
    });
    expect(chosen(person(did('purchase', 'boots', 5), did('view', 'map', 4)), change)).toMatchObject({
      reason: 'user_knn from 2 items of theirs',
    });
  });

  test('can be explained: gist and trace name what speaks for it', () => {
    const decider = deciderOf();
    const profile = person(did('purchase', 'boots', 5), did('view', 'map', 4));
    const gist = decider.gist?.(profile, () => catalogue, clock) as { because: [string, number][] };
    expect(gist).toMatchObject({ by: 'item_knn', known: 2, candidates: 11 });
    expect(gist.because.map(([id]) => id).sort()).toEqual(['boots', 'map']);
    expect(gist.because.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 2);
    const trace = decider.trace(profile, () => catalogue, clock);
    expect(trace).toMatchObject({
      excluded: ['boots', 'map'],
      taste: [
        { item: 'boots', weight: 5 },
        { item: 'map', weight: 1 },
      ],
      ranked: [{ because: [{ kind: 'item' }, { kind: 'item' }] }, {}, {}],
    });
    expect(decider.gist?.(person(), () => catalogue, clock)).toEqual({
      by: 'popular',
      known: 0,
      candidates: 11,
    });
  });

  test('keeps its gist short, however long the ids are', () => {
    const long = catalogue.map((item) => ({ ...item, id: `${item.id}${'x'.repeat(240)}` }));
    const histories = new Map(
      [...shoppers()].map(([key, history]) => [
        key,
        history.map((one) => ({ ...one, item: `${one.item ?? ''}${'x'.repeat(240)}` })),
      ]),
    );
    const model = collaborativeKind.learn?.(parsed(), logOf(histories, long), clock, '');
    const state = model && 'state' in model ? model.state : null;
    const decider = collaborativeKind.prepare(parsed(), {
      learned: state,
      contents: new Map(),
      segments: new Map(),
    });
    const profile = person(...[...histories.values()].slice(1, 6).flat());
    expect(JSON.stringify(decider.gist?.(profile, () => long, clock)).length).toBeLessThanOrEqual(500);
  });
});

describe('what is learned', () => {
  test('is of items of the catalogue, before the hold-out, within the window', () => {
    const early: History = [did('purchase', 'boots', 30), did('purchase', 'gone', 30)];
    const histories = new Map([
      ...shoppers(),
      ['r_x', early],
      ['r_y', [did('view', 'map', 13)]],
      ['r_z', [did('view', 'map', 380)]],
    ]);
    const { report } = learned({}, histories);
    expect(report.interactions).toEqual({
      recipients: 41,
      items: 11,
      interactions: 135,
      density: 135 / (41 * 11),
    });
    expect(report.window).toEqual({
      from: new Date(clock.getTime() - 379 * day).toISOString(),
      until: new Date(clock.getTime() - 14 * day).toISOString(),
    });
    expect(report.split).toEqual({ kind: 'time', note: 'The last 14d before the clock are held out.' });
  });

  test('does not change with what happens in the hold-out', () => {
    const without = new Map(
      [...shoppers()].map(([key, history]) => [
        key,
        history.filter(({ at }) => at < clock.getTime() - 14 * day),
      ]),
    );
    for (const method of ['item_knn', 'user_knn', 'als'])
      expect(learned({ method }).state).toEqual(learned({ method }, without).state);
  });

  test('is nothing where nothing is there, with what to do', () => {
    const reasonOf = (histories: ReadonlyMap<string, History>, change: object = {}, items = catalogue) => {
      const model = collaborativeKind.learn?.(parsed(change), logOf(histories, items), clock, '');
      return model && 'refused' in model ? model.reason : undefined;
    };
    expect(reasonOf(new Map())).toContain('before the last 14d, which are held out: record events with item');
    expect(reasonOf(new Map([['r', [did('purchase', 'boots', 2)]]]))).toContain('shorten holdOut');
    expect(reasonOf(shoppers(), {}, [])).toContain('catalogue is empty');
    expect(reasonOf(new Map([['r', [did('purchase', 'boots', 2)]]]), { holdOut: '1d' })).toBeUndefined();
  });

  test('of one recipient with one item is a model that serves best sellers', () => {
    const histories = new Map([['r', [did('purchase', 'boots', 20)]]]);
    for (const method of ['item_knn', 'user_knn', 'als', 'popular']) {
      const model = learned({ method }, histories);
      expect(model.report.measures[0]).toMatchObject({ refused: true, code: 'too_few' });
      const parts = { learned: model.state, contents: new Map(), segments: new Map() };
      const { decide } = collaborativeKind.prepare(parsed({ method }), parts);
      expect(decide(person(did('view', 'map', 1)), () => catalogue, clock)).toMatchObject({
        items: [{ item: 'boots' }],
      });
    }
  });

  test('cannot be used where it is broken, of another schema, or of a method that is not known', () => {
    const { state } = learned();
    const broken: Json[] = [
      null,
      [],
      {},
      'x',
      { ...(state as object), schema: 'postulate.collaborative/2' },
      { ...(state as object), method: 'guess' },
      { ...(state as object), recommender: {} },
      { ...(state as object), popular: null },
    ];
    for (const one of broken) {
      const parts = { learned: one, contents: new Map(), segments: new Map() };
      expect(() => collaborativeKind.prepare(parsed(), parts)).toThrow(/./);
    }
  });
});
