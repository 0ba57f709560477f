import type { Json } from '../../strategy.js';
import { expectColumns } from '../check-fit.js';
import type { Model } from '../estimator.js';
import type { ColumnSpec, Table } from '../table.js';
import { TreeScorer } from '../trees/score-trees.js';
import type { Tree } from '../trees/tree.js';
import { treeToJson } from '../trees/tree-json.js';

/** How good the forest is on rows that it did not learn from: each is scored by those trees that did not draw it. */
export interface OutOfBag {
  /** That some tree did not draw. */
  readonly rows: number;
  readonly logLoss: number;
  readonly auc: number;
}

export interface ForestParts {
  readonly columns: readonly ColumnSpec[];
  /** Share of positives. */
  readonly base: number;
  /** Their leaves hold how much further up or down the share is there, divided by the number of trees. */
  readonly trees: readonly Tree[];
  /** Undefined where no tree splits. */
  readonly gain: readonly number[] | undefined;
  /** Null where the trees left out no row of one of the labels. */
  readonly outOfBag: OutOfBag | null;
}

export const forestVersion = 1;

/** So that rounding never makes a probability sure. */
const least = 1e-12;

export const asProbability = (share: number): number => Math.min(1 - least, Math.max(least, share));

export class ForestModel implements Model {
  readonly columns: readonly ColumnSpec[];
  readonly gain?: readonly number[];
  readonly parts: ForestParts;
  private readonly scorer: TreeScorer;

  constructor(parts: ForestParts) {
    this.parts = parts;
    this.columns = parts.columns;
    if (parts.gain) this.gain = parts.gain;
    this.scorer = new TreeScorer(parts.trees, parts.columns);
  }

  predict(table: Table): Float64Array {
    expectColumns(table, this.columns);
    return this.scorer.sums(table, this.parts.base).map(asProbability);
  }

  toJSON(): Json {
    const { columns, base, trees, gain, outOfBag } = this.parts;
    return {
      estimator: 'forest',
      version: forestVersion,
      columns: columns as Json,
      base,
      trees: trees.map(treeToJson),
      gain: gain ?? null,
      outOfBag: outOfBag as Json,
    };
  }
}
