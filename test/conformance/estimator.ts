import { describe, expect, test } from 'vitest';

import { seededRandom, shuffled } from '../../src/evaluation/random.js';
import type { Estimator, FitOptions, Model } from '../../src/strategies/ml/estimator.js';
import { takeRows } from '../../src/strategies/ml/table.js';
import type { Json } from '../../src/strategies/strategy.js';
import { testJson } from './estimator-json.js';
import {
  hostileLessons,
  hostileRows,
  type Labelled,
  learnable,
  otherTables,
  unlearnable,
} from './estimator-tables.js';

/**
 * What every estimator must keep to. A new one runs it in a test of its own: `describeEstimator(myEstimator, { … })`.
 *
 * @param settings some that it accepts and learns quickly with.
 */
export function describeEstimator<Settings>(estimator: Estimator<Settings>, settings: unknown): void {
  describe(`estimator ${estimator.name}`, () => {
    const subject = new Subject(estimator, settings);
    testSettings(subject);
    testLearning(subject);
    testRefusals(subject);
    testPredictions(subject);
    testJson(estimator, () => subject.model(), subject.lesson.table);
  });
}

class Subject<Settings> {
  readonly estimator: Estimator<Settings>;
  readonly settings: unknown;
  readonly lesson = learnable(600, 'conformance');

  constructor(estimator: Estimator<Settings>, settings: unknown) {
    this.estimator = estimator;
    this.settings = settings;
  }

  parse(settings: unknown = this.settings): Settings {
    const parsed = this.estimator.parse(settings);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value;
  }

  fit({ table, labels }: Labelled = this.lesson, seed = 'seed', options?: FitOptions) {
    return this.estimator.fit(table, labels, this.parse(), seed, options);
  }

  model(lesson?: Labelled, seed?: string, options?: FitOptions): Model {
    const fitted = this.fit(lesson, seed, options);
    if ('refused' in fitted) throw new Error(fitted.reason);
    return fitted.model;
  }
}

const throughText = (json: Json): Json => JSON.parse(JSON.stringify(json)) as Json;

