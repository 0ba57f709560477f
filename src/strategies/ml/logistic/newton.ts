import { logLossAt } from '../../../evaluation/classification/mean-loss.js';
import type { EncodedRows } from '../encoding/encoding.js';
import { probabilityOf } from '../encoding/probability-of.js';
import { factorise, solve } from './factorise.js';

export interface WeightedRows {
  readonly rows: EncodedRows;
  readonly labels: Uint8Array;
  /** By row, above 0. */
  readonly weights: Float64Array;
  readonly tell?: ((done: number, of: number) => void) | undefined;
}

/** Of the intercept, of the numbers, of the dummies; or which of them (without the intercept, from 0) have no end. */
export type Coefficients =
  { readonly coefficients: Float64Array } | { readonly separated: readonly number[] };

const mostSteps = 100;
/** Of a loss in whole rows: less than that is not worth another step, where predictions no longer move. */
const smallGain = 1e-9;
/** In log odds. */
const smallMove = 1e-5;
/** Where the loss cannot fall any more and predictions still move, they will for ever. */
const noGain = 1e-14;

/**
 * Maximum (penalised) likelihood by Newton's method. Columns that follow from others are left out (coefficient 0), as R does.
 * Where the labels are separated, some log odds grow by about one a step while the loss has hardly anything left to fall: that
 * is how it is told from slow convergence.
 */
export function fitCoefficients(sums: WeightedRows, ridge: number): Coefficients {
  const { rows } = sums;
  const size = 1 + rows.layout.numbers + rows.layout.dummies;
  const penalty = new Float64Array(size).fill(ridge);
  penalty[0] = 0;
  const inUse = ridge > 0 ? new Uint8Array(size).fill(1) : independent(rows, size);
  let at: Float64Array = new Float64Array(size);
  at[0] = startingPoint(sums);
  let loss = lossAt(sums, at, penalty);
  for (let round = 0; round < mostSteps; round++) {
    sums.tell?.(round, mostSteps);
    const { gradient, curvature } = derivatives(sums, at, penalty);
    const lower = factorise(curvature, size, inUse, 1e-14);
    if (!lower) return { separated: growing(at) };
    const step = solve(lower, size, inUse, gradient);
    const gain = step.reduce((sum, move, i) => sum + move * (gradient[i] as number), 0) / 2;
    if (gain < smallGain) {
      if (largestMove(rows, step) < smallMove) return { coefficients: plus(at, step, 1) };
      if (gain < noGain) return { separated: growing(step) };
    }
    const next = damped(sums, at, step, penalty, loss);
    if (!next) return gain < smallGain ? { coefficients: at } : { separated: growing(step) };
    [at, loss] = [next.at, next.loss];
  }
  return { separated: growing(at) };
}

/** Those that move most. */
function growing(step: Float64Array): number[] {
  const sizes = step.subarray(1).map(Math.abs);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  return [...sizes.keys()].filter((i) => (sizes[i] as number) > most / 4);
}

/** Log odds of the labels. */
function startingPoint({ labels, weights }: WeightedRows): number {
  let [positives, all] = [0, 0];
  for (const [row, label] of labels.entries()) {
    positives += label * (weights[row] as number);
    all += weights[row] as number;
  }
  return Math.log(positives / (all - positives));
}

/** Halves the step until the loss does not rise; undefined where nothing helps. */
function damped(
  sums: WeightedRows,
  at: Float64Array,
  step: Float64Array,
  penalty: Float64Array,
  loss: number,
): { at: Float64Array; loss: number } | undefined {
  for (let share = 1; share > 1e-8; share /= 2) {
    const next = plus(at, step, share);
    const nextLoss = lossAt(sums, next, penalty);
    if (nextLoss <= loss + 1e-12 * Math.abs(loss)) return { at: next, loss: nextLoss };
  }
  return undefined;
}

function plus(at: Float64Array, step: Float64Array, share: number): Float64Array {
  return at.map((value, i) => value + share * (step[i] as number));
}

/** Log odds of a row. */
function logOdds({ numbers, dummies, layout }: EncodedRows, row: number, at: Float64Array): number {
  let sum = at[0] as number;
  const firstNumber = row * layout.numbers;
  for (let i = 0; i < layout.numbers; i++) {
    sum += (numbers[firstNumber + i] as number) * (at[1 + i] as number);
  }
  const firstSlot = row * layout.slots;
  for (let i = 0; i < layout.slots; i++) {
    const dummy = dummies[firstSlot + i] as number;
    if (dummy >= 0) sum += at[1 + layout.numbers + dummy] as number;
  }
  return sum;
}

