import type { OutcomeSums } from '../statistics/sums.js';
import { addSums, emptySums, sumsOf } from '../statistics/sums.js';
import type { Outcomes } from './outcomes.js';

/** Where in the cells a recipient stands. */
export interface Place {
  readonly arm: number;
  readonly allocationVersion: number;
  readonly fold: number;
  /** Day of enrolment in UTC, `2026-03-01`. */
  readonly day: string;
  /** Cohort value by trait, as it was at enrolment. */
  readonly cohorts: Readonly<Record<string, string>>;
}

export interface Cell {
  readonly metric: string;
  readonly arm: number;
  readonly allocationVersion: number;
  /** Trait and value; both empty in the cell that holds everybody. */
  readonly cohort: string;
  readonly cohortValue: string;
  readonly fold: number;
  readonly day: string;
  readonly sums: OutcomeSums;
}

/** Cells, or differences to cells, by their key. Adding is exact, so order and batching make no difference. */
export type Cells = Map<string, Cell>;

/** Adds a recipient who has just been enrolled: counted in every metric, with nothing done yet. */
export function addEnrolment(cells: Cells, place: Place, metrics: readonly string[]): void {
  for (const metric of metrics) addEverywhere(cells, place, metric, sumsOf(0n));
}

/** Moves a recipient from one set of outcomes to another. */
export function changeOutcomes(cells: Cells, place: Place, from: Outcomes, to: Outcomes): void {
  for (const metric of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before = outcomeIn(from, metric);
    const after = outcomeIn(to, metric);
    if (before !== after) addEverywhere(cells, place, metric, difference(sumsOf(before), sumsOf(after)));
  }
}

/** Own fields only: a metric may be called `constructor`. */
function outcomeIn(outcomes: Outcomes, metric: string): bigint {
  return (Object.hasOwn(outcomes, metric) ? outcomes[metric] : undefined) ?? 0n;
}

function addEverywhere(cells: Cells, place: Place, metric: string, sums: OutcomeSums): void {
  add(cells, { ...placeOf(place), metric, cohort: '', cohortValue: '', sums });
  for (const [cohort, cohortValue] of Object.entries(place.cohorts)) {
    add(cells, { ...placeOf(place), metric, cohort, cohortValue, sums });
  }
}

function placeOf({ arm, allocationVersion, fold, day }: Place): Omit<Place, 'cohorts'> {
  return { arm, allocationVersion, fold, day };
}

function add(cells: Cells, cell: Cell): void {
  const key = cellKey(cell);
  const known = cells.get(key);
  cells.set(key, { ...cell, sums: addSums(known?.sums ?? emptySums, cell.sums) });
}

/** One text per cell; also the order in which writers lock cells, so that two of them never wait in a circle. */
export function cellKey(cell: Omit<Cell, 'sums'>): string {
  const { metric, arm, allocationVersion, cohort, cohortValue, fold, day } = cell;
  return JSON.stringify([metric, arm, allocationVersion, cohort, cohortValue, fold, day]);
}

function difference(from: OutcomeSums, to: OutcomeSums): OutcomeSums {
  return {
    n: to.n - from.n,
    nonZero: to.nonZero - from.nonZero,
    sum: to.sum - from.sum,
    sumSquares: to.sumSquares - from.sumSquares,
    sumCubes: to.sumCubes - from.sumCubes,
  };
}
