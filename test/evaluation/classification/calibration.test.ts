import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationCurve } from '../../../src/evaluation/classification/calibration-curve.js';
import { expectedCalibrationError } from '../../../src/evaluation/classification/calibration-error.js';
import { calibrationLine } from '../../../src/evaluation/classification/calibration-line.js';
import { logistic } from '../../../src/statistics/numerics/logistic.js';
import { seededRandom } from '../../../src/evaluation/random.js';
import { numberOf, scored } from './scored-rows.js';

describe('calibration', () => {
  it('has bins that hold every row once, keep ties whole and rise', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 12 }), ({ labels, scores }, wanted) => {
        const curve = calibrationCurve(labels, scores, wanted);
        if ('refused' in curve) throw new Error(curve.reason);
        const { bins } = curve;
        expect(bins.length).toBeLessThanOrEqual(wanted);
        expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(labels.length);
        const positives = bins.reduce((sum, bin) => sum + bin.rows * bin.observed, 0);
        expect(positives).toBeCloseTo(
          labels.reduce((sum, label) => sum + label, 0),
          9,
        );
        const predicted = bins.reduce((sum, bin) => sum + bin.rows * bin.predicted, 0);
        expect(predicted).toBeCloseTo(
          scores.reduce((sum, score) => sum + score, 0),
          9,
        );
        expect(bins.map((bin) => bin.predicted)).toEqual(
          bins.map((bin) => bin.predicted).sort((a, b) => a - b),
        );
        expect(new Set(bins.map((bin) => bin.predicted)).size).toBe(bins.length);
        for (const {
          observed,
          interval: [low, high],
        } of bins) {
          expect(low).toBeLessThanOrEqual(observed);
          expect(high).toBeGreaterThanOrEqual(observed);
        }
      }),
    );
  });

  it('fills bins evenly where nothing ties, and the later ones where a tie has filled a whole bin', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
    const even = calibrationCurve(
      labels,
      Float64Array.from(labels, (_, i) => i / 100),
      10,
    );
    expect(even).toMatchObject({ bins: Array.from({ length: 10 }, () => ({ rows: 10 })) });
    const tied = Float64Array.from(labels, (_, i) => (i < 55 ? 0 : i / 100));
    const curve = calibrationCurve(labels, tied, 10);
    if ('refused' in curve) throw new Error(curve.reason);
    expect(curve.bins.map(({ rows }) => rows)).toEqual([55, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
  });

  it('finds a slope of 1 and an intercept of 0 where labels come from the predictions, and what was bent', () => {
    const random = seededRandom('calibration');
    const p = Float64Array.from({ length: 40_000 }, () => 1 / (1 + Math.exp(-random.normal())));
    const labels = Uint8Array.from(p, (probability) => Number(random.next() < probability));
    const bent = p.map((value) => 1 / (1 + Math.exp(-(2 * Math.log(value / (1 - value)) + 0.5))));
    const straight = calibrationLine(labels, p);
    const line = calibrationLine(labels, bent);
    if ('refused' in line || 'refused' in straight) throw new Error('refused');
    expect(Math.abs(numberOf(straight.slope) - 1)).toBeLessThan(0.05);
    expect(Math.abs(numberOf(straight.intercept))).toBeLessThan(0.05);
    expect(numberOf(line.slope)).toBeCloseTo(numberOf(straight.slope) / 2, 6);
    expect(numberOf(line.intercept)).toBeLessThan(-0.3);
    expect(numberOf(expectedCalibrationError(labels, p))).toBeLessThan(0.012);
    expect(numberOf(expectedCalibrationError(labels, bent))).toBeGreaterThan(0.05);
  });

  it.each([1, 59])('settles in many rows too, where the last digits of the loss are rounding (%i)', (run) => {
    const random = seededRandom(`many rows ${run}`);
    const x = Float64Array.from({ length: 300_000 }, () => random.normal());
    const labels = Uint8Array.from(x, (one) => (random.next() < logistic(0.7 * one - 0.19) ? 1 : 0));
    const line = calibrationLine(
      labels,
      x.map((one) => logistic(0.8 * one - 0.2)),
    );
    expect(line).toMatchObject({ intercept: { value: expect.closeTo(0.01, 1) as number } });
    expect(line).toMatchObject({ slope: { value: expect.closeTo(0.875, 1) as number } });
  });

  it('has no slope where predictions are all alike or tell the labels apart', () => {
    const labels = Uint8Array.of(0, 0, 1, 1);
    expect(calibrationLine(labels, Float64Array.of(0.5, 0.5, 0.5, 0.5))).toMatchObject({
      slope: { code: 'no_variation' },
      intercept: { value: 0 },
    });
    expect(calibrationLine(labels, Float64Array.of(0.1, 0.2, 0.8, 0.9))).toMatchObject({
      slope: { code: 'separation' },
    });
  });
});
