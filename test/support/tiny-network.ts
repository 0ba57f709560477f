import { seededRandom } from '../../src/evaluation/random.js';
import type { Layer } from './onnx-model.js';

export interface TinyNetwork {
  readonly layers: readonly Layer[];
  predict(row: readonly number[]): number;
}

/** A network of one hidden layer, taught by plain descent row by row: small, seeded, and quick enough for a test. */
export function trainTinyNetwork(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  { hidden = 8, rounds = 150, rate = 0.05, seed = 'tiny' } = {},
): TinyNetwork {
  const random = seededRandom(seed);
  const width = rows[0]?.length ?? 0;
  const first = Array.from({ length: width * hidden }, () => random.normal());
  const firstBias = new Array<number>(hidden).fill(0);
  const second = Array.from({ length: hidden }, () => random.normal());
  const secondBias = [0];
  const unitsOf = (row: readonly number[]): number[] =>
    firstBias.map((bias, h) =>
      Math.max(
        0,
        row.reduce((sum, x, i) => sum + x * (first[i * hidden + h] ?? 0), bias),
      ),
    );
  const outOf = (units: readonly number[]): number =>
    1 / (1 + Math.exp(-units.reduce((sum, u, h) => sum + u * (second[h] ?? 0), secondBias[0] ?? 0)));
  for (let round = 0; round < rounds; round += 1) {
    rows.forEach((row, r) => {
      const units = unitsOf(row);
      const error = outOf(units) - (labels[r] ?? 0);
      secondBias[0] = (secondBias[0] ?? 0) - rate * error;
      units.forEach((unit, h) => {
        const slope = unit > 0 ? error * (second[h] ?? 0) : 0;
        second[h] = (second[h] ?? 0) - rate * error * unit;
        firstBias[h] = (firstBias[h] ?? 0) - rate * slope;
        row.forEach((x, i) => {
          first[i * hidden + h] = (first[i * hidden + h] ?? 0) - rate * slope * x;
        });
      });
    });
  }
  return {
    layers: [
      { weights: first, bias: firstBias },
      { weights: second, bias: secondBias },
    ],
    predict: (row) => outOf(unitsOf(row)),
  };
}
