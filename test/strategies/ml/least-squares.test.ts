import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../src/strategies/ml/linear/least-squares.js';
import { fitLinear, type LinearModel } from '../../../src/strategies/ml/linear/linear-model.js';
import { tableOf } from '../../../src/strategies/ml/table.js';
import { learnable } from '../../conformance/estimator-tables.js';
import { testJson } from '../../conformance/estimator-json.js';

const lesson = learnable(600, 'least squares');

describe('a least squares model', () => {
  const learned = () => {
    const fitted = leastSquares.fit(lesson.table, lesson.labels, {}, 'seed');
    if ('refused' in fitted) throw new Error(fitted.reason);
    return fitted.model;
  };
  testJson(leastSquares, learned, lesson.table);
});

function modelOf(fitted: ReturnType<typeof fitLinear>): LinearModel {
  if ('refused' in fitted) throw new Error(fitted.reason);
  return fitted.model;
}

describe('a linear fit', () => {
  const x = [1, 2, 3, 4, 5, 7];
  const y = Float64Array.from([2, 1, 4, 3, 7, 6]);

  it('is the line of the textbook', () => {
    const model = modelOf(fitLinear(tableOf(['x'], x.map((one) => [one])), y)); // prettier-ignore
    const at = model.predict(tableOf(['x'], [[0], [1]]));
    // Slope Σ(x - x̄)(y - ȳ) / Σ(x - x̄)² with x̄ = 11/3, ȳ = 23/6.
    const slope = (105 - (22 * 23) / 6) / (104 - 22 ** 2 / 6);
    expect(at[1]! - at[0]!).toBeCloseTo(slope, 12);
    expect(at[0]).toBeCloseTo(23 / 6 - (slope * 11) / 3, 12);
  });

  it('predicts the same whatever follows from the other columns, and whichever category stands first', () => {
    const rows = x.map((one, i) => [one, i % 2 === 0 ? 'b' : 'a']);
    const doubled = rows.map(([one, text]) => [one, text, 3 * Number(one) - 1, text === 'a' ? 1 : 0]);
    const plain = modelOf(fitLinear(tableOf(['x', 'c'], rows), y));
    const more = modelOf(fitLinear(tableOf(['x', 'c', 'z', 'd'], doubled), y));
    const [mine, theirs] = [plain.predict(tableOf(['x', 'c'], rows)), more.predict(tableOf(['x', 'c', 'z', 'd'], doubled))]; // prettier-ignore
    mine.forEach((one, i) => expect(theirs[i]).toBeCloseTo(one, 9));
  });

  it('counts a row of weight 2 as two rows', () => {
    const weights = Float64Array.from([1, 2, 1, 1, 2, 1]);
    const twice = [0, 1, 1, 2, 3, 4, 4, 5];
    const weighted = modelOf(fitLinear(tableOf(['x'], x.map((one) => [one])), y, weights)); // prettier-ignore
    const copied = modelOf(fitLinear(tableOf(['x'], twice.map((i) => [x[i]])), Float64Array.from(twice, (i) => y[i]!))); // prettier-ignore
    const probe = tableOf(['x'], [[0], [9]]);
    weighted.predict(probe).forEach((one, i) => expect(copied.predict(probe)[i]).toBeCloseTo(one, 12));
  });
});
