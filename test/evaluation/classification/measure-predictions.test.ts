import { describe, expect, it } from 'vitest';
import {
  comparePredictions,
  measurePredictions,
  type MeasureOptions,
  type PredictionFigure,
} from '../../../src/evaluation/classification/measure-predictions.js';
import { recipientRows } from '../../../src/evaluation/recipient-rows.js';
import { seededRandom } from '../../../src/evaluation/random.js';

function world(rows: number, seed: string) {
  const random = seededRandom(seed);
  const scores = Float64Array.from({ length: rows }, () => random.next() * 0.5);
  const labels = Uint8Array.from(scores, (score) => Number(random.next() < score));
  return { labels, scores };
}

function figures(labels: Uint8Array, scores: Float64Array, options: Partial<MeasureOptions> = {}) {
  const measured = measurePredictions(labels, scores, { seed: 'seed', draws: 200, ...options });
  if ('refused' in measured) throw new Error(measured.reason);
  return new Map(measured.figures.map((figure) => [figure.name, figure]));
}

function known(figure: PredictionFigure | undefined) {
  if (!figure || 'refused' in figure || !figure.interval) throw new Error(JSON.stringify(figure));
  return { value: figure.value, low: figure.interval[0], high: figure.interval[1] };
}

describe('all measures of predictions', () => {
  const { labels, scores } = world(4_000, 'all');

  it('have intervals around their values, the same for the same seed', () => {
    const first = figures(labels, scores);
    expect([...first.keys()].slice(0, 3)).toEqual(['AUC', 'log loss', 'Brier']);
    for (const [name, figure] of first) {
      if (name.includes('≥')) continue;
      const { value, low, high } = known(figure);
      expect(low, name).toBeLessThan(high);
      if (name !== 'calibration error') {
        expect(low, name).toBeLessThanOrEqual(value);
        expect(high, name).toBeGreaterThanOrEqual(value);
      }
    }
    // Resampling adds noise, which makes the error larger: the interval is turned around the value.
    const error = known(first.get('calibration error'));
    expect((error.low + error.high) / 2).toBeLessThan(error.value);
    expect(figures(labels, scores)).toEqual(first);
    expect(figures(labels, scores, { seed: 'other' })).not.toEqual(first);
  });

  it('say why a figure cannot be had, and give the others', () => {
    const none = figures(
      labels.map(() => 0),
      scores,
    );
    expect(none.get('AUC')).toMatchObject({ refused: true, code: 'no_variation' });
    expect(none.get('calibration slope')).toMatchObject({ refused: true, code: 'no_variation' });
    expect(known(none.get('Brier')).value).toBeGreaterThan(0);
    // Nobody is predicted at one half or more.
    const all = figures(labels, scores);
    expect(all.get('precision (≥ 0.5)')).toMatchObject({ refused: true, code: 'too_few' });
    expect(all.get('F1 (≥ 0.5)')).toMatchObject({ value: 0 });
  });

  it('refuse rows that cannot be measured at all', () => {
    const seed = 'seed';
    expect(measurePredictions(labels, scores.subarray(1), { seed })).toHaveProperty('code', 'invalid_input');
    expect(measurePredictions(new Uint8Array(0), new Float64Array(0), { seed })).toHaveProperty(
      'code',
      'too_few',
    );
    const nan = scores.with(7, NaN);
    expect(measurePredictions(labels, nan, { seed })).toHaveProperty('code', 'invalid_input');
    const recipients = recipientRows(['a']);
    expect(measurePredictions(labels, scores, { seed, recipients })).toHaveProperty('code', 'invalid_input');
    for (const wrong of [{ share: 0 }, { share: NaN }, { threshold: NaN }, { bins: 0 }]) {
      expect(measurePredictions(labels, scores, { seed, ...wrong })).toHaveProperty('code', 'invalid_input');
    }
  });

  it('give no interval for one recipient', () => {
    const recipients = recipientRows(Array<string>(labels.length).fill('same'));
    const figure = figures(labels, scores, { recipients }).get('AUC');
    expect(figure).toHaveProperty('value');
    expect(figure).not.toHaveProperty('interval');
  });
});

