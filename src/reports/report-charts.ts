/** How the numbers of a chart are to be written. */
export type ChartUnit = 'percent' | 'points' | 'money' | 'number' | 'minutes';

export interface ChartRow {
  readonly label: string;
  /** Null with the text of the refusal in `text`. */
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly text: string;
  readonly n?: number;
}

export interface IntervalChart {
  readonly id: string;
  readonly title: string;
  readonly metric: string;
  readonly unit: ChartUnit;
  readonly currency?: string;
  readonly rows: readonly ChartRow[];
}

/** Charts as data; drawn as inline SVG or by a chart library, never computed anew. */
export interface ReportCharts {
  /** One per metric: uplift (or difference, where a ratio is refused) of every arm. */
  readonly effects: readonly IntervalChart[];
  /** One per trait x metric x arm. */
  readonly cohorts: readonly (IntervalChart & { readonly trait: string; readonly arm: string })[];
}
