import { expect, test } from 'vitest';

import type { Recommender, RecommenderKind, Taste } from '../../src/strategies/cf/recommender.js';
import { recommenderFromJSON } from '../../src/strategies/cf/recommenders.js';
import type { Json } from '../../src/strategies/strategy.js';

interface File {
  readonly [name: string]: Json;
}

/** What every recommender must keep to when it is written and read. */
export function testRecommenderJson<Settings>(
  kind: RecommenderKind<Settings>,
  fitted: () => Recommender,
  tastes: readonly Taste[],
): void {
  const written = (): File => JSON.parse(JSON.stringify(fitted().toJSON())) as File;

  test('comes back from its JSON and says the same to the bit', () => {
    const recommender = fitted();
    const again = recommenderFromJSON(written());
    expect(again.items).toEqual(recommender.items);
    expect(JSON.stringify(again.toJSON())).toBe(JSON.stringify(recommender.toJSON()));
    for (const taste of tastes) {
      expect(again.score(taste)).toEqual(recommender.score(taste));
      expect(again.neighbours?.(taste, 5)).toEqual(recommender.neighbours?.(taste, 5));
      for (const place of [0, 5, 9]) {
        expect(again.because(taste, place, 5)).toEqual(recommender.because(taste, place, 5));
        expect(again.via?.(taste, place, 5)).toEqual(recommender.via?.(taste, place, 5));
        expect(again.alike?.(place, 5)).toEqual(recommender.alike?.(place, 5));
      }
    }
  });

  test('refuses what is no model of its own, or of another version, with a sentence', () => {
    const json = written();
    const odd: Json[] = [null, 1, 'model', [], {}, { ...json, recommender: 'other' }];
    for (const one of odd) expectRefused(kind, one, /\w+ \w+/);
    expectRefused(kind, { ...json, version: 99 }, /version 99.*Learn it again/);
    expectRefused(kind, { ...json, model: 'another program' }, /no model of a recommender/);
    for (const name of ['items', 'settings', 'recommender', 'model', 'version', 'arrays']) {
      const { [name]: _, ...without } = json;
      expectRefused(kind, without as Json, /\w+ \w+/);
    }
    expectRefused(kind, { ...json, items: [...(json['items'] as Json[]).slice(1)] }, /cannot be used/);
    expectRefused(kind, { ...json, items: (json['items'] as Json[]).map(() => 'same') }, /twice/);
  });

  test('refuses a model of which a part was cut off or became another', () => {
    const json = written();
    let parts = 0;
    for (const [path, text] of packedIn(json)) {
      parts += 1;
      for (const damaged of [
        text.slice(0, -4),
        text.slice(0, -1),
        `*${text.slice(1)}`,
        `${text}AAAA`,
        '',
        1,
        null,
      ])
        expectRefused(kind, withAt(json, path, damaged), /cannot be used|no model/);
    }
    expect(parts).toBeGreaterThan(0);
  });
}

function expectRefused<Settings>(kind: RecommenderKind<Settings>, json: Json, words: RegExp): void {
  let message = 'it was accepted';
  try {
    kind.fromJSON(json);
  } catch (error) {
    message = (error as Error).message;
    for (const bug of [TypeError, RangeError]) expect(error, message).not.toBeInstanceOf(bug);
  }
  expect(message).toMatch(words);
}

type Path = readonly string[];

/** Every packed list of numbers in it, also those of its parts. */
function* packedIn(json: Json, path: Path = []): Generator<[Path, string]> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
  for (const [name, value] of Object.entries(json)) {
    if (typeof value === 'string' && path.at(-1) === 'arrays') yield [[...path, name], value];
    else yield* packedIn(value, [...path, name]);
  }
}

function withAt(json: Json, [name = '', ...rest]: Path, value: Json): Json {
  const inside = (json as File)[name] as Json;
  return { ...(json as File), [name]: rest.length === 0 ? value : withAt(inside, rest, value) };
}
