import { addRecipient, type CellSums, emptySumList, type SumList, toCellSums } from './cell-sums.js';
import { type FactRules, type Facts, stations } from './facts.js';

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
  readonly sums: CellSums;
}

/** Sums of one place, by position: the metrics first, then the stations. Only those that something was added to. */
interface PlaceSums {
  readonly place: Place;
  readonly sums: (SumList | undefined)[];
}

/** The stations that bits stand for, as outcomes. */
const stationBits = stations.map((_, i) => 1 << i);

/**
 * Cells, or differences to cells, of one experiment, while recipients are added, changed and taken away. Adding is exact,
 * so order and batching make no difference.
 */
export class CellSheet {
  readonly #rules: FactRules;
  readonly #places = new Map<string, PlaceSums>();

  constructor(rules: FactRules) {
    this.#rules = rules;
  }

  /** A recipient who is counted from now on in every metric and station. */
  add(place: Place, facts: Facts): void {
    const { sums } = this.#at(place);
    this.#rules.metrics.forEach((_, i) => this.#count(sums, i, 1n, facts));
    stations.forEach((_, i) => this.#countStation(sums, i, 1n, facts.stations));
  }

  /** A recipient whose facts have changed. */
  change(place: Place, before: Facts, after: Facts): void {
    const { sums } = this.#at(place);
    this.#rules.metrics.forEach((_, i) => {
      if (before.y[i] === after.y[i] && before.d[i] === after.d[i] && before.x[i] === after.x[i]) return;
      this.#count(sums, i, -1n, before);
      this.#count(sums, i, 1n, after);
    });
    stations.forEach((_, i) => {
      if (((before.stations ^ after.stations) & (stationBits[i] ?? 0)) === 0) return;
      this.#countStation(sums, i, -1n, before.stations);
      this.#countStation(sums, i, 1n, after.stations);
    });
  }

  #count(sums: (SumList | undefined)[], i: number, sign: 1n | -1n, facts: Facts): void {
    const list = (sums[i] ??= emptySumList());
    const outcome = { y: facts.y[i] ?? 0n, d: facts.d[i] ?? 0n, x: facts.x[i] ?? 0n };
    addRecipient(list, sign, outcome, this.#rules.metrics[i]?.metric.cap);
  }

  #countStation(sums: (SumList | undefined)[], i: number, sign: 1n | -1n, bits: number): void {
    const list = (sums[this.#rules.metrics.length + i] ??= emptySumList());
    const y = (bits & (stationBits[i] ?? 0)) === 0 ? 0n : 1n;
    addRecipient(list, sign, { y, d: 0n, x: 0n }, undefined);
  }

  #at(place: Place): PlaceSums {
    const { arm, allocationVersion, fold, day, cohorts } = place;
    const key = `${arm} ${allocationVersion} ${fold} ${day} ${JSON.stringify(cohorts)}`;
    let known = this.#places.get(key);
    if (!known) this.#places.set(key, (known = { place, sums: [] }));
    return known;
  }

  /** Every cell that holds something, by its key. Stations are counted for everybody, not by cohort. */
  cells(): Map<string, Cell> {
    const lists = new Map<string, { cell: Omit<Cell, 'sums'>; list: SumList }>();
    for (const { place, sums } of this.#places.values()) {
      sums.forEach((list, i) => {
        if (list?.some((sum) => sum !== 0n) === true) this.#spread(lists, place, i, list);
      });
    }
    return new Map([...lists].map(([key, { cell, list }]) => [key, { ...cell, sums: toCellSums(list) }]));
  }

  #spread(
    lists: Map<string, { cell: Omit<Cell, 'sums'>; list: SumList }>,
    place: Place,
    i: number,
    added: SumList,
  ): void {
    const { arm, allocationVersion, fold, day, cohorts } = place;
    const count = this.#rules.metrics.length;
    const metric = this.#rules.metrics[i]?.metric.key ?? stations[i - count]?.key ?? '';
    const slices: [string, string][] = [['', ''], ...(i < count ? Object.entries(cohorts) : [])];
    for (const [cohort, cohortValue] of slices) {
      const cell = { metric, arm, allocationVersion, cohort, cohortValue, fold, day };
      const key = cellKey(cell);
      const known = lists.get(key);
      if (known) added.forEach((sum, j) => (known.list[j] = (known.list[j] ?? 0n) + sum));
      else lists.set(key, { cell, list: [...added] });
    }
  }
}

/** One text per cell; also the order in which writers lock cells, so that two of them never wait in a circle. */
export function cellKey(cell: Omit<Cell, 'sums'>): string {
  const { metric, arm, allocationVersion, cohort, cohortValue, fold, day } = cell;
  return JSON.stringify([metric, arm, allocationVersion, cohort, cohortValue, fold, day]);
}
