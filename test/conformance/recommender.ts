import { describe, expect, test } from 'vitest';

import { seededRandom, shuffled } from '../../src/evaluation/random.js';
import { type Interaction, type Matrix, matrixOf } from '../../src/strategies/cf/matrix.js';
import type { Recommender, RecommenderKind, Taste } from '../../src/strategies/cf/recommender.js';
import type { Json } from '../../src/strategies/strategy.js';
import { testRecommenderJson } from './recommender-json.js';

/**
 * What every way of recommending must keep to. A new one runs it in a test of its own: `describeRecommender(myKind, { … })`.
 *
 * @param settings some that it accepts, other than the usual ones.
 */
export function describeRecommender<Settings>(kind: RecommenderKind<Settings>, settings: object): void {
  describe(`recommender ${kind.name}`, () => {
    for (const given of [{}, settings]) {
      describe(`with ${JSON.stringify(given)}`, () => {
        const subject = new Subject(kind, given);
        testSettings(subject);
        testFitting(subject);
        testScores(subject);
        testReasons(subject);
        testRecommenderJson(kind, () => subject.fitted(), tastes);
      });
    }
  });
}

const size = 40;
const items = Array.from({ length: 14 }, (_, i) => `item ${String(i).padStart(2, '0')}`);

/** Two halves of the items, each liked by half of the recipients, and now and then something of the other half. */
export function someInteractions(seed = 'conformance'): Interaction[] {
  const random = seededRandom(seed);
  return Array.from({ length: size }, (_, r) => `r_${r}`).flatMap((recipient, r) =>
    items.flatMap((item, i) => {
      const isLiked = random.next() < (i % 2 === r % 2 ? 0.55 : 0.1);
      return isLiked ? [{ recipient, item, weight: 1 + random.below(5) }] : [];
    }),
  );
}

export function described(interactions: readonly Interaction[]): Matrix {
  const matrix = matrixOf(interactions);
  return {
    ...matrix,
    // Not in the order of their words, as files have them.
    attributes: matrix.items.map((id) => [
      `third:${Number(id.slice(5)) % 3}`,
      `half:${Number(id.slice(5)) % 2}`,
    ]),
  };
}

export const tasteOf = (places: readonly number[], weights = places.map(() => 1)): Taste => ({
  places: Int32Array.from(places),
  weights: Float32Array.from(weights),
});

const withAges = (taste: Taste): Taste => ({
  ...taste,
  ages: Int32Array.from(taste.places, (_, i) => taste.places.length - 1 - i),
});

/** Ordinary ones, and all that may turn up. */
const tastes: readonly Taste[] = [
  tasteOf([0, 2, 4]),
  withAges(tasteOf([0, 2, 4])),
  tasteOf([1], [5]),
  tasteOf([]),
  tasteOf([0, 1, 2], [1e30, 1e-30, 1]),
  withAges(tasteOf(items.map((_, place) => place))),
];

class Subject<Settings> {
  readonly kind: RecommenderKind<Settings>;
  readonly settings: object;
  #kept: Recommender | undefined;

  constructor(kind: RecommenderKind<Settings>, settings: object) {
    this.kind = kind;
    this.settings = settings;
  }

  parse(): Settings {
    const parsed = this.kind.parse(this.settings);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value;
  }

  fit(matrix: Matrix, seed = 'seed'): Recommender {
    const fitted = this.kind.fit(matrix, this.parse(), seed);
    if ('refused' in fitted) throw new Error(fitted.reason);
    return fitted;
  }

