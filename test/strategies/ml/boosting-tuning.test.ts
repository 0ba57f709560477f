import { describe, expect, test } from 'vitest';
import { preparePropensity } from '../../../src/flows/prepare-propensity.js';
import { boostingEstimator } from '../../../src/strategies/ml/boosting/boosting.js';
import type { Estimator } from '../../../src/strategies/ml/estimator.js';
import { labelledRows } from '../../../src/strategies/ml/validation/labelled-rows.js';
import { learnable } from '../../conformance/estimator-tables.js';
import { hillstrom, learn, measuresOf } from './tree-worlds.js';

describe('settings that nobody chose', () => {
  const lesson = learnable(2_000, 'tuning');
  const settingsOf = (written: unknown) => {
    const parsed = boostingEstimator.parse(written);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value;
  };
  const fit = (written: unknown, { table, labels } = lesson) => {
    const fitted = boostingEstimator.fit(table, labels, settingsOf(written), 'seed');
    if ('refused' in fitted) throw new Error(fitted.reason);
    return fitted;
  };

  test('are chosen inside the rows learned from, which the notes say, the same for the same seed', () => {
    const { model, notes } = fit({});
    expect(notes?.[0]).toMatch(/^Chosen by log loss on rows held out inside those learned from: /);
    const chosen = JSON.parse(/\{.*\}/.exec(notes?.[0] ?? '')![0]) as { trees: number };
    expect(model.toJSON()).toMatchObject({ validation: null, trees: { length: chosen.trees } });
    expect(fit({}).model.toJSON()).toEqual(model.toJSON());
    // Just the model that the chosen settings give when they are written down.
    expect(fit(chosen).model.toJSON()).toEqual(model.toJSON());
  });

  test.each<object>([
    { trees: 20 },
    { l2: 1 },
    { maxLeaves: 31 },
    { validationShare: 0.1 },
    { tuning: 'none' },
  ])('are not chosen where somebody says %j', (written) => {
    expect(settingsOf(written).tuning).toBe('none');
    expect(fit({ trees: 5, ...written }).notes).toBeUndefined();
  });

  test('leave what is beside the size as it was said, and stay as they are when read again', () => {
    const settings = settingsOf({ monotone: { x: 'increasing' }, bins: 50 });
    expect(settings).toMatchObject({ tuning: 'auto', bins: 50 });
    expect(settingsOf(settings)).toEqual(settings);
    expect(settingsOf(settingsOf({ trees: 100 }))).toEqual(settingsOf({ trees: 100 }));
    expect(boostingEstimator.parse({ tuning: 'some' })).toMatchObject({ ok: false });
    expect(boostingEstimator.parse([])).toMatchObject({ ok: false });
  });

  test('are the defaults where too few rows could be held out', () => {
    const few = learnable(300, 'few');
    expect(fit({}, few).notes).toBeUndefined();
    expect(fit({}, few).model.toJSON()).toEqual(fit({ tuning: 'none' }, few).model.toJSON());
  });

  test('make way for those that a search found', () => {
    const request = { compare: false, eliminate: false, search: true, folds: 2, seed: 's' };
    const rows = labelledRows(lesson.table, lesson.labels);
    const candidate = {
      estimator: boostingEstimator as Estimator<unknown>,
      settings: settingsOf({}) as never,
    };
    const found = preparePropensity(candidate, rows, request, () => undefined);
    const best = found.search!.reduce((one, other) => (other.score > one.score ? other : one));
    expect(found.candidate.settings).toMatchObject({ ...(best.settings as object), tuning: 'none' });
  }, 60_000);

  test('Hillstrom: without a word about settings it is at least as good as logistic regression', () => {
    const data = hillstrom();
    if (!data) return;
    const p = learn(boostingEstimator, data.train, data.trainLabels).predict(data.test);
    const { auc, logLoss } = measuresOf(data.testLabels, p);
    console.log(`Hillstrom, as by default: AUC ${auc.toFixed(4)}, log loss ${logLoss.toFixed(5)}`);
    expect(auc).toBeGreaterThanOrEqual(0.6454);
    expect(logLoss).toBeLessThanOrEqual(0.39781);
  }, 120_000);
});
