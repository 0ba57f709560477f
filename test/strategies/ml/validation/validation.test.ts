import { describe, expect, it } from 'vitest';
import type { Estimator } from '../../../../src/strategies/ml/estimator.js';
import { logisticEstimator } from '../../../../src/strategies/ml/logistic/logistic.js';
import { estimators } from '../../../../src/strategies/ml/estimators.js';
import type { Json } from '../../../../src/strategies/strategy.js';
import { compareEstimators } from '../../../../src/strategies/ml/validation/compare-estimators.js';
import { crossValidate } from '../../../../src/strategies/ml/validation/cross-validate.js';
import { eliminateFeatures } from '../../../../src/strategies/ml/validation/eliminate-features.js';
import { rowsOfFold } from '../../../../src/strategies/ml/validation/folds.js';
import { permutationImportance } from '../../../../src/strategies/ml/validation/permutation-importance.js';
import { scoringOf } from '../../../../src/strategies/ml/validation/scoring.js';
import { searchSettings } from '../../../../src/strategies/ml/validation/search-settings.js';
import { searchSpaceOf } from '../../../../src/strategies/ml/validation/search-spaces.js';
import { foldsOf, known, world } from './validation-world.js';

const logistic = logisticEstimator as Estimator<unknown>;
const settings = { ridge: 0, categories: 20 };
const auc = scoringOf('AUC');

describe('cross-validation', () => {
  const rows = world(600);
  const folds = foldsOf(rows);

  it('gives the same scores again, of models that did not learn from what they are measured on', () => {
    const run = () => known(crossValidate({ estimator: logistic, settings }, rows, folds, 'seed', auc));
    const first = run();
    expect(first.scores).toHaveLength(5);
    expect(run().scores).toEqual(first.scores);
    expect(first.mean).toBeCloseTo(first.scores.reduce((a, b) => a + b) / 5, 12);
    expect(first.spread).toBeGreaterThan(0);
    const { inside, outside } = rowsOfFold(folds, 2);
    const [table, labels] = [rows.table, rows.labels];
    const take = (which: Int32Array) => Uint8Array.from(which, (row) => labels[row]!);
    const part = (which: Int32Array) => ({
      rows: which.length,
      columns: table.columns.map((column) =>
        column.type === 'number'
          ? { ...column, values: Float64Array.from(which, (row) => column.values[row]!) }
          : { ...column, codes: Int32Array.from(which, (row) => column.codes[row]!) },
      ),
    });
    const fitted = known(logistic.fit(part(outside), take(outside), settings, 'any'));
    expect(Float64Array.from(inside, (row) => first.predictions[row]!)).toEqual(
      fitted.model.predict(part(inside)),
    );
  });

  it('says in which fold nothing can be learned', () => {
    const labels = new Uint8Array(600);
    labels[0] = 1;
    const broken = { ...rows, labels };
    const result = crossValidate({ estimator: logistic, settings }, broken, folds, 'seed', auc);
    expect(result).toMatchObject({ refused: true, reason: expect.stringMatching(/fold \d/) as string });
  });

  it('puts candidates in one table, the best first, and those that fail with their reason', () => {
    const forest = estimators.get('forest')!;
    const parsed = forest.parse({ trees: 10 });
    if (!parsed.ok) throw new Error('settings');
    const tiny = { estimator: forest, settings: parsed.value as Json };
    const failing: Estimator<unknown> = {
      ...logistic,
      name: 'failing',
      fit: () => ({ refused: true, code: 'not_converged', reason: 'It does not settle.' }),
    };
    const all = [{ estimator: failing, settings }, tiny, { estimator: logistic, settings }];
    const table = compareEstimators(all, rows, folds, 'seed', auc);
    expect(table).toMatchObject({ measure: 'AUC', folds: 5, foldsHash: folds.hash });
    expect(table.rows.map(({ name }) => name)).toEqual(['logistic', 'forest']);
    expect(table.rows[0]!.score).toBeGreaterThan(table.rows[1]!.score);
    expect(table.failed).toMatchObject([{ name: 'failing', code: 'not_converged' }]);
  });
});

