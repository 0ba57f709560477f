const dayMs = 86_400_000;

/** When a strategy is to learn again by itself. */
export interface RetrainingTimes {
  readonly everyDays: number;
  /** Time of the day in UTC: `03:30`. */
  readonly at: string;
  /** When it was last begun; undefined: not yet. */
  readonly lastAt: Date | undefined;
  /** From when on it is to learn by itself. */
  readonly since: Date;
}

/**
 * At this time of the day, so many days after the day on which it last learned, whenever that was; the first time at the next
 * such time of the day. Changing the time of the day never skips a day.
 */
export function nextRetraining({ everyDays, at, lastAt, since }: RetrainingTimes): Date {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const ofDay = (hours * 60 + minutes) * 60_000;
  const first = Math.floor(since.getTime() / dayMs) * dayMs + ofDay;
  const firstAfter = first >= since.getTime() ? first : first + dayMs;
  if (!lastAt) return new Date(firstAfter);
  const next = (Math.floor(lastAt.getTime() / dayMs) + everyDays) * dayMs + ofDay;
  return new Date(Math.max(next, firstAfter));
}
