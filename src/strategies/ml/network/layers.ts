import type { Random } from '../../../evaluation/random.js';
import type { EncodedRows } from '../encoding/encoding.js';

/** Where the parameters of one layer lie in the list of all: by input the weights to every output, then the biases. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
}

/** @param sizes inputs, hidden units of each layer, 1. */
export function layersOf(sizes: readonly number[]): Layer[] {
  let at = 0;
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] as number;
    const layer = { inputs, outputs, weights: at, biases: at + inputs * outputs };
    at = layer.biases + outputs;
    return layer;
  });
}

export function parametersOf(layers: readonly Layer[]): number {
  const last = layers.at(-1);
  return last ? last.biases + last.outputs : 0;
}

/**
 * Weights drawn as He and others (2015) have it for rectified units, biases 0, but for the last, which begins at the log odds of
 * the labels.
 *
 * @param active inputs of the first layer that are not 0 in a row.
 */
export function drawParameters(layers: readonly Layer[], active: number, logOdds: number, random: Random) {
  const parameters = new Float64Array(parametersOf(layers));
  for (const [i, { inputs, outputs, weights, biases }] of layers.entries()) {
    const isLast = i === layers.length - 1;
    const spread = Math.sqrt((isLast ? 1 : 2) / Math.max(1, i === 0 ? active : inputs));
    for (let w = weights; w < biases; w++) parameters[w] = spread * random.normal();
    if (isLast) parameters.fill(logOdds, biases, biases + outputs);
  }
  return parameters;
}

/** What the units of every layer come to for one row, and how the loss changes with the parameters. */
export class Pass {
  readonly #layers: readonly Layer[];
  readonly #rows: EncodedRows;
  /** Per layer, after rectifying; the last one is the log odds. */
  readonly #units: readonly Float64Array[];
  readonly #slopes: readonly Float64Array[];

  constructor(layers: readonly Layer[], rows: EncodedRows) {
    this.#layers = layers;
    this.#rows = rows;
    this.#units = layers.map(({ outputs }) => new Float64Array(outputs));
    this.#slopes = layers.map(({ outputs }) => new Float64Array(outputs));
  }

  /** Log odds of a row. @param neverSeen weights of the first layer by slot, for categories never seen. */
  forward(row: number, parameters: Float64Array, neverSeen?: Float64Array): number {
    for (const [i, layer] of this.#layers.entries()) {
      const units = this.#units[i] as Float64Array;
      for (let o = 0; o < layer.outputs; o++) units[o] = parameters[layer.biases + o] as number;
      if (i === 0) this.#addInputs(row, units, parameters, layer, neverSeen);
      else addProduct(units, this.#units[i - 1] as Float64Array, parameters, layer);
      if (i === this.#layers.length - 1) break;
      for (let o = 0; o < layer.outputs; o++) if ((units[o] as number) < 0) units[o] = 0;
    }
    return (this.#units.at(-1) as Float64Array)[0] as number;
  }

  #addInputs(
    row: number,
    units: Float64Array,
    parameters: Float64Array,
    { outputs, weights }: Layer,
    neverSeen?: Float64Array,
  ): void {
    const { layout, numbers, dummies } = this.#rows;
    for (let n = 0; n < layout.numbers; n++) {
      const value = numbers[row * layout.numbers + n] as number;
      if (value !== 0) addScaled(units, value, parameters, weights + n * outputs);
    }
    for (let s = 0; s < layout.slots; s++) {
      const dummy = dummies[row * layout.slots + s] as number;
      if (dummy >= layout.dummies) {
        if (neverSeen) addScaled(units, 1, neverSeen, (dummy - layout.dummies) * outputs);
      } else if (dummy >= 0) addScaled(units, 1, parameters, weights + (layout.numbers + dummy) * outputs);
    }
  }

  /** After `forward` of the same row: adds to the gradient what a change of its log odds is worth. */
  backward(row: number, worth: number, parameters: Float64Array, gradient: Float64Array): void {
    (this.#slopes.at(-1) as Float64Array)[0] = worth;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i] as Layer;
      const slopes = this.#slopes[i] as Float64Array;
      addTo(gradient, layer.biases, 1, slopes);
      if (i === 0) {
        this.#gradientOfInputs(row, slopes, gradient, layer);
        return;
      }
      const below = this.#units[i - 1] as Float64Array;
      const belowSlopes = this.#slopes[i - 1] as Float64Array;
      for (let u = 0; u < layer.inputs; u++) {
        const value = below[u] as number;
        const start = layer.weights + u * layer.outputs;
        if (value === 0) {
          belowSlopes[u] = 0;
          continue;
        }
        let slope = 0;
        for (let o = 0; o < layer.outputs; o++) {
          slope += (parameters[start + o] as number) * (slopes[o] as number);
        }
        belowSlopes[u] = slope;
        addTo(gradient, start, value, slopes);
      }
    }
  }

  #gradientOfInputs(row: number, slopes: Float64Array, gradient: Float64Array, layer: Layer): void {
    const { layout, numbers, dummies } = this.#rows;
    for (let n = 0; n < layout.numbers; n++) {
      const value = numbers[row * layout.numbers + n] as number;
      if (value !== 0) addTo(gradient, layer.weights + n * layer.outputs, value, slopes);
    }
    for (let s = 0; s < layout.slots; s++) {
      const dummy = dummies[row * layout.slots + s] as number;
      if (dummy < 0) continue;
      addTo(gradient, layer.weights + (layout.numbers + dummy) * layer.outputs, 1, slopes);
    }
  }
}

function addScaled(units: Float64Array, factor: number, from: Float64Array, start: number): void {
  for (let o = 0; o < units.length; o++)
    units[o] = (units[o] as number) + factor * (from[start + o] as number);
}

function addTo(sum: Float64Array, start: number, factor: number, slopes: Float64Array): void {
  for (let o = 0; o < slopes.length; o++) {
    sum[start + o] = (sum[start + o] as number) + factor * (slopes[o] as number);
  }
}

function addProduct(units: Float64Array, below: Float64Array, parameters: Float64Array, layer: Layer): void {
  for (let u = 0; u < layer.inputs; u++) {
    const value = below[u] as number;
    if (value !== 0) addScaled(units, value, parameters, layer.weights + u * layer.outputs);
  }
}
