import { didYouMean, quoted, quotedList } from './closest-name.js';
import { fileProblem } from './file-problem.js';
import { fieldText, type RawRecord } from './scan-records.js';

/** What the columns of a CSV file become. */
export interface RowShape {
  /** Fields of the row that a column of the same name fills; the value is kept as text. */
  readonly text: readonly string[];
  /** The same, where `3` and `true` become a number and a boolean. */
  readonly scalar: readonly string[];
  /** The object in the row that `NAME.x` columns fill, with numbers and booleans told from texts. */
  readonly object: string;
  /** Whether a column of any other name belongs into that object too; otherwise such a file is refused. */
  readonly othersIntoObject: boolean;
}

export interface ColumnChoices {
  /** Columns that are left out. */
  readonly ignore?: readonly string[];
  /** Columns whose values stay texts although they look like numbers: post codes, say. */
  readonly asText?: readonly string[];
}

/** Where one column goes. */
interface Target {
  readonly name: string;
  readonly inObject: boolean;
  readonly scalar: boolean;
}

/** Makes rows of the records of one CSV file. */
export class CsvFields {
  readonly #targets: readonly (Target | undefined)[];
  readonly #object: string;

  /** @throws bad_input when a column has no place in the row. */
  constructor(names: readonly string[], shape: RowShape, choices: ColumnChoices) {
    checkNames(names, choices);
    this.#object = shape.object;
    this.#targets = names.map((name) => targetOf(name, shape, choices));
  }

  /** An empty field is left out of the row. */
  rowOf(record: RawRecord): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    let inObject: [string, unknown][] | undefined;
    for (let i = 0; i < this.#targets.length; i += 1) {
      const target = this.#targets[i];
      if (!target || record.starts[i] === record.ends[i]) continue;
      const text = fieldText(record, i);
      const value = target.scalar ? scalar(text) : text;
      // Fields have names of ours; what stands in the object may be named `__proto__`, too.
      if (!target.inObject) row[target.name] = value;
      else (inObject ??= []).push([target.name, value]);
    }
    if (inObject) row[this.#object] = Object.fromEntries(inObject);
    return row;
  }
}

/** A number only in the one way that a program writes it: `007`, `1e5` and `+3` are texts. */
function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

function targetOf(name: string, shape: RowShape, choices: ColumnChoices): Target | undefined {
  if (choices.ignore?.includes(name)) return undefined;
  const scalar = choices.asText?.includes(name) !== true;
  if (shape.text.includes(name)) return { name, inObject: false, scalar: false };
  if (shape.scalar.includes(name)) return { name, inObject: false, scalar };
  const prefix = `${shape.object}.`;
  if (name.startsWith(prefix) && name.length > prefix.length) {
    return { name: name.slice(prefix.length), inObject: true, scalar };
  }
  if (shape.othersIntoObject) return { name, inObject: true, scalar };
  const known = [...shape.text, ...shape.scalar];
  throw fileProblem(
    'unknown_column',
    `Column ${quoted(name)} is no field of these rows.${didYouMean(name, known)} Fields are ${quotedList(known)}; what is your own is named ${quoted(`${prefix}x`)}, and --ignore leaves a column out.`,
  );
}

function checkNames(names: readonly string[], { ignore = [], asText = [] }: ColumnChoices): void {
  const unnamed = names.findIndex((name) => name.trim() === '');
  if (unnamed >= 0) {
    throw fileProblem(
      'unnamed_column',
      `Column ${unnamed + 1} has no name in the header. The file has: ${quotedList(names)}.`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw fileProblem(
      'duplicate_column',
      `Column ${quoted(twice)} stands in the header more than once, so it is not clear which is meant. The file has: ${quotedList(names)}.`,
    );
  }
  const missing = [...ignore, ...asText].find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw fileProblem('no_column', `There is no column ${quoted(missing)}.${didYouMean(missing, names)}`);
  }
}
