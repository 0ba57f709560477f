import { leastSquares } from '../numerics/least-squares.js';
import { refuse, type OrRefusal, type Refusal } from '../result.js';
import { combinations } from './combinations.js';

/** More combinations than this are not modelled: the work grows with their fourth power. */
export const MOST_CELLS = 64;

/** A column of the model: a set of factors, one of the levels of each (never the last), and its value in every cell. */
export interface EffectColumn {
  /** Empty for the overall mean. */
  readonly factors: readonly number[];
  readonly levels: readonly number[];
  /** One per cell, row-major with the first factor slowest. */
  readonly values: readonly number[];
}

/** A refusal (`invalid_input`) unless these are the cells of a full factorial of at most `MOST_CELLS`. */
export function impossibleDesign(levelCounts: readonly number[], cells: number): Refusal | undefined {
  if (levelCounts.length === 0 || !levelCounts.every((count) => Number.isInteger(count) && count >= 2)) {
    return refuse('invalid_input', 'levelCounts must hold a whole number of at least 2 for every factor.');
  }
  const wanted = levelCounts.reduce((product, count) => product * count, 1);
  if (wanted !== cells) {
    return refuse('invalid_input', 'cells must hold one entry for every combination of levels.');
  }
  if (wanted > MOST_CELLS) {
    return refuse('invalid_input', `A model takes at most ${MOST_CELLS} combinations.`);
  }
  return undefined;
}

/** A refusal (`invalid_input`) unless a model can have interactions of up to `order` factors. */
export function impossibleOrder(levelCounts: readonly number[], order: number): Refusal | undefined {
  if (Number.isInteger(order) && order >= 1 && order <= levelCounts.length) return undefined;
  return refuse('invalid_input', 'order must be a whole number from 1 to the number of factors.');
}

/** The terms and columns of a model, and the cells that have recipients. */
export interface ModelDesign {
  readonly terms: readonly (readonly number[])[];
  readonly columns: readonly EffectColumn[];
  /** The values of the columns. */
  readonly values: readonly (readonly number[])[];
  /** One per cell. */
  readonly occupied: readonly boolean[];
}

/**
 * The model with all interactions of up to `order` factors, for cells that `impossibleDesign` lets pass. Refuses
 * `missing_cell` where the recipients there are cannot tell its effects apart.
 */
export function modelDesign(
  levelCounts: readonly number[],
  order: number,
  recipients: readonly bigint[],
): OrRefusal<ModelDesign> {
  const terms = designTerms(levelCounts.length, order);
  const columns = effectColumns(levelCounts, terms);
  const values = columns.map((column) => column.values);
  const occupied = recipients.map((n) => n > 0n);
  const used = occupied.map(Number);
  return leastSquares(values, used, used, 1e-9) ? { terms, columns, values, occupied } : missingCell;
}

export const missingCell = refuse(
  'missing_cell',
  'Combinations without recipients leave effects of this model without an estimate.',
);

/** All sets of one to `order` factors: single ones first, then pairs, and so on. */
export function designTerms(factorCount: number, order: number): number[][] {
  const bySize: number[][][] = [[[]]];
  for (let size = 1; size <= order; size += 1) {
    const larger = (bySize[size - 1] ?? []).flatMap((term) => {
      const next = (term.at(-1) ?? -1) + 1;
      return Array.from({ length: factorCount - next }, (_, i) => [...term, next + i]);
    });
    bySize.push(larger);
  }
  return bySize.slice(1).flat();
}

/**
 * Effect coding (R's `contr.sum`): a level is 1, the last level -1, every other 0; interactions are products. The
 * overall mean comes first, then the terms; within a term the levels of its first factor change fastest.
 */
export function effectColumns(
  levelCounts: readonly number[],
  terms: readonly (readonly number[])[],
): EffectColumn[] {
  const cells = combinations(levelCounts);
  return [[], ...terms].flatMap((factors) => {
    const slowestFirst = combinations(factors.toReversed().map((f) => (levelCounts[f] ?? 0) - 1));
    return slowestFirst.map((reversed): EffectColumn => {
      const levels = reversed.toReversed();
      const values = cells.map((cell) =>
        factors.reduce((product, f, i) => product * code(cell[f], levels[i], levelCounts[f]), 1),
      );
      return { factors, levels, values };
    });
  });
}

function code(level: number | undefined, own: number | undefined, count = 0): number {
  return level === own ? 1 : level === count - 1 ? -1 : 0;
}

/** Positions of the columns of one term. */
export function columnsOf(columns: readonly EffectColumn[], term: readonly number[]): number[] {
  return columns.flatMap(({ factors }, i) => (sameFactors(factors, term) ? [i] : []));
}

function sameFactors(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((factor, i) => factor === b[i]);
}
