import { badInput } from '../errors.js';
import { quoted } from '../files/closest-name.js';
import { type Cell, type Table, tableOf } from '../strategies/ml/table.js';

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Columns of texts as features: numbers where all that is there are numbers, else categories. Empty is missing. */
export function columnsAsTable(names: readonly string[], texts: readonly (readonly string[])[]): Table {
  const cells = texts.map((column): readonly Cell[] => {
    const numeric = column.every((text) => text === '' || number.test(text.trim()));
    return column.map((text) => (text === '' ? null : numeric ? Number(text) : text));
  });
  const rows = texts[0]?.length ?? 0;
  return tableOf(
    names,
    Array.from({ length: rows }, (_, row) => cells.map((column) => column[row])),
  );
}

const yes = new Set(['1', 'true', 'yes', 't', 'y']);
const no = new Set(['0', 'false', 'no', 'f', 'n']);

/** 1 and 0 of a column of yes and no. @throws bad_input for anything else, with its line. */
export function labelsOf(name: string, texts: readonly string[]): Uint8Array {
  return Uint8Array.from(texts, (text, row) => {
    const word = text.trim().toLowerCase();
    if (yes.has(word)) return 1;
    if (no.has(word)) return 0;
    throw badInput(
      'file_not_binary',
      `Column ${quoted(name)} holds ${quoted(text)} in row ${row + 1}: it must say whether something happened, as 1 or 0.`,
    );
  });
}

/** Finite numbers of a column. @throws bad_input for anything else, with its line. */
export function numbersOf(name: string, texts: readonly string[]): Float64Array {
  return Float64Array.from(texts, (text, row) => {
    if (number.test(text.trim()) && Number.isFinite(Number(text))) return Number(text);
    throw badInput(
      'file_not_number',
      `Column ${quoted(name)} holds ${quoted(text)} in row ${row + 1}: it must be a number.`,
    );
  });
}
