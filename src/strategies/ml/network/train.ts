import { logLossAt } from '../../../evaluation/classification/mean-loss.js';
import { type Random, seededRandom, shuffled } from '../../../evaluation/random.js';
import type { EncodedRows } from '../encoding/encoding.js';
import { drawParameters, type Layer, Pass } from './layers.js';
import type { NetworkSettings } from './settings.js';

export interface Lesson {
  readonly rows: EncodedRows;
  readonly labels: Uint8Array;
  /** By row, with a mean of 1. */
  readonly weights: Float64Array;
  readonly tell?: ((done: number, of: number) => void) | undefined;
}

/** With fewer rows nothing is held out, and every epoch is used. */
const fewestHeldOut = 20;

/**
 * Adam (Kingma and Ba 2015) over small batches in a shuffled order. After every epoch the loss of rows that were held out is
 * looked at; the parameters are those of the epoch in which it was lowest.
 */
export function train(layers: readonly Layer[], lesson: Lesson, settings: NetworkSettings, seed: string) {
  const random = seededRandom(seed);
  const order = shuffled(lesson.labels.length, random);
  const held = Math.floor(settings.validationShare * order.length);
  const heldOut = held >= fewestHeldOut ? order.subarray(0, held) : new Int32Array(0);
  const taught = order.slice(heldOut.length);
  const active = lesson.rows.layout.numbers + lesson.rows.layout.slots;
  const parameters = drawParameters(layers, active, logOddsOf(lesson, taught), random);
  const step = new AdamStep(parameters, settings);
  const pass = new Pass(layers, lesson.rows);
  let best = { loss: lossOf(pass, lesson, heldOut, parameters), parameters: parameters.slice(), epoch: 0 };
  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    lesson.tell?.(epoch - 1, settings.epochs);
    shuffle(taught, random);
    for (let at = 0; at < taught.length; at += settings.batch) {
      const batch = taught.subarray(at, at + settings.batch);
      step.gradient.fill(0);
      for (const row of batch) {
        const p = 1 / (1 + Math.exp(-pass.forward(row, parameters)));
        const worth = ((lesson.weights[row] as number) * (p - (lesson.labels[row] as number))) / batch.length;
        pass.backward(row, worth, parameters, step.gradient);
      }
      step.take();
    }
    const loss = lossOf(pass, lesson, heldOut, parameters);
    if (heldOut.length === 0 || loss < best.loss) best = { loss, parameters: parameters.slice(), epoch };
    else if (epoch - best.epoch >= settings.patience) break;
  }
  return best;
}

/** Log odds of the labels, kept finite where the rows that were not held out have one label only. */
function logOddsOf({ labels, weights }: Lesson, rows: Int32Array): number {
  let [positives, all] = [0.5, 1];
  for (const row of rows) {
    positives += (labels[row] as number) * (weights[row] as number);
    all += weights[row] as number;
  }
  return Math.log(positives / (all - positives));
}

function lossOf(pass: Pass, { labels, weights }: Lesson, rows: Int32Array, parameters: Float64Array): number {
  let loss = 0;
  for (const row of rows) {
    const eta = pass.forward(row, parameters);
    loss += (weights[row] as number) * logLossAt(labels[row] as number, eta);
  }
  return loss;
}

function shuffle(rows: Int32Array, random: Random): void {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const kept = rows[i] as number;
    rows[i] = rows[j] as number;
    rows[j] = kept;
  }
}

class AdamStep {
  readonly gradient: Float64Array;
  readonly #parameters: Float64Array;
  readonly #settings: NetworkSettings;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  constructor(parameters: Float64Array, settings: NetworkSettings) {
    this.#parameters = parameters;
    this.#settings = settings;
    this.gradient = new Float64Array(parameters.length);
    this.#mean = new Float64Array(parameters.length);
    this.#square = new Float64Array(parameters.length);
  }

  take(): void {
    this.#steps += 1;
    const { learningRate, decay } = this.#settings;
    const [b1, b2] = [0.9, 0.999];
    const rate = (learningRate * Math.sqrt(1 - b2 ** this.#steps)) / (1 - b1 ** this.#steps);
    for (let i = 0; i < this.gradient.length; i++) {
      const value = this.#parameters[i] as number;
      const slope = (this.gradient[i] as number) + decay * value;
      const mean = b1 * (this.#mean[i] as number) + (1 - b1) * slope;
      const square = b2 * (this.#square[i] as number) + (1 - b2) * slope * slope;
      this.#mean[i] = mean;
      this.#square[i] = square;
      this.#parameters[i] = value - (rate * mean) / (Math.sqrt(square) + 1e-8);
    }
  }
}
