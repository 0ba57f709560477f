import { readWith } from '../../../experiments/read-with.js';
import type { Json } from '../../strategy.js';
import { expectColumns, refused, refuseToFit } from '../check-fit.js';
import { type Encoding, encodeRows, layoutOf, learnEncoding, withNeverSeen } from '../encoding/encoding.js';
import { readEncoding } from '../encoding/read-encoding.js';
import { probabilityOf } from '../encoding/probability-of.js';
import type { Estimator, FitOptions, Fitted, Model } from '../estimator.js';
import { finiteNumbers, modelFields } from '../model-json.js';
import { type ColumnSpec, specsOf, type Table } from '../table.js';
import { type Layer, layersOf, parametersOf, Pass } from './layers.js';
import { type NetworkSettings, networkSettings } from './settings.js';
import { train } from './train.js';

const version = 1;
/** 40 MB with the three lists of the same length that learning needs. */
const mostParameters = 1_000_000;

/** A small neural network: rectified units in layers, Adam, early stopping. */
export const networkEstimator: Estimator<NetworkSettings> = {
  name: 'network',
  summary:
    'A small neural network: finds smooth bends and interplay of features by itself. Needs many rows, and is slow to learn.',
  parse: (settings) => readWith(networkSettings, settings),
  fit,
  fromJSON,
};

function fit(
  table: Table,
  labels: Uint8Array,
  settings: NetworkSettings,
  seed: string,
  options: FitOptions = {},
): Fitted {
  const problem = refuseToFit(table, labels, options);
  if (problem) return problem;
  const given = options.weights ?? new Float64Array(table.rows).fill(1);
  const mean = given.reduce((sum, weight) => sum + weight / table.rows, 0);
  const weights = given.map((weight) => weight / mean);
  const encoding = learnEncoding(table, weights, settings.categories);
  const layers = layersFor(encoding, settings.hidden);
  const size = parametersOf(layers);
  if (size > mostParameters) {
    return refused(
      'too_large',
      `This network has ${size} parameters, and ${mostParameters} is the most: leave out columns, or set "hidden" or "categories" lower.`,
    );
  }
  const lesson = { rows: encodeRows(table, encoding), labels, weights, tell: options.tell };
  const { parameters } = train(layers, lesson, settings, seed);
  if (parameters.some((value) => !Number.isFinite(value))) {
    return refused('not_converged', 'The network does not settle: set "learningRate" lower.');
  }
  return { model: new NetworkModel(specsOf(table), encoding, settings.hidden, parameters) };
}

function layersFor(encoding: Encoding, hidden: readonly number[]): Layer[] {
  const { numbers, dummies } = layoutOf(encoding);
  return layersOf([numbers + dummies, ...hidden, 1]);
}

class NetworkModel implements Model {
  readonly columns: readonly ColumnSpec[];
  readonly #encoding: Encoding;
  readonly #hidden: readonly number[];
  readonly #parameters: Float64Array;

  constructor(
    columns: readonly ColumnSpec[],
    encoding: Encoding,
    hidden: readonly number[],
    parameters: Float64Array,
  ) {
    this.columns = columns;
    this.#encoding = encoding;
    this.#hidden = hidden;
    this.#parameters = parameters;
  }

  predict(table: Table): Float64Array {
    expectColumns(table, this.columns);
    const rows = encodeRows(table, this.#encoding);
    const layers = layersFor(this.#encoding, this.#hidden);
    const pass = new Pass(layers, rows);
    const neverSeen = this.#neverSeen();
    return Float64Array.from({ length: table.rows }, (_, row) =>
      probabilityOf(pass.forward(row, this.#parameters, neverSeen)),
    );
  }

  /** By slot the weights of the first layer for what was never seen: the average of the column's. */
  #neverSeen(): Float64Array {
    const { numbers, slots, dummies } = layoutOf(this.#encoding);
    const outputs = this.#hidden[0] as number;
    const all = new Float64Array(slots * outputs);
    for (let o = 0; o < outputs; o++) {
      const added = Float64Array.from({ length: dummies }, (_, dummy) => {
        return this.#parameters[(numbers + dummy) * outputs + o] as number;
      });
      const extended = withNeverSeen(this.#encoding, added);
      for (let slot = 0; slot < slots; slot++) all[slot * outputs + o] = extended[dummies + slot] as number;
    }
    return all;
  }

  toJSON(): Json {
    return {
      estimator: 'network',
      version,
      columns: this.columns.map((column) => ({ ...column })),
      encoding: this.#encoding.map((code) => ({ ...code })),
      hidden: [...this.#hidden],
      parameters: [...this.#parameters],
    };
  }
}

function fromJSON(json: Json): Model {
  const fields = modelFields(json, 'network', version);
  const encoding = readEncoding(fields['encoding'], fields.columns);
  const hidden = networkSettings.shape.hidden.safeParse(fields['hidden']);
  if (fields['hidden'] === undefined || !hidden.success) {
    throw new Error('The field hidden of the model must be a list of the units of each layer.');
  }
  const size = parametersOf(layersFor(encoding, hidden.data));
  const parameters = Float64Array.from(finiteNumbers(fields['parameters'], 'parameters', size));
  return new NetworkModel(fields.columns, encoding, hidden.data, parameters);
}
