const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `"90m"`, `"12h"` or `"14d"` in milliseconds; undefined for anything else. A day is 24 hours. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,4})([mhd])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** In words, for readers: `14 days`, `1 hour`. */
export function spellDuration(ms: number): string {
  const [count, unit] =
    ms % unitMs.d === 0
      ? [ms / unitMs.d, 'day']
      : ms % unitMs.h === 0
        ? [ms / unitMs.h, 'hour']
        : [ms / unitMs.m, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The shortest of the three forms, for reading back what was declared. */
export function formatDuration(ms: number): string {
  if (ms % unitMs.d === 0) return `${ms / unitMs.d}d`;
  if (ms % unitMs.h === 0) return `${ms / unitMs.h}h`;
  return `${ms / unitMs.m}m`;
}
