/** A small line over the days; a day without a value breaks it. */
export interface Line {
  readonly title: string;
  /** Which of the colours of the style sheet. */
  readonly colour: number;
  /** Path data in a box of `sparkWidth` by `sparkHeight`. */
  readonly path: string;
  /** Days that stand alone are dots. */
  readonly dots: readonly { readonly x: string; readonly y: string }[];
  readonly label: string;
}

interface Series {
  readonly title: string;
  readonly values: readonly (number | undefined)[];
}

export const sparkWidth = 320;
export const sparkHeight = 64;
const MARGIN = 4;
const COLOURS = 6;

/** All lines on one scale, so that they can be compared. */
export function drawLines(
  series: readonly Series[],
  { days, write }: { readonly days: readonly string[]; write: (value: number | undefined) => string },
): Line[] {
  const seen = series.flatMap((one) => one.values).filter((value) => value !== undefined);
  const low = seen.reduce((least, value) => Math.min(least, value), Infinity);
  const high = seen.reduce((most, value) => Math.max(most, value), -Infinity);
  const x = (i: number): string => place(days.length > 1 ? i / (days.length - 1) : 0.5, sparkWidth);
  const y = (value: number): string => place(high > low ? (high - value) / (high - low) : 0.5, sparkHeight);
  return series.map(({ title, values }, i) => ({
    title,
    colour: i % COLOURS,
    label: labelOf(title, values, days, write),
    ...strokes(values, x, y),
  }));
}

function place(share: number, size: number): string {
  return (MARGIN + share * (size - 2 * MARGIN)).toFixed(1);
}

function strokes(
  values: readonly (number | undefined)[],
  x: (i: number) => string,
  y: (value: number) => string,
): Pick<Line, 'path' | 'dots'> {
  const parts: string[] = [];
  const dots: { x: string; y: string }[] = [];
  values.forEach((value, i) => {
    if (value === undefined) return;
    const goesOn = values[i - 1] !== undefined;
    parts.push(`${goesOn ? 'L' : 'M'}${x(i)} ${y(value)}`);
    if (!goesOn && values[i + 1] === undefined) dots.push({ x: x(i), y: y(value) });
  });
  return { path: parts.join(' '), dots };
}

function labelOf(
  title: string,
  values: readonly (number | undefined)[],
  days: readonly string[],
  write: (value: number | undefined) => string,
): string {
  const known = values.flatMap((value, i) => (value === undefined ? [] : [{ value, day: days[i] ?? '' }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return `${title}: no value`;
  return `${title}: ${write(first.value)} on ${first.day}, ${write(last.value)} on ${last.day}`;
}