describe('the search of settings', () => {
  const rows = world(400, 'search');
  const folds = foldsOf(rows);
  const grid = { ridge: [1e6, 10, 0] };

  it('tries every combination and takes the best', () => {
    const found = known(searchSettings(logistic, { ...grid, categories: [5, 20] }, rows, folds, 's', auc));
    expect(found.rows).toHaveLength(6);
    const best = Math.max(...found.rows.map(({ score }) => score));
    expect(found.rows.find(({ settings: own }) => own === found.best)?.score).toBe(best);
  });

  it('takes the simplest within one standard error of the best, where asked to', () => {
    const loss = scoringOf('log loss');
    const options = { how: 'grid', oneStandardError: true } as const;
    const found = known(
      searchSettings(logistic, { ridge: [1e6, 60, 3, 0] }, rows, folds, 's', loss, options),
    );
    const best = found.rows.reduce((a, b) => (b.score < a.score ? b : a));
    expect(found.best).toEqual({ ridge: 60 });
    expect(found.rows[1]!.score).toBeGreaterThan(best.score);
    expect(found.rows[1]!.score).toBeLessThanOrEqual(best.score + best.spread / Math.sqrt(5));
    expect(found.rows[0]!.score).toBeGreaterThan(best.score + best.spread / Math.sqrt(5));
  });

  it('draws within what was declared, the same for the same seed', () => {
    const space = { ridge: { from: 0.01, to: 100, log: true }, categories: { from: 5, to: 9, whole: true } };
    const run = (seed: string) =>
      known(searchSettings(logistic, space, rows, folds, seed, auc, { how: { draws: 6 } }));
    const found = run('a');
    expect(run('a')).toEqual(found);
    expect(run('b').rows.map((row) => row.settings)).not.toEqual(found.rows.map((row) => row.settings));
    for (const { settings: own } of found.rows) {
      const { ridge, categories } = own as { ridge: number; categories: number };
      expect(ridge).toBeGreaterThanOrEqual(0.01);
      expect(ridge).toBeLessThanOrEqual(100);
      expect([5, 6, 7, 8, 9]).toContain(categories);
    }
  });

  it.each([
    ['a setting that there is not', { riddge: [1] }, { how: 'grid' }],
    ['a range in a grid', { ridge: { from: 0, to: 1 } }, { how: 'grid' }],
    ['an empty grid', { ridge: [] }, { how: 'grid' }],
    ['too many combinations', { ridge: Array.from({ length: 201 }, (_, i) => i) }, { how: 'grid' }],
    ['a range upside down', { ridge: { from: 2, to: 1 } }, { how: { draws: 3 } }],
    ['no draws', { ridge: [1] }, { how: { draws: 0 } }],
    ['one standard error of draws', { ridge: [1] }, { how: { draws: 2 }, oneStandardError: true }],
  ] as const)('refuses %s', (_, space, options) => {
    const result = searchSettings(logistic, space, rows, folds, 's', auc, options);
    expect(result).toMatchObject({ refused: true, code: 'invalid_input' });
  });

  it('has a space for every estimator, of settings that it takes', () => {
    for (const [name, estimator] of estimators) {
      const space = searchSpaceOf(name);
      expect(space, name).toBeDefined();
      for (const [setting, values] of Object.entries(space ?? {})) {
        for (const value of values as unknown[]) expect(estimator.parse({ [setting]: value }).ok).toBe(true);
      }
    }
  });
});

describe('what features are worth', () => {
  const rows = world(1_500, 'features');

  it('is most for what matters most, and nothing for noise, with intervals that say so', () => {
    const { model } = known(logistic.fit(rows.table, rows.labels, settings, 's'));
    const exam = world(1_500, 'exam');
    const importance = known(permutationImportance(model, exam, auc, { seed: 's' }));
    const of = (name: string) => importance.get(name)!;
    expect(of('strong').value).toBeGreaterThan(of('weak').value);
    expect(of('weak').value).toBeGreaterThan(of('noise').value);
    expect(of('strong').interval[0]).toBeGreaterThan(0.1);
    expect(of('weak').interval[0]).toBeGreaterThan(0);
    expect(of('noise').interval[0]).toBeLessThan(0.005);
    expect(Math.abs(of('noise').value)).toBeLessThan(0.01);
    for (const { value, interval } of importance.values()) {
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
    expect(permutationImportance(model, exam, auc, { seed: 's' })).toEqual(importance);
    const alike = { ...exam, labels: new Uint8Array(1_500) };
    expect(permutationImportance(model, alike, auc, { seed: 's' })).toMatchObject({ code: 'no_variation' });
  });

  it('decides the order in which they are eliminated', () => {
    const run = () =>
      known(eliminateFeatures({ estimator: logistic, settings }, rows, foldsOf(rows), 's', auc));
    const { steps, kept } = run();
    expect(run()).toEqual({ steps, kept });
    expect(steps.map(({ left }) => left)).toEqual([4, 3, 2, 1]);
    expect(steps[0]!.dropped).toBeNull();
    expect(new Set([steps[1]!.dropped, steps[2]!.dropped])).toEqual(new Set(['noise', 'kind']));
    expect(steps[3]!.dropped).toBe('weak');
    expect(kept).toEqual(expect.arrayContaining(['strong', 'weak']));
    expect(Math.max(...steps.map(({ score }) => score))).toBe(
      steps.find(({ left }) => left === kept.length)?.score,
    );
  });
});
