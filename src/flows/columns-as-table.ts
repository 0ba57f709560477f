import { badInput } from '../errors.js';
import { quoted } from '../files/closest-name.js';
import { type Cell, type Table, tableOf } from '../strategies/ml/table.js';

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** What programs write where a number is not known. */
const noNumber = /^(nan|na|n\/a|null|[+-]?inf(inity)?)$/i;
/** More is a name, not a category: a model would learn the rows by heart. */
const mostCategories = 1_000;

/**
 * Columns of texts as features: numbers where all that is there are numbers, else categories. Empty is missing.
 *
 * @param rows those that take part; all unless given.
 * @throws bad_input for numbers among which one is not finite, and for a column of names.
 */
export function columnsAsTable(
  names: readonly string[],
  texts: readonly (readonly string[])[],
  rows: Int32Array = Int32Array.from((texts[0] ?? []).keys()),
): Table {
  const cells = texts.map((column, i) => cellsOf(names[i] ?? '', column, rows));
  return tableOf(
    names,
    Array.from(rows, (_, place) => cells.map((column) => column[place])),
  );
}

function cellsOf(name: string, column: readonly string[], rows: Int32Array): readonly Cell[] {
  const texts = Array.from(rows, (row) => column[row] ?? '');
  const isNumber = (text: string): boolean => number.test(text.trim());
  if (!texts.every((text) => text === '' || isNumber(text) || noNumber.test(text.trim()))) {
    refuseNames(name, texts);
    return texts.map((text) => (text === '' ? null : text));
  }
  return texts.map((text, place) => {
    if (text === '') return null;
    if (isNumber(text) && Number.isFinite(Number(text))) return Number(text);
    throw badInput(
      'file_not_number',
      `Column ${quoted(name)} holds ${quoted(text)} in row ${(rows[place] ?? 0) + 1} among numbers: leave the cell empty where the number is not known.`,
    );
  });
}

function refuseNames(name: string, texts: readonly string[]): void {
  const different = new Set(texts).size;
  if (different <= mostCategories) return;
  const count = (n: number): string => n.toLocaleString('en-US');
  throw badInput(
    'file_many_categories',
    `Column ${quoted(name)} holds ${count(different)} different texts: more than ${count(mostCategories)} are names, not categories. Leave it out of --features, or group its texts.`,
  );
}

const yes = new Set(['1', 'true', 'yes', 't', 'y']);
const no = new Set(['0', 'false', 'no', 'f', 'n']);

/** 1 and 0 of some rows of a column of yes and no. @throws bad_input for anything else, with its row. */
export function labelsOf(name: string, texts: readonly string[], rows: Int32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => {
    const text = texts[row] ?? '';
    const word = text.trim().toLowerCase();
    if (yes.has(word)) return 1;
    if (no.has(word)) return 0;
    throw badInput(
      'file_not_binary',
      `Column ${quoted(name)} holds ${quoted(text)} in row ${row + 1}: it must say whether something happened, as 1 or 0.`,
    );
  });
}

/** Finite numbers of a column. @throws bad_input for anything else, with its row. */
export function numbersOf(name: string, texts: readonly string[]): Float64Array {
  return Float64Array.from(texts, (text, row) => {
    if (number.test(text.trim()) && Number.isFinite(Number(text))) return Number(text);
    throw badInput(
      'file_not_number',
      `Column ${quoted(name)} holds ${quoted(text)} in row ${row + 1}: it must be a number.`,
    );
  });
}

/** Chances of what was done. @throws bad_input for what cannot be one, with its row. */
export function probabilitiesOf(name: string, texts: readonly string[]): Float64Array {
  const values = numbersOf(name, texts);
  const odd = values.findIndex((value) => value <= 0 || value > 1);
  if (odd < 0) return values;
  throw badInput(
    'file_no_probability',
    `Column ${quoted(name)} holds ${quoted(texts[odd] ?? '')} in row ${odd + 1}: the probability of what was done is above 0 and at most 1. Mend the row, or leave it out.`,
  );
}
