import type { InputProblem } from '../errors.js';
import { PostulateError } from '../errors.js';

const examplesKept = 20;
/** More than this share of bad rows stops the analysis. */
const tolerated = 0.01;

export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

export interface BadRowsFound {
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly BadRow[];
}

/** Counts rows that could not be read and keeps the first ones to show. */
export class BadRows {
  #count = 0;
  readonly #examples: BadRow[] = [];

  add(line: number, reason: string): void {
    this.#count++;
    if (this.#examples.length < examplesKept) this.#examples.push({ line, reason });
  }

  get count(): number {
    return this.#count;
  }

  get examples(): readonly BadRow[] {
    return this.#examples;
  }

  found(): BadRowsFound {
    return { count: this.#count, examples: this.#examples };
  }

  /** True when they are too many among `rows` rows in all, good and bad. */
  tooMany(rows: number): boolean {
    return this.#count > tolerated * rows;
  }

  /** The refusal to go on, with the examples. */
  problem(rowsRead: number, wholeFile: boolean): PostulateError {
    const of = `${this.#count.toLocaleString('en-US')} of ${wholeFile ? '' : 'the first '}${rowsRead.toLocaleString('en-US')} rows`;
    const examples: InputProblem[] = this.#examples.map(({ line, reason }) => ({
      path: `line ${line}`,
      message: reason,
    }));
    return new PostulateError(
      'bad_input',
      'file_too_many_bad_rows',
      `${of} could not be read; more than 1% stops the analysis. Mend the file, or add --skip-bad-rows to leave them out.`,
      examples,
    );
  }
}
