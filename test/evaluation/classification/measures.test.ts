import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from '../../../src/evaluation/classification/auc.js';
import { averagePrecision } from '../../../src/evaluation/classification/average-precision.js';
import { calibrationCurve } from '../../../src/evaluation/classification/calibration-curve.js';
import { calibrationLine } from '../../../src/evaluation/classification/calibration-line.js';
import { atThreshold, atTop, liftAt } from '../../../src/evaluation/classification/chosen-rows.js';
import { brierScore, logLoss } from '../../../src/evaluation/classification/mean-loss.js';
import { fallingOrder } from '../../../src/evaluation/classification/ranked-rows.js';
import { seededRandom } from '../../../src/evaluation/random.js';
import { numberOf, scored } from './scored-rows.js';
import { hasScikitLearn, runPython } from '../../support/python.js';

const codeOf = (result: object): unknown => ('code' in result ? result.code : 'a number');

/** The definition, pair by pair. */
function aucByPairs(labels: Uint8Array, scores: Float64Array, weights?: Float64Array): number {
  let [won, pairs] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      const pair = (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
      pairs += pair;
      won += pair * (scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0);
    }
  }
  return won / pairs;
}

describe('AUC', () => {
  it('is the share of pairs in the right order, ties one half', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        expect(numberOf(auc(labels, scores))).toBeCloseTo(aucByPairs(labels, scores), 12);
      }),
    );
  });

  it('counts a row as often as its weight says: as if it stood there so often', () => {
    fc.assert(
      fc.property(scored, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60 }), (rows, drawn) => {
        const weights = Float64Array.from(rows.labels, (_, i) => drawn[i] ?? 0);
        const repeated = Array.from(weights).flatMap((weight, i) => Array<number>(weight).fill(i));
        const labels = Uint8Array.from(repeated, (i) => rows.labels[i]!);
        const scores = Float64Array.from(repeated, (i) => rows.scores[i]!);
        const weighted = auc(rows.labels, rows.scores, weights);
        if (new Set(labels).size < 2) expect(weighted).toHaveProperty('refused', true);
        else expect(numberOf(weighted)).toBeCloseTo(aucByPairs(labels, scores), 12);
      }),
    );
  });

  it('stays the same under what keeps the order, and turns around with labels or scores', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const value = numberOf(auc(labels, scores));
        expect(
          numberOf(
            auc(
              labels,
              scores.map((s) => Math.exp(3 * s) - 100),
            ),
          ),
        ).toBeCloseTo(value, 12);
        expect(
          numberOf(
            auc(
              labels.map((label) => 1 - label),
              scores,
            ),
          ),
        ).toBeCloseTo(1 - value, 12);
        expect(
          numberOf(
            auc(
              labels,
              scores.map((s) => -s),
            ),
          ),
        ).toBeCloseTo(1 - value, 12);
      }),
    );
  });

  it('takes 0 and -0 for a tie', () => {
    expect(auc(Uint8Array.of(1, 0), Float64Array.of(0, -0))).toEqual({ value: 0.5 });
    expect(auc(Uint8Array.of(1, 0), Float64Array.of(-0, 0))).toEqual({ value: 0.5 });
  });
});

describe('the order of rows', () => {
  it('falls, and keeps the order of ties, for any finite numbers', () => {
    const numbers = fc.array(
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1)),
    );
    fc.assert(
      fc.property(numbers, (values) => {
        const scores = Float64Array.from(values);
        const plain = values.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
        expect([...fallingOrder(scores)]).toEqual(plain);
      }),
    );
  });
});

describe('precision, recall, F1 and lift', () => {
  const labels = Uint8Array.of(1, 0, 1, 0, 0);
  const scores = Float64Array.of(0.9, 0.8, 0.8, 0.3, 0.1);

  it('are what the counts say', () => {
    expect(atThreshold(labels, scores, 0.8)).toMatchObject({
      precision: { value: 2 / 3 },
      recall: { value: 1 },
      f1: { value: 4 / 5 },
      lift: { value: 2 / 3 / (2 / 5) },
    });
  });

  it('have an F1 of 0, and no precision, where nothing is predicted', () => {
    expect(atThreshold(labels, scores, 0.95)).toMatchObject({
      precision: { refused: true, code: 'too_few' },
      recall: { value: 0 },
      f1: { value: 0 },
    });
  });

  it('take the lower row of a tie at the top', () => {
    expect(atTop(labels, scores, 2)).toMatchObject({ precision: { value: 0.5 }, recall: { value: 0.5 } });
    const other = Uint8Array.of(1, 1, 0, 0, 0);
    expect(atTop(other, scores, 2)).toMatchObject({ precision: { value: 1 } });
  });

  it('lift is 1 over all rows, and rounds the share up to whole rows', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        expect(numberOf(liftAt(rows.labels, rows.scores, 1))).toBeCloseTo(1, 12);
      }),
    );
    expect(liftAt(labels, scores, 0.01)).toEqual({ value: 1 / (2 / 5) });
    expect(liftAt(labels, scores, 0.3)).toEqual({ value: 1 / 2 / (2 / 5) });
  });

  it('refuse a k that is none', () => {
    for (const k of [0, 6, 1.5, NaN]) expect(codeOf(atTop(labels, scores, k))).toBe('invalid_input');
    for (const share of [0, 1.1, NaN]) expect(codeOf(liftAt(labels, scores, share))).toBe('invalid_input');
  });
});

