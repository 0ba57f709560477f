import { describe, expect, it } from 'vitest';
import type { History } from '../../src/profiles/history.js';
import { itemReference, type TrafficRules, watchItems } from '../../src/strategies/item-traffic.js';
import { judgeDrift } from '../../src/strategies/judge-drift.js';
import type { ModelReport, Reference } from '../../src/strategies/model-report.js';
import { day, daysLater, historiesOf, learning, type MovingShop } from './moving-shop.js';

const from = learning - 14 * day;
const times = { from, clock: learning, learnedUntil: from };
const known = (items: number): TrafficRules => {
  const ids = new Set(Array.from({ length: items }, (_, i) => `i${i}`));
  return { isInteraction: ({ type }) => type === 'view', knows: (item) => ids.has(item) };
};

function referenceOf(histories: ReadonlyMap<string, History>, rules: TrafficRules): Reference {
  const found = itemReference(histories, times, rules);
  if ('noReference' in found) throw new Error(found.noReference);
  return found.reference;
}

const reportWith = (more: Partial<ModelReport>): ModelReport => ({
  ...{ window: { until: '' }, split: { kind: 'time', note: '' }, measures: [], notes: [] },
  ...more,
});

/** The figures of a check so many days later. */
function figuresOf(histories: ReadonlyMap<string, History>, items: number, days: number) {
  const reference = referenceOf(histories, known(items));
  const watched = watchItems(reference, histories, daysLater(days), known(items));
  return judgeDrift(reportWith({ reference }), watched, undefined);
}

const did = (item: string, daysAgo: number, type = 'view') => ({
  ...{ id: `${item} ${daysAgo}`, type, item },
  at: learning - daysAgo * day,
});

/** Many recipients alike. */
const crowd = (name: string, count: number, ...history: ReturnType<typeof did>[]) =>
  Array.from({ length: count }, (_, i) => [`${name}${i}`, history] as const);

describe('the reference of items', () => {
  const histories = new Map([
    ...crowd('a', 80, did('i0', 30), did('i0', 5), did('i0', 4), did('i1', 3)),
    ...crowd('b', 20, did('i1', 20), did('gone', 2), did('i2', 1, 'open')),
    ...crowd('c', 10, did('i3', 1)),
    ...crowd('d', 50, did('i1', 40)),
  ]);

  it('counts each recipient once, shared out over their items', () => {
    const { items, features, scores } = referenceOf(histories, known(9));
    expect([features, scores]).toEqual([[], undefined]);
    // Of the 150 with something before the window, 80 did something with i0 and 70 with i1.
    expect(items?.named).toEqual([['i0'], ['i1']]);
    // 80 shared out over two items, 20 over one of two that is not known any more; nothing else was done before.
    expect(items?.shares).toEqual({ name: 'items', categories: ['i0', 'i1'], counts: [40, 40, 10], missing: 20 }); // prettier-ignore
    expect(items).toMatchObject({
      ...{ recipients: 110, unseenRecipients: 10 },
      from: '2024-04-22T00:00:00.000Z',
      until: '2024-05-06T00:00:00.000Z',
    });
  });

  it('chooses items by what lies before its window, none for having had much within it', () => {
    const hit = new Map([...histories, ...crowd('e', 500, did('i7', 1))]);
    expect(referenceOf(hit, known(9)).items?.named).toEqual([['i0'], ['i1']]);
  });

  it('chooses them by recipients shared out over their items, so that those who do much choose no more', () => {
    const busy = new Map([
      ...crowd('a', 120, did('i5', 30), did('i5', 2)),
      ...crowd('b', 160, did('i6', 30), did('i7', 30), did('i8', 30)),
    ]);
    // i5 has 120, the others 53 each, of 280; a bin of five takes 56.
    expect(referenceOf(busy, known(9)).items?.named).toEqual([['i5'], ['i6', 'i7']]);
  });

  it('takes ten recipients for each bin later', () => {
    const many = new Map(Array.from({ length: 2_000 }, (_, i) => [`p${i}`, [did(`i${i % 400}`, 30), did(`i${i % 7}`, 2)]] as const)); // prettier-ignore
    const reference = referenceOf(many, known(400));
    const later = (count: number) => watchItems(reference, new Map(crowd('p', count, did('i1', 2))), new Date(learning), known(400)); // prettier-ignore
    expect(later(199)).toMatchObject({ refused: true, reason: expect.stringMatching(/only 199 .* it takes 200/) as unknown }); // prettier-ignore
    expect(later(200)).toHaveProperty('now');
  });

  it('puts items together that fewer did anything with, and keeps few ids of very many', () => {
    const many = (each: number) =>
      new Map(Array.from({ length: 400 * each }, (_, i) => [`p${i}`, [did(`i${i % 400}`, 30), did(`i${i % 7}`, 2)]] as const)); // prettier-ignore
    const { items } = referenceOf(many(5), known(400));
    expect(items?.named.map((one) => one.length)).toEqual(Array.from({ length: 15 }, () => 20));
    expect(items?.shares.counts).toHaveLength(20);
    expect(items?.shares).toMatchObject({ categories: expect.arrayContaining(['i0 and 19 more', 'others, part 4']) as unknown }); // prettier-ignore
    // None stands out where only four did something with each: all is rest, in parts.
    const flat = referenceOf(many(4), known(400)).items;
    expect(flat?.named).toEqual([]);
    expect(flat?.shares.counts).toHaveLength(20);
    expect(flat?.shares.counts.reduce((sum, one) => sum + one, 0)).toBe(1_600);
    // Seven items are in seven parts at most.
    expect(flat?.shares.counts.filter((one) => one > 0).length).toBeLessThanOrEqual(7);
  });

  it('is in parts of everything where nothing was done before', () => {
    const { items } = referenceOf(new Map(crowd('a', 200, did('i0', 5), did('i1', 4))), known(9));
    expect(items).toMatchObject({ named: [], recipients: 200, unseenRecipients: 200 });
    expect(items?.shares.counts).toHaveLength(5);
    expect(items?.shares.counts.reduce((sum, one) => sum + one, 0)).toBe(200);
  });

  it('of a model that learned from the window too knows what was done before it, and needs time before it', () => {
    const learned = { ...times, learnedUntil: learning };
    const history = [did('i0', 36), did('i0', 5), did('i1', 4)] as const;
    const found = itemReference(new Map(crowd('a', 200, ...history)), learned, known(9));
    // As later, when it will know nothing of what is new.
    expect(found).toMatchObject({ reference: { items: { shares: { missing: 100 } } } });
    const young = new Map(crowd('a', 200, did('i0', 34), ...history.slice(1)));
    expect(itemReference(young, learned, known(9))).toEqual({
      noReference: expect.stringContaining('Nobody did anything with an item before 2024-04-02T') as string,
    });
    expect(itemReference(young, times, known(9))).toMatchObject({ reference: { items: { shares: { missing: 0 } } } }); // prettier-ignore
    const only = new Map(crowd('a', 200, did('i0', 5)));
    expect(itemReference(only, learned, known(9))).toHaveProperty('noReference');
  });

  it('is none where few did anything, and says so', () => {
    const some = new Map(crowd('a', 99, did('i0', 5)));
    expect(itemReference(some, times, known(9))).toEqual({
      noReference: expect.stringMatching(/^From 2024-04-22T.* to 2024-05-06T.* only 99 recipients did anything with an item; it takes 100/) as string,
    }); // prettier-ignore
    expect(itemReference(new Map(), times, known(9))).toEqual({
      noReference: expect.stringContaining('no recipients did anything') as string,
    });
    const figures = judgeDrift(reportWith(itemReference(some, times, known(9))), undefined, undefined);
    expect(figures).toMatchObject([{ value: null, detail: { reason: expect.stringContaining('only 99') as string } }]); // prettier-ignore
  });
});

