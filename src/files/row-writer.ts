/**
 * Rows on their way out: how values stand, column by column, and what a writer of a format does with them.
 */
export type OutType = 'text' | 'int' | 'decimal' | 'real' | 'time' | 'day' | 'json';

export interface OutColumn {
  readonly name: string;
  readonly type: OutType;
  /** Whether every row has it. */
  readonly required: boolean;
}

/**
 * Values by column name: whole numbers as digits, times as ISO 8601 in UTC, days as 2026-03-01, JSON as text, reals as
 * numbers; null where there is none.
 */
export type OutRow = Readonly<Record<string, string | number | null>>;

/** Takes bytes, in order; waits where the other side is slow. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

export interface RowWriter {
  write(rows: readonly OutRow[]): Promise<void>;
  /** The last thing: nothing can be written after it. */
  end(): Promise<void>;
}

export const outFormats = ['csv', 'ndjson', 'parquet'] as const;
export type OutFormat = (typeof outFormats)[number];