describe('what cannot be measured', () => {
  const two = Float64Array.of(0.2, 0.7);
  it.each([
    ['labels all alike', auc(Uint8Array.of(1, 1), two), 'no_variation'],
    ['no positives to find', averagePrecision(Uint8Array.of(0, 0), two), 'no_variation'],
    ['lengths that differ', auc(Uint8Array.of(1), two), 'invalid_input'],
    ['a score that is NaN', auc(Uint8Array.of(1, 0), Float64Array.of(NaN, 0.5)), 'invalid_input'],
    [
      'an endless score',
      averagePrecision(Uint8Array.of(1, 0), Float64Array.of(Infinity, 0)),
      'invalid_input',
    ],
    ['a label of 2', auc(Uint8Array.of(2, 0), two), 'invalid_input'],
    ['no rows', logLoss(new Uint8Array(0), new Float64Array(0)), 'too_few'],
    ['a probability of 1.5', logLoss(Uint8Array.of(1, 0), Float64Array.of(1.5, 0)), 'invalid_input'],
    ['a probability below 0', brierScore(Uint8Array.of(1, 0), Float64Array.of(-0.1, 0)), 'invalid_input'],
    ['a weight below 0', auc(Uint8Array.of(1, 0), two, Float64Array.of(-1, 1)), 'invalid_input'],
    ['no weight above 0', brierScore(Uint8Array.of(1, 0), two, Float64Array.of(0, 0)), 'too_few'],
    ['labels of one kind, calibrated', calibrationLine(Uint8Array.of(1, 1), two), 'no_variation'],
    ['no bins', calibrationCurve(Uint8Array.of(1, 0), two, 0), 'invalid_input'],
    ['a threshold that is NaN', atThreshold(Uint8Array.of(1, 0), two, NaN), 'invalid_input'],
  ])('refuses %s', (_, result, code) => {
    expect(codeOf(result)).toBe(code);
    expect(result).toHaveProperty('reason', expect.stringMatching(/^[A-Z].*\.$/));
  });

  it('log loss clips certainty that was wrong', () => {
    expect(numberOf(logLoss(Uint8Array.of(1, 0), Float64Array.of(0, 0)))).toBeCloseTo(
      -Math.log(1e-15) / 2,
      6,
    );
  });
});

describe('scikit-learn', () => {
  it.skipIf(!hasScikitLearn())('measures the same', () => {
    const random = seededRandom('scikit-learn');
    const rows = Array.from({ length: 3_000 }, () => {
      const score = (1 + random.below(199)) / 200;
      return { score, label: Number(random.next() < score * 0.6), weight: random.below(4) };
    });
    const labels = Uint8Array.from(rows, ({ label }) => label);
    const scores = Float64Array.from(rows, ({ score }) => score);
    const weights = Float64Array.from(rows, ({ weight }) => weight);
    const expected = runPython(
      `
from sklearn import metrics as m
y, s, w = ([row[k] for row in data] for k in ('label', 'score', 'weight'))
called = [int(x >= .5) for x in s]
print(json.dumps(dict(
  auc=m.roc_auc_score(y, s), weighted=m.roc_auc_score(y, s, sample_weight=w),
  ap=m.average_precision_score(y, s), apWeighted=m.average_precision_score(y, s, sample_weight=w),
  logLoss=m.log_loss(y, s, eps=1e-15, sample_weight=w), brier=m.brier_score_loss(y, s, sample_weight=w),
  precision=m.precision_score(y, called), recall=m.recall_score(y, called), f1=m.f1_score(y, called))))`,
      rows,
    ) as Record<string, number>;
    const at = atThreshold(labels, scores, 0.5);
    if ('refused' in at) throw new Error(at.reason);
    const ours: Record<string, object> = {
      auc: auc(labels, scores),
      weighted: auc(labels, scores, weights),
      ap: averagePrecision(labels, scores),
      apWeighted: averagePrecision(labels, scores, weights),
      logLoss: logLoss(labels, scores, weights),
      brier: brierScore(labels, scores, weights),
      precision: at.precision,
      recall: at.recall,
      f1: at.f1,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(numberOf(ours[name]!), name).toBeCloseTo(value, 9);
    }
  });
});
