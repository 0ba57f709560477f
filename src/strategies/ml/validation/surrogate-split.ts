import type { Column } from '../table.js';

/** A question about one column that parts rows in two. */
export type Question =
  | { readonly name: string; readonly type: 'number'; readonly most: number; readonly missing: boolean }
  | {
      readonly name: string;
      readonly type: 'category';
      readonly among: ReadonlySet<number>;
      readonly texts: readonly string[];
    };

export interface SurrogateSplit {
  readonly question: Question;
  /** Rows for which the answer is yes, and the others. */
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** By how much it lowers the sum of squares. */
  readonly gain: number;
}

/** Thresholds that are tried for a column of numbers. */
const mostThresholds = 64;

/** The question about a column that parts the targets best, with at least `fewest` rows on either side. */
export function bestSplit(
  column: Column,
  rows: Int32Array,
  targets: Float64Array,
  fewest: number,
): SurrogateSplit | undefined {
  const groups =
    column.type === 'number' ? numberGroups(column.values, rows) : codeGroups(column.codes, rows);
  const sums = groups.map((group) => group.rows.reduce((sum, row) => sum + (targets[row] as number), 0));
  // Categories in the order of their means: of all ways to part them in two, one of these is the best.
  const order = [...groups.keys()];
  if (column.type === 'category') order.sort((a, b) => meanOf(a) - meanOf(b));
  const all = { rows: rows.length, sum: sums.reduce((a, b) => a + b, 0) };
  const missing = column.type === 'number' ? groups.findIndex(({ value }) => Number.isNaN(value)) : -1;
  const known = order.filter((group) => group !== missing);
  let best: { gain: number; upTo: number; withMissing: boolean } | undefined;
  for (const withMissing of missing < 0 ? [false] : [false, true]) {
    let [count, sum] = withMissing ? [sizeOf(missing), sums[missing] as number] : [0, 0];
    for (const [place, group] of known.entries()) {
      count += sizeOf(group);
      sum += sums[group] as number;
      const others = all.rows - count;
      if (count < fewest || others < fewest) continue;
      const gain = (sum * sum) / count + (all.sum - sum) ** 2 / others - (all.sum * all.sum) / all.rows;
      if (gain > (best?.gain ?? 1e-12)) best = { gain, upTo: place + 1, withMissing };
    }
  }
  if (!best) return undefined;
  const { gain, upTo, withMissing } = best;
  const yes = new Set([...known.slice(0, upTo), ...(withMissing ? [missing] : [])]);
  const part = (wanted: boolean): Int32Array =>
    Int32Array.from(groups.flatMap((group, i) => (yes.has(i) === wanted ? [...group.rows] : []))).sort();
  return { question: questionOf(column, groups, yes, missing), yes: part(true), no: part(false), gain };

  function sizeOf(group: number): number {
    return (groups[group] as Group).rows.length;
  }
  function meanOf(group: number): number {
    return (sums[group] as number) / sizeOf(group);
  }
}

interface Group {
  /** Highest number in it, NaN for what is missing; or the code. */
  readonly value: number;
  readonly rows: readonly number[];
}

/** Numbers in rising groups of about equally many rows, those that are missing last. */
function numberGroups(values: Float64Array, rows: Int32Array): Group[] {
  const known = rows.filter((row) => Number.isFinite(values[row]));
  known.sort((a, b) => (values[a] as number) - (values[b] as number));
  const groups: Group[] = [];
  let start = 0;
  for (let end = 1; end <= known.length; end++) {
    const value = values[known[end - 1] as number] as number;
    const isRunEnd = end === known.length || values[known[end] as number] !== value;
    if (!isRunEnd || (end < known.length && end - start < known.length / mostThresholds)) continue;
    groups.push({ value, rows: [...known.subarray(start, end)] });
    start = end;
  }
  const missing = rows.filter((row) => !Number.isFinite(values[row]));
  return missing.length > 0 ? [...groups, { value: NaN, rows: [...missing] }] : groups;
}

function codeGroups(codes: Int32Array, rows: Int32Array): Group[] {
  const byCode = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row] as number;
    const list = byCode.get(code);
    if (list) list.push(row);
    else byCode.set(code, [row]);
  }
  return [...byCode].sort(([a], [b]) => a - b).map(([value, list]) => ({ value, rows: list }));
}

function questionOf(
  column: Column,
  groups: readonly Group[],
  yes: ReadonlySet<number>,
  missing: number,
): Question {
  const { name } = column;
  const values = [...yes].flatMap((group) => groups[group]?.value ?? []);
  if (column.type === 'number') {
    const most = Math.max(...values.filter((value) => !Number.isNaN(value)));
    return { name, type: 'number', most, missing: yes.has(missing) };
  }
  const among = new Set(values);
  const texts = [...among].sort((a, b) => a - b).map((code) => column.categories[code] ?? 'missing');
  return { name, type: 'category', among, texts };
}

/** Whether the answer is yes for a row. */
export function answerOf(question: Question, column: Column, row: number): boolean {
  if (question.type === 'category') {
    return column.type === 'category' && question.among.has(column.codes[row] as number);
  }
  const value = column.type === 'number' ? (column.values[row] as number) : NaN;
  return Number.isFinite(value) ? value <= question.most : question.missing;
}
