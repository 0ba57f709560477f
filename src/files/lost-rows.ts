/** Rows of one arm that were left out because an outcome could not be read. */
export interface SkippedRows {
  readonly levels: readonly string[];
  readonly rows: number;
}

const mostArms = 1000;

/** Remembers where rows were lost: arms that lose unlike shares are no longer comparable. */
export class LostRows {
  readonly #arms = new Map<string, { levels: readonly string[]; rows: number }>();
  readonly #columns = new Map<string, number>();

  /** A row with these levels, lost because of this column: of the first that could not be read. */
  note(levels: readonly string[], column: string): void {
    this.#columns.set(column, (this.#columns.get(column) ?? 0) + 1);
    const key = JSON.stringify(levels);
    const known = this.#arms.get(key);
    if (known) known.rows++;
    else if (this.#arms.size < mostArms) this.#arms.set(key, { levels, rows: 1 });
  }

  byArm(): SkippedRows[] {
    return [...this.#arms.values()];
  }

  /** In the order of the columns given, those that cost rows. */
  byColumn(columns: readonly string[]): { column: string; rows: number }[] {
    return columns.flatMap((column) => {
      const rows = this.#columns.get(column) ?? 0;
      return rows > 0 ? [{ column, rows }] : [];
    });
  }
}
