import { quoted, quotedList } from './closest-name.js';
import { DistinctValues } from './distinct-values.js';
import { ExactDecimal } from './exact-decimal.js';
import { fileProblem } from './file-problem.js';
import { LostRows, type SkippedRows } from './lost-rows.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { PartialSums } from './partial-sums.js';
import { fieldText, type RawRecord } from './scan-records.js';
import { yesOrNo } from './yes-or-no.js';

export interface OutcomeColumn {
  readonly column: string;
  readonly type: 'proportion' | 'mean' | 'money';
}

/** Which columns of the file mean what. */
export interface CampaignColumns {
  /** One column of arms, or several of factor levels. */
  readonly factors: readonly string[];
  readonly outcomes: readonly OutcomeColumn[];
  readonly cohorts: readonly string[];
}

/** The sums of one arm, or of one cohort in it; one entry per outcome column. */
export interface TalliedCell {
  /** Number of the level in every factor. */
  readonly levels: readonly number[];
  readonly cohort?: { readonly trait: string; readonly value: string };
  readonly sums: readonly OutcomeSums[];
}

/** More different values than this are no arms, factors or cohorts but something else, an id perhaps. */
const mostDistinct = 50;
const radix = mostDistinct + 1;

export interface Tallied {
  readonly rows: number;
  /** The values of every factor column, in order of appearance. */
  readonly levels: readonly (readonly string[])[];
  /** Outcomes are integers in units of 10^-exponent, one exponent per outcome column. */
  readonly exponents: readonly number[];
  readonly cells: readonly TalliedCell[];
  readonly skipped: readonly SkippedRows[];
  /** Rows left out because of one column: of the first that could not be read. */
  readonly skippedBy: readonly { readonly column: string; readonly rows: number }[];
}

/** The first field of a row that cannot be read. */
interface BadField {
  readonly column: string;
  readonly what: string;
}

/** Recipients and sums in one place of the breakdown. */
interface Place {
  n: number;
  readonly outcomes: readonly PartialSums[];
}

interface ArmPlace {
  readonly levels: readonly number[];
  readonly all: Place;
  /** Per cohort column, per value. */
  readonly cohorts: readonly (Place | undefined)[][];
}

/** Adds rows to exact sums. A row is checked whole before anything of it is counted. */
export class CampaignTally {
  rows = 0;
  readonly #columns: CampaignColumns;
  readonly #positions: readonly number[];
  readonly #levels: readonly DistinctValues[];
  readonly #traits: readonly DistinctValues[];
  readonly #exponents: number[];
  readonly #units: (number | bigint)[];
  readonly #decimals: number[];
  readonly #number: ExactDecimal;
  readonly #arms = new Map<number, ArmPlace>();
  readonly #lost = new LostRows();

  /** `positions` holds the field of every factor, outcome and cohort column, in this order. */
  constructor(columns: CampaignColumns, positions: readonly number[], point: '.' | ',') {
    this.#columns = columns;
    this.#positions = positions;
    this.#levels = columns.factors.map(() => new DistinctValues());
    this.#traits = columns.cohorts.map(() => new DistinctValues());
    this.#exponents = columns.outcomes.map(() => 0);
    this.#units = columns.outcomes.map(() => 0);
    this.#decimals = columns.outcomes.map(() => 0);
    this.#number = new ExactDecimal(point);
  }

  /** Why the row is bad, or undefined when it has been counted. */
  add(record: RawRecord): string | undefined {
    const problem = this.#readFactors(record) ?? this.#readOutcomes(record);
    if (problem !== undefined) {
      const levels = this.#columns.factors.map((_, i) => fieldText(record, this.#field('factor', i)));
      this.#lost.note(levels, problem.column);
      return `column ${quoted(problem.column)} ${problem.what}`;
    }
    const arm = this.#armOf(record);
    this.#count(arm.all);
    for (let j = 0; j < this.#traits.length; j++) {
      const value = this.#numberOf('cohort', this.#traits, this.#columns.cohorts, j, record);
      const places = arm.cohorts[j];
      if (places) this.#count((places[value] ??= this.#newPlace()));
    }
    this.rows++;
    return undefined;
  }

