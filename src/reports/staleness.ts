const DAY_MS = 86_400_000;

/** What is known about how a source usually sends. */
export interface SendingHabit {
  /** `import:` sources are files: nothing more is expected of them. */
  readonly source: string;
  readonly lastReceivedAt: Date;
  /** Days of the last four weeks on which anything arrived, as `2026-03-01`, in order. */
  readonly days: readonly string[];
}

export interface Staleness {
  readonly stale: boolean;
  /** Usual number of days from one day with arrivals to the next; undefined where there were fewer than two. */
  readonly usualGapDays?: number;
  /** From when on the silence is too long; undefined of files. */
  readonly staleFrom?: Date;
}

/**
 * Has a source been silent for too long? A source that sends every day may be silent for 24 hours; one that sends more
 * seldom for three times its usual gap, which is the middle one of the gaps between its days.
 */
export function staleness({ source, lastReceivedAt, days }: SendingHabit, now: Date): Staleness {
  const usualGapDays = usualGap(days);
  const gap = usualGapDays === undefined ? {} : { usualGapDays };
  if (source.startsWith('import:')) return { stale: false, ...gap };
  const allowed = usualGapDays === undefined || usualGapDays <= 1 ? DAY_MS : 3 * usualGapDays * DAY_MS;
  const staleFrom = new Date(lastReceivedAt.getTime() + allowed);
  return { stale: now > staleFrom, ...gap, staleFrom };
}

/** The median, the lower one of two: a single long silence does not make the next one usual. */
function usualGap(days: readonly string[]): number | undefined {
  const gaps = days
    .slice(1)
    .map((day, i) => (Date.parse(day) - Date.parse(days[i] ?? day)) / DAY_MS)
    .sort((a, b) => a - b);
  return gaps[Math.ceil(gaps.length / 2) - 1];
}