  fitted(): Recommender {
    return (this.#kept ??= this.fit(described(someInteractions())));
  }
}

const written = (recommender: Recommender): string => JSON.stringify(recommender.toJSON());

function testSettings<Settings>({ kind, settings }: Subject<Settings>): void {
  test('is named and described', () => {
    expect(kind.name).toMatch(/^[a-z_]+$/);
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('gives settings as plain JSON that it accepts, and refuses what is none, with its place', () => {
    const parsed = kind.parse(settings);
    const value = parsed.ok ? parsed.value : undefined;
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(kind.parse(value)).toEqual(parsed);
    expect(kind.parse(undefined)).toEqual(kind.parse({}));
    for (const name of Object.keys(value as object)) {
      const refused = kind.parse({ ...settings, [name]: { odd: true } });
      expect(refused).toMatchObject({ ok: false, problems: [{ path: name }] });
    }
    for (const odd of [null, 1, 'x', [1]]) if (odd !== null) expect(kind.parse(odd).ok).toBe(false);
    expect(kind.parse({ ...settings, no_such_setting: 1 }).ok).toBe(false);
  });
}

function testFitting<Settings>(subject: Subject<Settings>): void {
  const { kind } = subject;
  test('is the same for the same matrix and seed, in whatever order the interactions come', () => {
    const all = someInteractions();
    const order = shuffled(all.length, seededRandom('order'));
    const again = subject.fit(described(Array.from(order, (i) => all[i] as Interaction)));
    expect(written(again)).toBe(written(subject.fitted()));
    const other = written(subject.fit(described(all), 'another seed'));
    expect(other === written(again)).toBe(!kind.drawn);
  });

  test('leaves the matrix as it is', () => {
    const matrix = described(someInteractions());
    const before = JSON.stringify(matrix);
    subject.fit(matrix).score(tastes[0] as Taste);
    expect(JSON.stringify(matrix)).toBe(before);
  });

  test('refuses a matrix without anything in it', () => {
    const refused = kind.fit(matrixOf([]), subject.parse(), 'seed');
    expect(refused).toMatchObject({ refused: true, code: 'no_interactions' });
    expect('refused' in refused && refused.reason).toMatch(/[a-z]\.$/);
  });

  test('is fitted to one recipient with one item, to equal ones and to huge weights', () => {
    const one = (weight: number) => ({ recipient: 'a', item: 'x', weight });
    const worlds = [[one(1)], [one(1e30)], [one(1e-30)], [one(2), { ...one(2), recipient: 'b' }]];
    for (const world of worlds) {
      const recommender = subject.fit(matrixOf(world));
      expect(recommender.items).toEqual(['x']);
      for (const taste of [tasteOf([]), tasteOf([0])]) expectScores(recommender, taste);
    }
  });

  test('keeps items and recipients of every spelling apart', () => {
    const ids = [
      '1',
      '01',
      '1.0',
      ' 1',
      '',
      '__proto__',
      'constructor',
      'é',
      'e\u0301',
      '\ud83d',
      'x'.repeat(500),
    ];
    const all = ids.flatMap((item) => ids.map((recipient) => ({ recipient, item, weight: 1 })));
    const recommender = subject.fit(matrixOf(all));
    expect(new Set(recommender.items)).toEqual(new Set(ids));
    expectScores(recommender, tasteOf([3]));
    expect(kind.fromJSON(JSON.parse(written(recommender)) as Json).items).toEqual(recommender.items);
  });
}

/** One for each item: a finite number or NaN. */
function expectScores(recommender: Recommender, taste: Taste): Float64Array {
  const scores = recommender.score(taste);
  expect(scores).toHaveLength(recommender.items.length);
  for (const score of scores) expect(Math.abs(score)).not.toBe(Infinity);
  return scores;
}

function testScores<Settings>(subject: Subject<Settings>): void {
  test('scores every item, or says that nothing speaks for it; the same again, each time anew', () => {
    const recommender = subject.fitted();
    expect(recommender.items).toEqual(items);
    for (const taste of tastes) {
      const before = JSON.stringify(taste);
      const scores = expectScores(recommender, taste);
      expect(recommender.score(taste)).toEqual(scores);
      expect(recommender.score(taste)).not.toBe(scores);
      expect(JSON.stringify(taste)).toBe(before);
    }
  });

  test('brings what the others of the half like above the rest, unless it is the same for everybody', () => {
    const recommender = subject.fitted();
    const meanOf = (scores: Float64Array, half: number): number => {
      const own = [...scores].filter((_, i) => i % 2 === half && i > 4).map((score) => score || 0);
      return own.reduce((sum, one) => sum + one, 0) / own.length;
    };
    const [even, odd] = [recommender.score(tasteOf([0, 2, 4])), recommender.score(tasteOf([1, 3]))];
    if (subject.kind.name === 'popular') expect(even).toEqual(odd);
    else {
      expect(meanOf(even, 0)).toBeGreaterThan(meanOf(even, 1));
      expect(meanOf(odd, 1)).toBeGreaterThan(meanOf(odd, 0));
    }
  });
}

function testReasons<Settings>(subject: Subject<Settings>): void {
  test('says what speaks for an item: of those that are there, the strongest first, no more than asked for', () => {
    const recommender = subject.fitted();
    let found = 0;
    for (const taste of tastes) {
      const scores = recommender.score(taste);
      const own = new Set(Array.from(taste.places, (place) => items[place]));
      for (const [place, score] of scores.entries()) {
        const all = recommender.because(taste, place, 1_000);
        if (!(score > 0)) continue;
        found += all.length;
        expectShares(all.map(({ share }) => share));
        for (const { kind, id } of all) if (kind === 'item') expect(own).toContain(id);
        for (const most of [0, 1, 2])
          expect(recommender.because(taste, place, most)).toEqual(all.slice(0, most));
        const via = recommender.via?.(taste, place, 1_000) ?? [];
        expectShares(via.map(({ share }) => share));
        for (const { id } of via) expect(own).toContain(id);
      }
    }
    expect(found).toBeGreaterThan(50);
  });

  test('names those who are alike, the nearest first, none of them twice', () => {
    const recommender = subject.fitted();
    const lists = [
      ...tastes.flatMap((taste) => recommender.neighbours?.(taste, 7) ?? []),
      ...items.flatMap((_, place) => [recommender.alike?.(place, 7) ?? []]),
    ].map((list) => [list].flat());
    for (const list of lists) {
      expect(list.length).toBeLessThanOrEqual(7);
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
      const similarities = list.map(({ similarity }) => similarity);
      expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
      for (const one of similarities) expect(one >= -1 && one <= 1).toBe(true);
    }
    items.forEach((item, place) => {
      expect(recommender.alike?.(place, 100).map(({ id }) => id) ?? []).not.toContain(item);
    });
  });
}

/** Above 0, falling, no more than 1 together. */
function expectShares(shares: readonly number[]): void {
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  for (const share of shares) expect(share).toBeGreaterThan(0);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
}
