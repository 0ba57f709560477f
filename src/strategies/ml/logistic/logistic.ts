import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import type { Json } from '../../strategy.js';
import { expectColumns, refused, refuseToFit } from '../check-fit.js';
import { type Encoding, encodeRows, layoutOf, learnEncoding, withNeverSeen } from '../encoding/encoding.js';
import { readEncoding } from '../encoding/read-encoding.js';
import type { Estimator, FitOptions, Fitted, Model } from '../estimator.js';
import { finiteNumber, finiteNumbers, modelFields } from '../model-json.js';
import { type ColumnSpec, specsOf, type Table } from '../table.js';
import { probabilitiesOf, fitCoefficients } from './newton.js';

export interface LogisticSettings {
  /**
   * Half of it times the sum of the squared coefficients is added to the sum of the log losses, the intercept apart: of numbers
   * in standard deviations, of categories against the most frequent. 0 for plain maximum likelihood. 1 is what scikit-learn
   * calls C = 1.
   */
  readonly ridge: number;
  /** Most dummies of one column; the rarest categories share the last. */
  readonly categories: number;
}

const settingsSchema = z.strictObject(
  {
    ridge: z.number('must be a number').min(0, 'must be 0 or more').max(1e9).default(0),
    categories: z.int('must be a whole number').min(2, 'must be 2 or more').max(1_000).default(100),
  },
  'must be an object with ridge and categories',
);

/** Beyond that the matrix of second derivatives takes longer than anybody waits. */
const mostCoefficients = 2_000;
/** Used where no penalty was asked for and none of the coefficients has an end without. */
const ridgeWhenSeparated = 1;
const version = 1;

/** Logistic regression: Newton's method (iteratively reweighted least squares) on standardised numbers and dummies. */
export const logisticEstimator: Estimator<LogisticSettings> = {
  name: 'logistic',
  summary:
    'Logistic regression: one coefficient for each number and category. Quick, steady on few rows, easy to read; knows no bends and no interplay of features.',
  parse: (settings) => readWith(settingsSchema, settings),
  fit,
  fromJSON,
};

function fit(
  table: Table,
  labels: Uint8Array,
  settings: LogisticSettings,
  _seed: string,
  options: FitOptions = {},
): Fitted {
  const problem = refuseToFit(table, labels, options);
  if (problem) return problem;
  const weights = options.weights ?? new Float64Array(table.rows).fill(1);
  const encoding = learnEncoding(table, weights, settings.categories);
  const layout = layoutOf(encoding);
  if (layout.numbers + layout.dummies > mostCoefficients) {
    return refused(
      'too_large',
      `These columns have ${layout.numbers + layout.dummies} coefficients, and ${mostCoefficients} is the most: leave out columns, or set "categories" lower than ${settings.categories}.`,
    );
  }
  const sums = { rows: encodeRows(table, encoding), labels, weights, tell: options.tell };
  const first = fitCoefficients(sums, settings.ridge);
  const separated = 'separated' in first;
  const last = separated ? fitCoefficients(sums, settings.ridge + ridgeWhenSeparated) : first;
  if ('separated' in last) {
    return refused('not_converged', 'The coefficients do not settle: set "ridge" to 1 or more.');
  }
  const model = new LogisticModel(specsOf(table), encoding, last.coefficients);
  if (!separated) return { model };
  const names = namesOf(specsOf(table), encoding, first.separated);
  return {
    model,
    notes: [
      `${names.join(', ')} ${names.length > 1 ? 'tell' : 'tells'} a part of the labels apart without a mistake, so plain maximum likelihood has no end: fitted with ridge ${settings.ridge + ridgeWhenSeparated} instead of ${settings.ridge}.`,
    ],
  };
}

/** The columns, and categories, of some of the coefficients. */
function namesOf(
  columns: readonly ColumnSpec[],
  encoding: Encoding,
  coefficients: readonly number[],
): string[] {
  const { numbers, firstDummy } = layoutOf(encoding);
  const names: string[] = [];
  let number = 0;
  for (const [c, code] of encoding.entries()) {
    const column = columns[c] as ColumnSpec;
    if (code.type === 'number' && coefficients.includes(number++)) names.push(column.name);
    const first = numbers + (firstDummy[c] as number);
    if (code.type === 'number') {
      if (code.missing && coefficients.includes(first)) names.push(`${column.name} missing`);
      continue;
    }
    for (const dummy of code.shares.keys()) {
      if (!coefficients.includes(first + dummy)) continue;
      const own = code.dummies.filter((one) => one === dummy).length;
      const category =
        column.type === 'category' ? column.categories[code.dummies.indexOf(dummy)] : undefined;
      names.push(`${column.name} ${own > 1 ? 'rare' : category === undefined ? 'missing' : `= ${category}`}`);
    }
  }
  if (names.length === 0) return ['A column'];
  return names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
}

/** Coefficients: of the intercept, of the numbers, of the dummies. */
class LogisticModel implements Model {
  readonly columns: readonly ColumnSpec[];
  readonly #encoding: Encoding;
  readonly #coefficients: Float64Array;

  constructor(columns: readonly ColumnSpec[], encoding: Encoding, coefficients: Float64Array) {
    this.columns = columns;
    this.#encoding = encoding;
    this.#coefficients = coefficients;
  }

  predict(table: Table): Float64Array {
    expectColumns(table, this.columns);
    const rows = encodeRows(table, this.#encoding);
    const { numbers } = rows.layout;
    const slopes = this.#coefficients.subarray(1, 1 + numbers);
    const steps = withNeverSeen(this.#encoding, this.#coefficients.subarray(1 + numbers));
    return probabilitiesOf(rows, this.#coefficients[0] as number, slopes, steps);
  }

  toJSON(): Json {
    const [intercept = 0, ...coefficients] = this.#coefficients;
    return {
      estimator: 'logistic',
      version,
      columns: this.columns.map((column) => ({ ...column })),
      encoding: this.#encoding.map((code) => ({ ...code })),
      intercept,
      coefficients,
    };
  }
}

function fromJSON(json: Json): Model {
  const fields = modelFields(json, 'logistic', version);
  const encoding = readEncoding(fields['encoding'], fields.columns);
  const { numbers, dummies } = layoutOf(encoding);
  const intercept = finiteNumber(fields['intercept'], 'intercept');
  const coefficients = finiteNumbers(fields['coefficients'], 'coefficients', numbers + dummies);
  return new LogisticModel(fields.columns, encoding, Float64Array.of(intercept, ...coefficients));
}
