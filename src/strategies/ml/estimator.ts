import type { Parsed } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import type { ColumnSpec, Table } from './table.js';

/** Whatever learns a probability from a table: one file each, so that all can be compared and exchanged. */
export interface Estimator<Settings> {
  /** `boosting`, `forest`, `logistic`, `network`. */
  readonly name: string;
  /** One sentence: what it is, and what it is good for. */
  readonly summary: string;
  /** Checks settings and fills in what is left out; the result is plain JSON. */
  parse(settings: unknown): Parsed<Settings>;
  /**
   * Pure: the same table, labels, settings and seed give the same model.
   *
   * @param labels 0 or 1 for each row.
   */
  fit(table: Table, labels: Uint8Array, settings: Settings, seed: string, options?: FitOptions): Fitted;
  /** @throws Error with a sentence, for what `toJSON` did not write: truncated, of another version or estimator. */
  fromJSON(json: Json): Model;
}

export interface FitOptions {
  /** For each row, above 0; all alike unless given. */
  readonly weights?: Float64Array;
  /** Told now and then, so that somebody who waits sees it go on; may throw, to end it. */
  readonly tell?: (done: number, of: number) => void;
}

/** A model, or why there can be none: no rows, labels all alike, no column that varies. */
export type Fitted =
  | {
      readonly model: Model;
      /** What a reader should know of the fit, as sentences: a penalty that nobody asked for. */
      readonly notes?: readonly string[];
    }
  | { readonly refused: true; readonly code: FitRefusal; readonly reason: string };

export type FitRefusal =
  'no_rows' | 'one_label' | 'no_columns' | 'too_large' | 'not_converged' | 'unfit_settings';

export interface Model {
  /** Columns that it was taught on. Give it tables made by `tableFor(model.columns, …)`. */
  readonly columns: readonly ColumnSpec[];
  /**
   * Probabilities of the label 1, one for each row.
   *
   * @throws Error for a table with other columns.
   */
  predict(table: Table): Float64Array;
  /** With estimator, version and columns, such that `fromJSON` predicts the same to the bit. */
  toJSON(): Json;
  /** Share of the loss that splits on each column took away, where there are splits; adds up to 1. */
  readonly gain?: readonly number[];
}
