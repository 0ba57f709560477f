/** A number with its interval. Proportions are fractions (0.18), money is in currency units. */
export interface ReportEstimate {
  readonly value: number;
  /** Null: unbounded on this side. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly se?: number;
  /** As written on every face, for example `+7.66 pp`. */
  readonly text: string;
  /** For example `+6.99 to +8.32 pp`. */
  readonly intervalText: string;
}

export interface ReportTest {
  /** Id of the method in the registry of statistical methods. */
  readonly method: string;
  readonly statistic: number;
  readonly df: readonly number[];
  readonly p: number;
  /** Natural logarithm of p; stays useful where p underflows to 0. */
  readonly logP: number;
  /** For example `p < 0.0001`. */
  readonly text: string;
}

/** A p-value corrected for the number of comparisons in its family. */
export interface AdjustedP {
  readonly method: 'holm';
  /** Comparisons in the family. */
  readonly family: number;
  readonly p: number;
  readonly text: string;
}
