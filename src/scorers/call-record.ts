const kept = 512;

export interface CallFigures {
  /** Since the service started. */
  readonly calls: number;
  readonly failures: number;
  /** By code, rows without a score among them. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Milliseconds of the last calls, by the nearest rank; null: there was none. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Recipients with and without a score. */
  readonly scored: number;
  readonly unscored: number;
}

/** What came of the calls of one scorer in this process. */
export class CallRecord {
  private calls = 0;
  private failures = 0;
  private scored = 0;
  private unscored = 0;
  private readonly reasons = new Map<string, number>();
  private readonly latencies: number[] = [];

  /** A call that was made and how long it took. */
  called(ms: number, failed: boolean): void {
    this.latencies[this.calls % kept] = ms;
    this.calls += 1;
    if (failed) this.failures += 1;
  }

  /** Recipients who have a score, and those who have none, by the reason. */
  told(scored: number, refused: ReadonlyMap<string, number>): void {
    this.scored += scored;
    for (const [code, count] of refused) {
      this.unscored += count;
      this.reasons.set(code, (this.reasons.get(code) ?? 0) + count);
    }
  }

  figures(): CallFigures {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const rank = (share: number): number | null => {
      const value = sorted[Math.ceil(share * sorted.length) - 1];
      return value === undefined ? null : Math.round(value * 10) / 10;
    };
    return {
      calls: this.calls,
      failures: this.failures,
      reasons: Object.fromEntries([...this.reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
      p50: rank(0.5),
      p95: rank(0.95),
      scored: this.scored,
      unscored: this.unscored,
    };
  }
}
