import type { ExportRange } from '../database/questions/export-range.js';
import { badInput, type InputProblem } from '../errors.js';
import type { ExportTable } from './data-schema.js';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const day = /^\d{4}-\d\d-\d\d$/;
const dayMs = 86_400_000;

/** A day in UTC, or a time with its zone; undefined for anything else. */
function readLimit(text: string): Date | undefined {
  if (!day.test(text) && !time.test(text)) return undefined;
  const date = new Date(day.test(text) ? `${text}T00:00:00.000Z` : text);
  // JavaScript takes the 30th of February for the 1st of March.
  const isReal = !Number.isNaN(date.getTime()) && isDayOfMonth(text.slice(0, 10));
  return isReal ? date : undefined;
}

function isDayOfMonth(text: string): boolean {
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export interface RangeTexts {
  readonly experiment?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * Reads what is to be exported, half-open: `to` is no longer in it.
 *
 * @param wholeDays files by day hold whole days, and so do cells.
 * @throws bad_input `invalid_range`.
 */
export function parseRange(table: ExportTable, texts: RangeTexts, wholeDays = false): ExportRange {
  const problems: InputProblem[] = [];
  const read = (path: 'from' | 'to'): Date | undefined => {
    const text = texts[path];
    if (text === undefined) return undefined;
    const limit = readLimit(text);
    const message = problemOf(limit, wholeDays || table === 'cells');
    if (message !== undefined) problems.push({ path, message });
    return limit;
  };
  const [from, to] = [read('from'), read('to')];
  if (problems.length === 0 && from && to && from >= to) {
    problems.push({ path: 'to', message: 'must be later than from: the end itself is no longer in it' });
  }
  if (problems.length > 0) throw badInput('invalid_range', 'This is no range of time.', problems);
  const { experiment } = texts;
  return { ...(experiment !== undefined && { experiment }), ...(from && { from }), ...(to && { to }) };
}

function problemOf(limit: Date | undefined, wholeDays: boolean): string | undefined {
  if (!limit) return 'must be a day such as 2026-03-01 or a time with its zone such as 2026-03-01T09:00:00Z';
  return wholeDays && limit.getTime() % dayMs !== 0
    ? 'must be a whole day (UTC) such as 2026-03-01, because this goes by days'
    : undefined;
}

/** Every day of the range, when it has two ends. */
export function daysOf({ from, to }: ExportRange): string[] {
  const days: string[] = [];
  if (!from || !to) return days;
  for (let at = from.getTime(); at < to.getTime(); at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
