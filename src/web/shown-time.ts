/** A time for a page: `2026-03-10 09:15:02`, in UTC. */
export function shownTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

const units: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A span of time for people: `0 s`, `<1 s`, `45 s`, `2.5 h`, `12 d`; `−3 min` backwards. */
export function shownSpan(seconds: number): string {
  const length = Math.abs(seconds);
  if (length > 0 && length < 1) return `${seconds < 0 ? '−' : ''}<1 s`;
  const [size, unit] = units.find(([one]) => length >= one) ?? [1, 's'];
  const count = length / size;
  const text = count >= 10 ? String(Math.round(count)) : String(Math.round(count * 10) / 10);
  return `${seconds < 0 ? '−' : ''}${text} ${unit}`;
}