describe('recipients', () => {
  it('move together: rows that are there four times over make no interval narrower', () => {
    const { labels, scores } = world(500, 'clusters');
    const four = Array.from({ length: 2_000 }, (_, i) => i % 500);
    const [manyLabels, manyScores] = [
      Uint8Array.from(four, (i) => labels[i]!),
      Float64Array.from(four, (i) => scores[i]!),
    ];
    const width = (figure: PredictionFigure | undefined) => known(figure).high - known(figure).low;
    const once = width(figures(labels, scores).get('AUC'));
    const recipients = recipientRows(four.map(String));
    expect(width(figures(manyLabels, manyScores, { recipients }).get('AUC'))).toBeCloseTo(once, 10);
    expect(width(figures(manyLabels, manyScores).get('AUC'))).toBeLessThan(0.7 * once);
  });
});

describe('intervals', () => {
  it('of the AUC hold the truth about as often as they say', () => {
    // Scores of the two labels are normal, one apart: the true AUC is Φ(1/√2).
    const truth = 0.76025;
    let held = 0;
    for (let world = 0; world < 200; world++) {
      const random = seededRandom(`coverage ${world}`);
      const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(i % 3 === 0));
      const scores = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-(label + random.normal()))));
      const { low, high } = known(figures(labels, scores, { seed: `draws ${world}` }).get('AUC'));
      if (low <= truth && truth <= high) held += 1;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });

  it('of the calibration slope agree with the standard error of the fit', () => {
    const { labels, scores } = world(4_000, 'slope');
    const { low, high } = known(figures(labels, scores, { draws: 1_000 }).get('calibration slope'));
    // 1 / √(Σ p (1 - p) (x - x̄)²) with x the log odds and p the predictions, which are right here.
    const x = Array.from(scores, (p) => Math.log(p / (1 - p)));
    const w = Array.from(scores, (p) => p * (1 - p));
    const total = w.reduce((a, b) => a + b, 0);
    const mean = w.reduce((sum, weight, i) => sum + weight * x[i]!, 0) / total;
    const error = 1 / Math.sqrt(w.reduce((sum, weight, i) => sum + weight * (x[i]! - mean) ** 2, 0));
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.85);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.15);
  });
});

describe('a comparison', () => {
  it('is 0 of the same predictions, turns its sign, and is narrower than two intervals', () => {
    const { labels, scores } = world(2_000, 'compare');
    const random = seededRandom('noise');
    const worse = scores.map((score) => Math.min(1, Math.max(0, score + 0.05 * random.normal())));
    const options = { measure: 'AUC', seed: 'seed', draws: 200 };
    expect(comparePredictions(labels, [scores, scores], options)).toEqual({ value: 0, interval: [0, 0] });
    const there = comparePredictions(labels, [scores, worse], options)!;
    const back = comparePredictions(labels, [worse, scores], options)!;
    expect(there.value).toBeCloseTo(-back.value, 12);
    expect(there.interval![0]).toBeCloseTo(-back.interval![1], 12);
    const alone = known(figures(labels, scores).get('AUC'));
    expect(there.interval![1] - there.interval![0]).toBeLessThan(alone.high - alone.low);
    const loss = comparePredictions(labels, [scores, worse], { ...options, measure: 'log loss' })!;
    expect(loss.value).toBeGreaterThan(0);
  });

  it('is not there where a measure cannot be had', () => {
    const { scores } = world(50, 'none');
    const labels = new Uint8Array(50);
    expect(comparePredictions(labels, [scores, scores], { measure: 'AUC', seed: 's' })).toBeUndefined();
  });
});

describe('speed', () => {
  it('lies in sorting once: a draw of all figures costs less than sorting by comparison', () => {
    const { labels, scores } = world(20_000, 'speed');
    const cpu = (work: () => void): number => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    figures(labels, scores, { draws: 5 });
    const drawn = cpu(() => void figures(labels, scores, { draws: 40 }));
    const sorted = cpu(() => {
      for (let i = 0; i < 40; i++) Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
    });
    expect(drawn).toBeLessThan(sorted);
  });
});