function largestMove(rows: EncodedRows, step: Float64Array): number {
  let most = 0;
  for (let row = 0; row < rows.rows; row++) most = Math.max(most, Math.abs(logOdds(rows, row, step)));
  return most;
}

function lossAt({ rows, labels, weights }: WeightedRows, at: Float64Array, penalty: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < rows.rows; row++) {
    const eta = logOdds(rows, row, at);
    loss += (weights[row] as number) * logLossAt(labels[row] as number, eta);
  }
  return at.reduce((sum, value, i) => sum + ((penalty[i] as number) * value * value) / 2, loss);
}

/** Direction in which the loss falls, and the lower half of its second derivatives, row by row. */
function derivatives({ rows, labels, weights }: WeightedRows, at: Float64Array, penalty: Float64Array) {
  const size = at.length;
  const gradient = at.map((value, i) => -(penalty[i] as number) * value);
  const curvature = new Float64Array(size * size);
  for (let i = 0; i < size; i++) curvature[i * size + i] = penalty[i] as number;
  const row = new SparseRow(rows);
  for (let r = 0; r < rows.rows; r++) {
    const eta = logOdds(rows, r, at);
    const p = 1 / (1 + Math.exp(-eta));
    // Of the smaller of the two, so that it does not vanish before it must.
    const q = 1 / (1 + Math.exp(eta));
    const weight = weights[r] as number;
    row.load(r);
    row.addTo(gradient, weight * (labels[r] === 1 ? q : -p));
    row.addSquareTo(curvature, size, weight * p * q);
  }
  return { gradient, curvature };
}

/** What is not 0 in one row, the intercept first: places, rising, and values. */
class SparseRow {
  readonly #rows: EncodedRows;
  readonly #places: Int32Array;
  readonly #values: Float64Array;
  #length = 0;

  constructor(rows: EncodedRows) {
    const { numbers, slots } = rows.layout;
    this.#rows = rows;
    this.#places = Int32Array.from({ length: 1 + numbers + slots }, (_, i) => i);
    this.#values = new Float64Array(1 + numbers + slots).fill(1);
  }

  load(row: number): void {
    const { layout, numbers, dummies } = this.#rows;
    for (let i = 0; i < layout.numbers; i++) {
      this.#values[1 + i] = numbers[row * layout.numbers + i] as number;
    }
    this.#length = 1 + layout.numbers;
    for (let i = 0; i < layout.slots; i++) {
      const dummy = dummies[row * layout.slots + i] as number;
      if (dummy >= 0) this.#places[this.#length++] = 1 + layout.numbers + dummy;
    }
  }

  addTo(sum: Float64Array, factor: number): void {
    for (let i = 0; i < this.#length; i++) {
      const place = this.#places[i] as number;
      sum[place] = (sum[place] as number) + factor * (this.#values[i] as number);
    }
  }

  /** Adds factor times the row's outer product with itself to the lower half of a matrix. */
  addSquareTo(matrix: Float64Array, size: number, factor: number): void {
    for (let i = 0; i < this.#length; i++) {
      const own = factor * (this.#values[i] as number);
      const start = (this.#places[i] as number) * size;
      for (let j = 0; j <= i; j++) {
        const place = start + (this.#places[j] as number);
        matrix[place] = (matrix[place] as number) + own * (this.#values[j] as number);
      }
    }
  }
}

/** Which columns do not follow from the ones before them: 1 for those in use. */
function independent(rows: EncodedRows, size: number): Uint8Array {
  const products = new Float64Array(size * size);
  const row = new SparseRow(rows);
  for (let r = 0; r < rows.rows; r++) {
    row.load(r);
    row.addSquareTo(products, size, 1);
  }
  const inUse = new Uint8Array(size).fill(1);
  factorise(products, size, inUse, 1e-9, true);
  return inUse;
}

/** Probabilities of rows. @param steps by dummy, then by slot for what was never seen. */
export function probabilitiesOf(
  { rows, layout, numbers, dummies }: EncodedRows,
  intercept: number,
  slopes: Float64Array,
  steps: Float64Array,
): Float64Array {
  const probabilities = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = intercept;
    for (let i = 0; i < layout.numbers; i++) {
      sum += (numbers[row * layout.numbers + i] as number) * (slopes[i] as number);
    }
    for (let i = 0; i < layout.slots; i++) {
      const dummy = dummies[row * layout.slots + i] as number;
      if (dummy >= 0) sum += steps[dummy] as number;
    }
    probabilities[row] = probabilityOf(sum);
  }
  return probabilities;
}