  #field(kind: 'factor' | 'outcome' | 'cohort', i: number): number {
    const { factors, outcomes } = this.#columns;
    const before =
      kind === 'factor' ? 0 : kind === 'outcome' ? factors.length : factors.length + outcomes.length;
    return this.#positions[before + i] ?? 0;
  }

  #readFactors(record: RawRecord): BadField | undefined {
    for (let i = 0; i < this.#columns.factors.length; i++) {
      const field = this.#field('factor', i);
      if (record.starts[field] === record.ends[field]) {
        return { column: this.#columns.factors[i] ?? '', what: 'is empty' };
      }
    }
    return undefined;
  }

  #readOutcomes(record: RawRecord): BadField | undefined {
    const { outcomes } = this.#columns;
    for (let i = 0; i < outcomes.length; i++) {
      const field = this.#field('outcome', i);
      const what =
        outcomes[i]?.type === 'proportion'
          ? this.#readYesOrNo(record, field, i)
          : this.#readNumber(record, field, i);
      if (what !== undefined) return { column: outcomes[i]?.column ?? '', what };
    }
    return undefined;
  }

  #readYesOrNo(record: RawRecord, field: number, i: number): string | undefined {
    const start = record.starts[field] ?? 0;
    const digit = (record.bytes[start] ?? 0) - 0x30;
    if ((record.ends[field] ?? 0) - start === 1 && (digit === 0 || digit === 1)) {
      this.#units[i] = digit;
      return undefined;
    }
    const text = fieldText(record, field);
    const answer = yesOrNo(text);
    if (answer === undefined) {
      return text.trim() === ''
        ? 'is empty'
        : `holds ${quoted(text)}, which is neither yes (1, true, yes) nor no (0, false, no)`;
    }
    this.#units[i] = answer;
    return undefined;
  }

  #readNumber(record: RawRecord, field: number, i: number): string | undefined {
    const [start, end] = [record.starts[field] ?? 0, record.ends[field] ?? 0];
    if (!this.#number.read(record.bytes, start, end)) {
      if (this.#number.problem === 'is empty') return 'is empty';
      return `holds ${quoted(fieldText(record, field))}, which ${this.#number.problem}`;
    }
    this.#units[i] = this.#number.units;
    this.#decimals[i] = this.#number.decimals;
    return undefined;
  }

  #numberOf(
    kind: 'factor' | 'cohort',
    values: readonly DistinctValues[],
    names: readonly string[],
    i: number,
    record: RawRecord,
  ): number {
    const field = this.#field(kind, i);
    const known = values[i]?.find(record, field) ?? 0;
    if (known >= 0) return known;
    const number = values[i]?.add(record, field) ?? 0;
    if (number >= mostDistinct) throw tooManyValues(names[i] ?? '', values[i]?.values ?? []);
    return number;
  }

  #armOf(record: RawRecord): ArmPlace {
    let key = 0;
    for (let i = 0; i < this.#levels.length; i++) {
      key = key * radix + this.#numberOf('factor', this.#levels, this.#columns.factors, i, record);
    }
    const known = this.#arms.get(key);
    if (known) return known;
    const arm = { levels: this.#levelsOf(key), all: this.#newPlace(), cohorts: this.#traits.map(() => []) };
    this.#arms.set(key, arm);
    return arm;
  }

  #levelsOf(key: number): number[] {
    const levels: number[] = [];
    for (let left = key; levels.length < this.#levels.length; left = Math.floor(left / radix))
      levels.unshift(left % radix);
    return levels;
  }

  #newPlace(): Place {
    return { n: 0, outcomes: this.#columns.outcomes.map(() => new PartialSums()) };
  }

  #count(place: Place): void {
    place.n++;
    for (let i = 0; i < this.#units.length; i++) {
      const units = this.#units[i] ?? 0;
      if (units !== 0) place.outcomes[i]?.add(this.#scaled(units, i));
    }
  }

  /** The value in units of the column's exponent; a value with more decimals than any before raises it for all. */
  #scaled(units: number | bigint, i: number): number | bigint {
    const [decimals, exponent] = [this.#decimals[i] ?? 0, this.#exponents[i] ?? 0];
    if (decimals === exponent) return units;
    if (decimals > exponent) {
      this.#raise(i, decimals - exponent);
      return units;
    }
    const scaled = Number(units) * 10 ** (exponent - decimals);
    return typeof units === 'number' && Number.isSafeInteger(scaled)
      ? scaled
      : BigInt(units) * 10n ** BigInt(exponent - decimals);
  }

  #raise(i: number, digits: number): void {
    for (const arm of this.#arms.values()) {
      for (const place of [arm.all, ...arm.cohorts.flat()]) place?.outcomes[i]?.rescale(digits);
    }
    this.#exponents[i] = (this.#exponents[i] ?? 0) + digits;
  }

  result(): Tallied {
    const sums = (place: Place): OutcomeSums[] => place.outcomes.map((one) => one.sums(place.n));
    const cells = [...this.#arms.values()].flatMap((arm): TalliedCell[] => [
      { levels: arm.levels, sums: sums(arm.all) },
      ...arm.cohorts.flatMap((places, j) =>
        places.flatMap((place, v) => {
          const value = this.#traits[j]?.values[v] ?? '';
          const trait = this.#columns.cohorts[j] ?? '';
          return place ? [{ levels: arm.levels, cohort: { trait, value }, sums: sums(place) }] : [];
        }),
      ),
    ]);
    return {
      rows: this.rows,
      levels: this.#levels.map((one) => [...one.values]),
      exponents: this.#exponents,
      cells,
      skipped: this.#lost.byArm(),
      // In the order of the question, whatever the order of the rows.
      skippedBy: this.#lost.byColumn([
        ...this.#columns.factors,
        ...this.#columns.outcomes.map((one) => one.column),
      ]),
    };
  }
}

function tooManyValues(column: string, values: readonly string[]): Error {
  return fileProblem(
    'too_many_values',
    `Column ${quoted(column)} has more than ${mostDistinct} different values (${quotedList(values, 5)}), so it can be neither arm, factor nor cohort. Is it the right column? Group its values first.`,
  );
}
