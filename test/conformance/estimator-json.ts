import { expect, test } from 'vitest';

import type { Estimator, Model } from '../../src/strategies/ml/estimator.js';
import type { Table } from '../../src/strategies/ml/table.js';
import type { Json } from '../../src/strategies/strategy.js';
import { hostileRows } from './estimator-tables.js';

/** What every estimator must keep to when its models are written and read. @param table that the model was taught on. */
export function testJson<Settings>(estimator: Estimator<Settings>, model: () => Model, table: Table): void {
  const written = (): Json => JSON.parse(JSON.stringify(model().toJSON())) as Json;

  test('comes back from its JSON and predicts the same to the bit', () => {
    const taught = model();
    const again = estimator.fromJSON(written());
    expect(again.predict(table)).toEqual(taught.predict(table));
    expect(again.predict(hostileRows(table))).toEqual(taught.predict(hostileRows(table)));
    expect(again.columns).toEqual(taught.columns);
    expect(again.gain).toEqual(taught.gain);
    expect(JSON.stringify(again.toJSON())).toBe(JSON.stringify(taught.toJSON()));
  });

  test('says of itself what it is', () => {
    expect(written()).toMatchObject({
      estimator: estimator.name,
      version: expect.any(Number) as number,
    });
  });

  test('refuses what is no model of its own, with a sentence', () => {
    const json = written() as Record<string, Json>;
    const others = [
      null,
      1,
      'model',
      [],
      {},
      { ...json, estimator: 'other' },
      { ...json, version: 0 },
      { ...json, version: 99 },
    ];
    for (const other of others) expectRefused(estimator, other);
    for (const name of Object.keys(json)) {
      const { [name]: _, ...without } = json;
      expectRefused(estimator, without);
      expectRefused(estimator, { ...json, [name]: 'x' });
    }
  });

  test('refuses a model in which a number was lost or became a text', () => {
    const json = written();
    const places = [...numbersIn(json)];
    const step = Math.max(1, Math.floor(places.length / 300));
    for (let i = 0; i < places.length; i += step) {
      for (const value of [null, 'x']) expectRefused(estimator, withAt(json, places[i]!, value));
    }
  });

  test('refuses a model whose columns are not its own', () => {
    const json = written() as { columns: Json[] };
    expectRefused(estimator, { ...json, columns: json.columns.slice(0, 1) });
    expectRefused(estimator, { ...json, columns: [{ name: 'age', type: 'date' }, ...json.columns.slice(1)] });
    expectRefused(estimator, { ...json, columns: [{ type: 'number' }, ...json.columns.slice(1)] });
  });
}

function expectRefused<Settings>(estimator: Estimator<Settings>, json: Json): void {
  let message = '';
  try {
    estimator.fromJSON(json);
  } catch (error) {
    message = (error as Error).message;
    expect(error, message).not.toBeInstanceOf(TypeError);
    expect(error, message).not.toBeInstanceOf(RangeError);
  }
  expect(message, `accepted ${JSON.stringify(json).slice(0, 300)}`).toMatch(/\w+ \w+/);
}

type Path = readonly (string | number)[];

function* numbersIn(json: Json, path: Path = []): Generator<Path> {
  if (typeof json === 'number') yield path;
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) yield* numbersIn(value, [...path, key]);
}

function withAt(json: Json, [key, ...rest]: Path, value: Json): Json {
  if (key === undefined) return value;
  const copy = (Array.isArray(json) ? [...(json as Json[])] : { ...(json as object) }) as Record<
    string,
    Json
  >;
  copy[key] = withAt(copy[key]!, rest, value);
  return copy;
}
