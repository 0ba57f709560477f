import type { Json } from '../../strategy.js';
import type { Estimator, FitRefusal } from '../estimator.js';
import type { ColumnSpec, Table } from '../table.js';

/** Recipients of a trial with two arms, drawn by lot. */
export interface TrialTable {
  readonly table: Table;
  /** For each row 1 where treated, 0 where control. */
  readonly treated: Uint8Array;
  /** For each row whether the outcome happened. */
  readonly labels: Uint8Array;
  /** Share of these rows that was meant to be treated, in (0, 1): known from the design, never estimated. */
  readonly treatedShare: number;
}

/** An estimator with its settings, as a learner uses it. */
export interface Base {
  readonly estimator: Estimator<unknown>;
  /** What the estimator's own `parse` gave. */
  readonly settings: unknown;
}

/** Whatever scores recipients by what a treatment changes for them: one file each. */
export interface UpliftLearner {
  readonly name: LearnerName;
  /** One sentence: how it works, and what it is good for. */
  readonly summary: string;
  /** Pure: the same trial, base and seed give the same model. */
  fit(trial: TrialTable, base: Base, seed: string): FittedUplift;
  /** @throws Error with a sentence, for what `toJSON` did not write. */
  fromJSON(json: Json, estimator: Estimator<unknown>): UpliftModel;
}

export type LearnerName = 'two-model' | 'class-transformation' | 'doubly-robust' | 'response';

export interface UpliftModel {
  readonly columns: readonly ColumnSpec[];
  /** For each row: higher is treated first. In outcomes a recipient, except by `response`. */
  predict(table: Table): Float64Array;
  toJSON(): Json;
}

export interface RefusedUplift {
  readonly refused: true;
  readonly code: FitRefusal | 'empty_arm';
  readonly reason: string;
}

export type FittedUplift = { readonly model: UpliftModel } | RefusedUplift;

/** The same refusal with the part of the trial that it is about. */
export function about(part: string, refusal: RefusedUplift): RefusedUplift {
  return { ...refusal, reason: `Of ${part}: ${refusal.reason}` };
}
