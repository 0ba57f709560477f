import type { Json } from '../../strategy.js';
import { expectColumns } from '../check-fit.js';
import type { Model } from '../estimator.js';
import type { ColumnSpec, Table } from '../table.js';
import { TreeScorer } from '../trees/score-trees.js';
import type { Tree } from '../trees/tree.js';
import { treeToJson } from '../trees/tree-json.js';

/** How the log loss of rows that were held out went, tree by tree; the model keeps the trees up to the lowest. */
export interface ValidationCurve {
  readonly rows: number;
  /** First without any tree. */
  readonly logLoss: readonly number[];
}

export interface BoostingParts {
  readonly columns: readonly ColumnSpec[];
  /** Log odds before any tree. */
  readonly base: number;
  readonly trees: readonly Tree[];
  /** Undefined where no tree splits. */
  readonly gain: readonly number[] | undefined;
  /** Null where nothing was held out. */
  readonly validation: ValidationCurve | null;
}

export const boostingVersion = 1;

/** Beyond these log odds a probability could no longer be told from 0 or 1. */
const maxLogOdds = 36;

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-Math.min(maxLogOdds, Math.max(-maxLogOdds, logOdds))));
}

export class BoostingModel implements Model {
  readonly columns: readonly ColumnSpec[];
  readonly gain?: readonly number[];
  private readonly parts: BoostingParts;
  private readonly scorer: TreeScorer;

  constructor(parts: BoostingParts) {
    this.parts = parts;
    this.columns = parts.columns;
    if (parts.gain) this.gain = parts.gain;
    this.scorer = new TreeScorer(parts.trees, parts.columns);
  }

  predict(table: Table): Float64Array {
    expectColumns(table, this.columns);
    const sums = this.scorer.sums(table, this.parts.base);
    for (let r = 0; r < sums.length; r++) sums[r] = sigmoid(sums[r] as number);
    return sums;
  }

  toJSON(): Json {
    const { columns, base, trees, gain, validation } = this.parts;
    return {
      estimator: 'boosting',
      version: boostingVersion,
      columns: columns as Json,
      base,
      trees: trees.map(treeToJson),
      gain: gain ?? null,
      validation: validation as Json,
    };
  }
}
