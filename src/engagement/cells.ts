import { type CellSums, SumList, toCellSums } from './cell-sums.js';
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

/**
 * Makes places, the same object for the same place, however many recipients stand there.
 *
 * @param cohorts as JSON text.
 */
export function placeMaker(): (
  place: Omit<Place, 'day' | 'cohorts'>,
  enrolledAt: number,
  cohorts: string,
) => Place {
  const places = new Map<string, Place>();
  const days = new Map<number, string>();
  return ({ arm, allocationVersion, fold }, enrolledAt, cohorts) => {
    const dayNumber = Math.floor(enrolledAt / 86_400_000);
    let day = days.get(dayNumber);
    if (day === undefined) days.set(dayNumber, (day = new Date(enrolledAt).toISOString().slice(0, 10)));
    const key = `${arm} ${allocationVersion} ${fold} ${day} ${cohorts}`;
    let place = places.get(key);
    if (!place) {
      const byTrait = JSON.parse(cohorts) as Place['cohorts'];
      places.set(key, (place = { arm, allocationVersion, fold, day, cohorts: byTrait }));
    }
    return place;
  };
}

/** By position: the metrics first, then the stations. Only those that something was added to. */
type PlaceSums = (SumList | undefined)[];

/** The stations that bits stand for, as outcomes. */
const stationBits = stations.map((_, i) => 1 << i);

interface GrowingCell {
  readonly cell: Omit<Cell, 'sums'>;
  readonly sums: bigint[];
}

/**
 * Cells, or differences to cells, of one experiment, while recipients are added, changed and taken away. Adding is exact,
 * so order and batching make no difference. Give the same object for the same place (`placeMaker`): it is quicker.
 */
export class CellSheet {
  readonly #rules: FactRules;
  readonly #places = new Map<Place, PlaceSums>();

  constructor(rules: FactRules) {
    this.#rules = rules;
  }

  /** A recipient who is counted from now on in every metric and station. */
  add(place: Place, facts: Facts): void {
    const sums = this.#at(place);
    for (let i = 0; i < this.#rules.metrics.length; i += 1) this.#count(sums, i, 1, facts);
    for (let i = 0; i < stations.length; i += 1) this.#countStation(sums, i, 1, facts.stations);
  }

  /** A recipient whose facts have changed. */
  change(place: Place, before: Facts, after: Facts): void {
    const sums = this.#at(place);
    for (let i = 0; i < this.#rules.metrics.length; i += 1) {
      if (before.y[i] === after.y[i] && before.d[i] === after.d[i] && before.x[i] === after.x[i]) continue;
      this.#count(sums, i, -1, before);
      this.#count(sums, i, 1, after);
    }
    const changed = before.stations ^ after.stations;
    for (let i = 0; i < stations.length; i += 1) {
      if ((changed & (stationBits[i] ?? 0)) === 0) continue;
      this.#countStation(sums, i, -1, before.stations);
      this.#countStation(sums, i, 1, after.stations);
    }
  }

  #count(sums: PlaceSums, i: number, sign: 1 | -1, facts: Facts): void {
    const outcome = { y: facts.y[i] ?? 0, d: facts.d[i] ?? 0, x: facts.x[i] ?? 0 };
    (sums[i] ??= new SumList()).add(sign, outcome, this.#rules.metrics[i]?.metric.cap);
  }

  #countStation(sums: PlaceSums, i: number, sign: 1 | -1, bits: number): void {
    const y = (bits & (stationBits[i] ?? 0)) === 0 ? 0 : 1;
    (sums[this.#rules.metrics.length + i] ??= new SumList()).add(sign, { y, d: 0, x: 0 }, undefined);
  }

  #at(place: Place): PlaceSums {
    let known = this.#places.get(place);
    if (!known) this.#places.set(place, (known = []));
    return known;
  }

  /** Every cell that holds something, by its key. Stations are counted for everybody, not by cohort. */
  cells(): Map<string, Cell> {
    const growing = new Map<string, GrowingCell>();
    for (const [place, lists] of this.#places) {
      lists.forEach((list, i) => {
        const sums = list?.sums();
        if (sums?.some((sum) => sum !== 0n) === true) this.#spread(growing, place, i, sums);
      });
    }
    return new Map([...growing].map(([key, { cell, sums }]) => [key, { ...cell, sums: toCellSums(sums) }]));
  }

  #spread(growing: Map<string, GrowingCell>, place: Place, i: number, added: readonly bigint[]): void {
    const { arm, allocationVersion, fold, day, cohorts } = place;
    const count = this.#rules.metrics.length;
    const metric = this.#rules.metrics[i]?.metric.key ?? stations[i - count]?.key ?? '';
    const slices: [string, string][] = [['', ''], ...(i < count ? Object.entries(cohorts) : [])];
    for (const [cohort, cohortValue] of slices) {
      const cell = { metric, arm, allocationVersion, cohort, cohortValue, fold, day };
      const key = cellKey(cell);
      const known = growing.get(key);
      if (known) added.forEach((sum, j) => (known.sums[j] = (known.sums[j] ?? 0n) + sum));
      else growing.set(key, { cell, sums: [...added] });
    }
  }
}

/** One text per cell; also the order in which writers lock cells, so that two of them never wait in a circle. */
export function cellKey(cell: Omit<Cell, 'sums'>): string {
  const { metric, arm, allocationVersion, cohort, cohortValue, fold, day } = cell;
  return JSON.stringify([metric, arm, allocationVersion, cohort, cohortValue, fold, day]);
}
