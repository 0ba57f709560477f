import { z } from 'zod';
import { seededRandom } from '../../evaluation/random.js';
import { readWith } from '../../experiments/read-with.js';
import { weighingSchema } from './settings.js';
import type { Json } from '../strategy.js';
import { AlsSolver } from './als-solver.js';
import { strongest } from './because.js';
import type { Matrix, Sparse } from './matrix.js';
import { modelFile, mostEntries, OpenModel } from './model-file.js';
import { pack } from './packed.js';
import type { Neighbour, NothingFitted, Recommender, RecommenderKind, Taste } from './recommender.js';
import { matrixProblem, tooLarge, weighed, type Weighing, weighedTaste } from './sparse.js';
import { topPlaces } from './top.js';

export interface AlsSettings {
  readonly factors: number;
  readonly regularization: number;
  /** Confidence is 1 + alpha × weight. */
  readonly alpha: number;
  readonly sweeps: number;
  readonly weights: Weighing;
}

const schema = z.strictObject({
  factors: z.int('must be a whole number').min(1).max(256).default(16),
  regularization: z.number('must be a number').gt(0, 'must be above 0').max(1_000_000).default(0.1),
  alpha: z.number('must be a number').gt(0, 'must be above 0').max(1_000_000).default(10),
  sweeps: z.int('must be a whole number').min(1).max(1_000).default(15),
  weights: weighingSchema,
});

/** Matrix factorization of implicit data (Hu, Koren and Volinsky, ICDM 2008); a taste is folded in by one more solution. */
export const als: RecommenderKind<AlsSettings> = {
  name: 'als',
  summary: 'Matrix factorization: a few hidden tastes that recipients and items share.',
  drawn: true,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings, seed, tell) => matrixProblem(matrix) ?? fitAls(matrix, settings, seed, tell),
  fromJSON(json) {
    const model = new OpenModel('als', json);
    const settings = schema.safeParse(model.settings);
    if (!settings.success) throw model.damaged('its settings are not known here');
    const factors = model.floats('factors', model.items.length * settings.data.factors);
    return new Als(model.items, factors, settings.data);
  },
};

function fitAls(
  matrix: Matrix,
  settings: AlsSettings,
  seed: string,
  tell?: (done: number, of: number) => void,
): Recommender | NothingFitted {
  const { factors: size, sweeps } = settings;
  const [users, items] = [matrix.recipients.length, matrix.items.length];
  if ((users + items) * size > mostEntries) {
    return tooLarge(`${size} factors of ${(users + items).toLocaleString('en-US')} recipients and items`);
  }
  const random = seededRandom(seed);
  const [x, y] = [new Float64Array(users * size), new Float64Array(items * size)];
  for (let i = 0; i < y.length; i++) y[i] = 0.1 * random.normal();
  const rows = weighed(matrix.byRecipient, settings.weights);
  const columns = weighed(matrix.byItem, settings.weights);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    tell?.(sweep, sweeps);
    solveAll(x, rows, y, settings);
    solveAll(y, columns, x, settings);
  }
  return new Als(matrix.items, Float32Array.from(y), settings);
}

/** Solves every row of `into` from the factors of the other side. */
function solveAll(into: Float64Array, sparse: Sparse, other: Float64Array, settings: AlsSettings): void {
  const { factors: size, alpha, regularization } = settings;
  const solver = new AlsSolver(other, size, alpha, regularization);
  const { starts } = sparse;
  for (let row = 0; row + 1 < starts.length; row++) {
    const x = into.subarray(row * size, (row + 1) * size);
    solver.solve(x, sparse, starts[row] as number, starts[row + 1] as number);
  }
}

class Als implements Recommender {
  readonly items: readonly string[];
  readonly #factors: Float32Array;
  readonly #settings: AlsSettings;
  readonly #solver: AlsSolver;

  constructor(items: readonly string[], factors: Float32Array, settings: AlsSettings) {
    this.items = items;
    this.#factors = factors;
    this.#settings = settings;
    this.#solver = new AlsSolver(factors, settings.factors, settings.alpha, settings.regularization);
  }

  score(given: Taste): Float64Array {
    const { places, weights } = weighedTaste(given, this.#settings.weights);
    const x = new Float64Array(this.#settings.factors);
    this.#solver.solve(x, { places, values: weights }, 0, places.length);
    if (x.every((value) => value === 0)) return new Float64Array(this.items.length).fill(NaN);
    const scores = new Float64Array(this.items.length);
    for (let place = 0; place < scores.length; place++) scores[place] = this.#product(x, place);
    return scores;
  }

  /** s(i, j) c(j) of the paper's section 5: how much each thing that the recipient did adds to the score. */
  because(given: Taste, place: number, most: number) {
    const { places, weights } = weighedTaste(given, this.#settings.weights);
    const y = new Float64Array(this.#settings.factors);
    this.#solver.weigh(y, { places, values: weights }, place);
    const parts = Array.from(places, (other, t) => ({
      id: this.items[other] as string,
      part: this.#product(y, other) * (1 + this.#settings.alpha * (weights[t] as number)),
    }));
    return strongest('item', parts, most);
  }

  /** By the cosine of their factors. */
  alike(place: number, most: number): Neighbour[] {
    const size = this.#settings.factors;
    const own = Float64Array.from(this.#factors.subarray(place * size, (place + 1) * size));
    const lengthOf = (other: number) =>
      Math.hypot(...this.#factors.subarray(other * size, (other + 1) * size));
    const length = lengthOf(place);
    const similarities = Float64Array.from(this.items, (_, other) => {
      const cosine = this.#product(own, other) / (length * lengthOf(other));
      return Math.max(-1, Math.min(1, cosine));
    });
    return Array.from(topPlaces(similarities, most, [place]), (other) => ({
      id: this.items[other] as string,
      similarity: similarities[other] as number,
    }));
  }

  #product(x: Float64Array, place: number): number {
    const [factors, size] = [this.#factors, x.length];
    const at = place * size;
    let sum = 0;
    for (let f = 0; f < size; f++) sum += (x[f] as number) * (factors[at + f] as number);
    return sum === 0 ? NaN : sum;
  }

  toJSON(): Json {
    return modelFile('als', {
      settings: { ...this.#settings },
      items: this.items,
      arrays: { factors: pack(this.#factors) },
    });
  }
}
