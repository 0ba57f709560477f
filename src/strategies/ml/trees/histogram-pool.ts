import { perColumn } from './histogram.js';

/** Histograms that are used again, so that growing a tree allocates nothing of their size. */
export class HistogramPool {
  private readonly columns: number;
  private readonly free: Float64Array[] = [];

  constructor(columns: number) {
    this.columns = columns;
  }

  /** With whatever was left in it. */
  take(): Float64Array {
    return this.free.pop() ?? new Float64Array(this.columns * perColumn);
  }

  give(histogram: Float64Array | undefined): void {
    if (histogram) this.free.push(histogram);
  }
}