describe('what is seen of items later', () => {
  it('is counted in the bins of the reference, in a window as long', () => {
    const histories = new Map([
      ...crowd('a', 100, did('i0', 30), did('i0', 5), did('i1', -20), did('i0', -2)),
      ...crowd('b', 100, did('i1', 20), did('i1', 6), did('new', -19), did('i1', -20)),
      ...crowd('c', 50, did('i8', -15)),
    ]);
    const watched = watchItems(referenceOf(histories, known(9)), histories, daysLater(28), known(9));
    expect(watched).toMatchObject({
      now: {
        items: {
          ...{ recipients: 250, unseenRecipients: 50, from: daysLater(14).toISOString() },
          shares: { counts: [0, 150, 50], missing: 50 },
        },
      },
    });
    const report = reportWith({ reference: referenceOf(histories, known(9)) });
    const figures = judgeDrift(report, watched, undefined);
    expect(figures.map(({ measure, alerting }) => [measure, alerting])).toEqual([['drift of items', true], ['unseen recipients', false], ['unseen items', false]]); // prettier-ignore
    expect(figures.slice(1).map(({ value, threshold }) => [value, threshold])).toEqual([[0.2, null], [0.2, null]]); // prettier-ignore
    expect(figures[1]?.detail).toMatchObject({ then: 0, recipients: 250, reason: expect.stringContaining('of 250 recipients. When it was learned: 0.') as string }); // prettier-ignore
  });

  it('is refused where few did anything, or the reference is of something else', () => {
    const histories = new Map(crowd('a', 400, did('i0', 30), did('i0', 5)));
    const reference = referenceOf(histories, known(9));
    expect(watchItems(reference, histories, daysLater(28), known(9))).toMatchObject({ code: 'too_few', reason: expect.stringContaining('it takes 100') as string }); // prettier-ignore
    expect(watchItems({ features: [] }, histories, daysLater(0), known(9))).toMatchObject({ refused: true });
  });
});

/** Few, many; all alike, few liked by many; and those who do one thing, of which chance makes most. */
const shops: readonly Omit<MovingShop, 'seed'>[] = [
  { active: 130, items: 5, skew: 0 },
  { active: 150, items: 30, skew: 1 },
  { active: 400, items: 1_000, skew: 1, most: 1 },
  { active: 400, items: 3_000, skew: 0, most: 1 },
];
const days = [7, 14, 42, 90];
const alarmsOf = (change: Partial<MovingShop>, seeds: number) =>
  shops.map((shop) =>
    Array.from({ length: seeds }, (_, seed) => {
      const histories = historiesOf({ ...shop, ...change, seed: String(seed) });
      return days.map((later) => figuresOf(histories, shop.items, later).some(({ alerting }) => alerting));
    }),
  );

describe('a shop', () => {
  it('in which nothing changes but who its recipients are alarms nobody', () => {
    const all = alarmsOf({}, 8).flat(2);
    expect(all).toHaveLength(8 * shops.length * days.length);
    // Of a hundred checks one may, where all do a single thing.
    expect(all.filter(Boolean).length).toBeLessThanOrEqual(1);
  });

  const changes: readonly [string, NonNullable<MovingShop['later']>][] = [
    ['nearly everybody wants one thing', (item, draw) => (draw < 0.85 ? 'i2' : item)],
    ['a new season has come', (item, draw) => (draw < 0.4 ? `new ${item}` : item)],
  ];
  it.each(changes)('alarms where %s', (_, later) => {
    for (const seeds of alarmsOf({ later }, 3)) expect(seeds.filter((checks) => checks[1]).length).toBe(3);
  });
});