function testSettings<Settings>(subject: Subject<Settings>): void {
  const { estimator, settings } = subject;
  test('is named and described', () => {
    expect(estimator.name).toMatch(/^[a-z]+$/);
    expect(estimator.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('does without settings, and gives them as plain JSON that it accepts', () => {
    for (const given of [{}, settings]) {
      const value = subject.parse(given);
      expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      expect(estimator.parse(value)).toEqual({ ok: true, value });
    }
  });

  const odd = [undefined, null, 0, '', [], { 'no such setting': 1 }, () => 1];
  test.each(odd)('refuses the settings %j with a path and words', (given) => {
    const parsed = estimator.parse(given);
    expect(parsed.ok).toBe(false);
    for (const problem of parsed.ok ? [] : parsed.problems) {
      expect(typeof problem.path).toBe('string');
      expect(problem.message).not.toBe('');
    }
  });

  test('refuses each of its settings where it is no number, text or truth at all', () => {
    for (const name of Object.keys(subject.parse({}) as object)) {
      for (const value of [null, NaN, -1e300, 'no such word', [[]]]) {
        const parsed = estimator.parse({ [name]: value });
        // A setting may have null for "none".
        if (parsed.ok && value === null) continue;
        expect(parsed.ok, `${name}: ${String(value)}`).toBe(false);
        if (!parsed.ok) expect(parsed.problems[0]!.path).toContain(name);
      }
    }
  });
}

function testLearning<Settings>(subject: Subject<Settings>): void {
  test('gives the same model for the same rows and seed, and leaves what it is given as it is', () => {
    const { table, labels } = learnable(600, 'conformance');
    const weights = Float64Array.from(labels, (_, r) => 1 + (r % 3));
    const before = structuredClone({ table, labels, weights, settings: subject.parse() });
    const settings = subject.parse();
    const models = [1, 2].map(() => {
      const fitted = subject.estimator.fit(table, labels, settings, 'seed', { weights });
      return 'model' in fitted ? JSON.stringify(fitted.model.toJSON()) : '';
    });
    expect(models[0]).toMatch(/^\{/);
    expect(models[1]).toBe(models[0]);
    expect({ table, labels, weights, settings }).toEqual(before);
  });

  test('learns: on rows that it has not seen it does better than the share of positives', () => {
    const { table, labels } = learnable(600, 'other rows');
    const share = subject.lesson.labels.reduce((sum, label) => sum + label, 0) / 600;
    const known = logLoss(labels, new Float64Array(600).fill(share));
    expect(logLoss(labels, subject.model().predict(table))).toBeLessThan(known - 0.05);
  });

  test('heeds weights: where positives weigh more, probabilities are higher', () => {
    const weights = Float64Array.from(subject.lesson.labels, (label) => (label ? 9 : 1));
    const mean = (model: Model) => {
      const probabilities = model.predict(subject.lesson.table);
      return probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length;
    };
    const plain = mean(subject.model());
    expect(mean(subject.model(undefined, undefined, { weights }))).toBeGreaterThan(plain + 0.1);
  });

  test('tells how far it is, and ends where telling throws', () => {
    const told: [number, number][] = [];
    subject.model(undefined, undefined, { tell: (done, of) => told.push([done, of]) });
    expect(told.length).toBeGreaterThan(0);
    for (const [i, [done, of]] of told.entries()) {
      expect(done).toBeGreaterThanOrEqual(told[i - 1]?.[0] ?? 0);
      expect(done).toBeLessThanOrEqual(of);
    }
    const stop = (): never => {
      throw new Error('stop');
    };
    expect(() => subject.fit(undefined, undefined, { tell: stop })).toThrow('stop');
  });

  test.each(Object.entries(hostileLessons))('learns from %s, or says why not', (_, lesson) => {
    const fitted = subject.fit(lesson);
    if ('refused' in fitted) {
      expect(fitted.reason).toMatch(/^[A-Z].*\.$/);
      return;
    }
    expectProbabilities(fitted.model.predict(lesson.table));
    expectProbabilities(fitted.model.predict(hostileRows(lesson.table)));
    const again = subject.estimator.fromJSON(throughText(fitted.model.toJSON()));
    expect(again.predict(lesson.table)).toEqual(fitted.model.predict(lesson.table));
  });
}

function testRefusals<Settings>(subject: Subject<Settings>): void {
  test.each(unlearnable)('refuses with %s: %s', (code, _, lesson) => {
    const fitted = subject.fit(lesson);
    expect(fitted).toMatchObject({ refused: true, code });
    if ('refused' in fitted) expect(fitted.reason).toMatch(/^[A-Z].*\.$/);
  });

  test('throws for what only a program can get wrong', () => {
    const { table, labels } = subject.lesson;
    const fit = (wrong: Partial<Labelled>, options?: FitOptions) => () =>
      subject.fit({ table, labels, ...wrong }, 'seed', options);
    expect(fit({ labels: labels.subarray(1) })).toThrow(/labels/);
    expect(fit({ labels: labels.map((label) => label * 2) })).toThrow(/label of row/);
    expect(fit({ table: { ...table, rows: 599 }, labels: labels.subarray(1) })).toThrow(/rows/);
    for (const weight of [NaN, 0, -1, Infinity]) {
      const weights = new Float64Array(600).fill(1);
      weights[7] = weight;
      expect(fit({}, { weights })).toThrow(/weight of row 7/);
    }
    expect(fit({}, { weights: new Float64Array(3).fill(1) })).toThrow(/weights/);
  });
}

function testPredictions<Settings>(subject: Subject<Settings>): void {
  test('gives probabilities between 0 and 1, whatever is in a row', () => {
    const model = subject.model();
    expectProbabilities(model.predict(subject.lesson.table));
    expectProbabilities(model.predict(hostileRows(subject.lesson.table)));
    expect(model.predict(takeRows(subject.lesson.table, new Int32Array(0)))).toHaveLength(0);
  });

  test('looks at each row for itself: in another order, twice, alone', () => {
    const model = subject.model();
    const { table } = subject.lesson;
    const whole = model.predict(table);
    const order = shuffled(table.rows, seededRandom('order'));
    order[1] = order[0]!;
    expect(model.predict(takeRows(table, order))).toEqual(Float64Array.from(order, (r) => whole[r]!));
    for (const r of [0, 1, 299, 599]) {
      expect(model.predict(takeRows(table, Int32Array.of(r)))).toEqual(Float64Array.of(whole[r]!));
    }
  });

  test('leaves the table that it scores as it is', () => {
    const table = hostileRows(subject.lesson.table);
    const before = structuredClone(table);
    subject.model().predict(table);
    expect(table).toEqual(before);
  });

  test.each(otherTables(subject.lesson.table))('refuses a table with %s', (_, table) => {
    expect(() => subject.model().predict(table)).toThrow(/column/i);
  });

  test('knows its columns, and the gain of each if it splits', () => {
    const { columns, gain } = subject.model();
    expect(columns.map(({ name }) => name)).toEqual(['age', 'spend', 'noise', 'colour']);
    if (!gain) return;
    expect(gain).toHaveLength(4);
    expect(gain.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    for (const share of gain) expect(share).toBeGreaterThanOrEqual(0);
    expect(gain[2]).toBeLessThan(gain[0]!);
  });
}

function expectProbabilities(probabilities: Float64Array): void {
  for (const p of probabilities) {
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1);
  }
}

function logLoss(labels: Uint8Array, probabilities: Float64Array): number {
  return (
    labels.reduce((sum, label, r) => sum - Math.log(label ? probabilities[r]! : 1 - probabilities[r]!), 0) /
    labels.length
  );
}
