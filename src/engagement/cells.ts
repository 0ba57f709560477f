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
    const count = this.#rules.metrics.length;
    const metrics = [
      ...this.#rules.metrics.map(({ metric }) => metric.key),
      ...stations.map(({ key }) => key),
    ];
    const growing = new Map<string, GrowingCell>();
    for (const [place, lists] of this.#places) {
      const everybody = [cellsAt(place, '', '')];
      const slices = Object.entries(place.cohorts).map(([cohort, value]) => cellsAt(place, cohort, value));
      lists.forEach((list, i) => {
        const sums = list?.sums();
        if (sums?.some((sum) => sum !== 0n) !== true) return;
        for (const at of i < count ? [...everybody, ...slices] : everybody) {
          grow(growing, at, metrics[i] ?? '', sums);
        }
      });
    }
    return new Map([...growing].map(([key, { cell, sums }]) => [key, { ...cell, sums: toCellSums(sums) }]));
  }
}

/** One text per cell; also the order in which writers lock cells, so that two of them never wait in a circle. */
export function cellKey({ metric, ...cell }: Omit<Cell, 'sums'>): string {
  return keyOf(metric, keyEndOf(cell));
}

/** The cells of all metrics of those who stand at one place and are alike in one trait. */
interface CellsAt {
  readonly cell: Omit<Cell, 'metric' | 'sums'>;
  /** What all their keys end with. */
  readonly keyEnd: string;
}

function cellsAt({ arm, allocationVersion, fold, day }: Place, cohort: string, cohortValue: string): CellsAt {
  const cell = { arm, allocationVersion, cohort, cohortValue, fold, day };
  return { cell, keyEnd: keyEndOf(cell) };
}

function keyEndOf({ arm, allocationVersion, cohort, cohortValue, fold, day }: CellsAt['cell']): string {
  return JSON.stringify([arm, allocationVersion, cohort, cohortValue, fold, day]);
}

function keyOf(metric: string, keyEnd: string): string {
  return `${metric} ${keyEnd}`;
}

function grow(
  growing: Map<string, GrowingCell>,
  { cell, keyEnd }: CellsAt,
  metric: string,
  added: readonly bigint[],
): void {
  const key = keyOf(metric, keyEnd);
  const known = growing.get(key);
  if (!known) growing.set(key, { cell: { metric, ...cell }, sums: [...added] });
  else added.forEach((sum, j) => (known.sums[j] = (known.sums[j] ?? 0n) + sum));
}
