import type { BadRowsFound } from './bad-rows.js';
import { quoted } from './closest-name.js';
import { GrowingNumbers } from './growing-numbers.js';
import type { CsvLayout } from './header.js';
import { IdCodes, type IdOrder } from './id-codes.js';
import type { OpenFile } from './open-file.js';
import { streamColumns } from './stream-columns.js';
import { type MomentForm, readMoment } from './read-moment.js';

export interface InteractionColumns {
  readonly recipient: string;
  readonly item: string;
  readonly time?: string;
  readonly rating?: string;
}

/** Who did something with what, column by column. */
export interface InteractionLog {
  /** Ids in order: places in them stand in the columns. */
  readonly recipients: readonly string[];
  readonly items: readonly string[];
  readonly order: { readonly recipients: IdOrder; readonly items: IdOrder };
  readonly recipientOf: Int32Array;
  readonly itemOf: Int32Array;
  readonly times?: Float64Array;
  readonly ratings?: Float64Array;
  /** 1 for rows of the second file. */
  readonly second: Uint8Array;
  readonly files: readonly FileRead[];
}

export interface FileRead {
  readonly name: string;
  readonly rows: number;
  readonly badRows: BadRowsFound;
}

const longestId = 500;

export interface InteractionOptions extends CsvLayout {
  /** Items that are there although perhaps nobody did anything with them. */
  readonly items?: readonly string[];
}

/** Interactions of one file or of two, the second held out, with the same columns. */
export async function readInteractions(
  files: readonly OpenFile[],
  columns: InteractionColumns,
  { items = [], ...layout }: InteractionOptions = {},
): Promise<InteractionLog> {
  const reader = new InteractionReader(columns, items);
  const read: FileRead[] = [];
  for (const file of files) {
    reader.isSecond = read.length > 0;
    const { rows, badRows } = await streamColumns(file, reader.names, (texts) => reader.take(texts), layout);
    read.push({ name: file.name, rows, badRows });
  }
  return reader.log(read);
}

class InteractionReader {
  isSecond = false;
  readonly #columns: InteractionColumns;
  readonly #recipients = new IdCodes();
  readonly #items = new IdCodes();
  readonly #recipientOf = new GrowingNumbers();
  readonly #itemOf = new GrowingNumbers();
  readonly #times = new GrowingNumbers();
  readonly #ratings = new GrowingNumbers();
  readonly #second = new GrowingNumbers();
  #form: MomentForm | undefined;

  constructor(columns: InteractionColumns, items: readonly string[]) {
    this.#columns = columns;
    for (const item of items) this.#items.codeOf(item);
  }

  get names(): string[] {
    const { recipient, item, time, rating } = this.#columns;
    return [
      recipient,
      item,
      ...(time === undefined ? [] : [time]),
      ...(rating === undefined ? [] : [rating]),
    ];
  }

  /** Takes one row, or says why not; nothing of a refused one stays. */
  take(texts: readonly string[]): string | undefined {
    const { recipient, item, time, rating } = this.#columns;
    const [who = '', what = ''] = texts;
    const unusable = idProblem(recipient, who) ?? idProblem(item, what);
    if (unusable !== undefined) return unusable;
    const moment = time === undefined ? undefined : readMoment(texts[2] ?? '', this.#form);
    if (moment && 'problem' in moment) return `${quoted(time ?? '')} ${moment.problem}`;
    const stars = rating === undefined ? undefined : numberOf(texts.at(-1) ?? '');
    if (Number.isNaN(stars))
      return `${quoted(rating ?? '')} is ${quoted(texts.at(-1) ?? '')}, which is no number`;
    this.#form ??= moment?.form;
    this.#recipientOf.push(this.#recipients.codeOf(who));
    this.#itemOf.push(this.#items.codeOf(what));
    if (moment) this.#times.push(moment.at);
    if (stars !== undefined) this.#ratings.push(stars);
    this.#second.push(this.isSecond ? 1 : 0);
    return undefined;
  }

  log(files: readonly FileRead[]): InteractionLog {
    const [recipients, items] = [this.#recipients.inOrder(), this.#items.inOrder()];
    const placed = (codes: GrowingNumbers, placeOf: Int32Array): Int32Array =>
      Int32Array.from(codes.view(), (code) => placeOf[code] as number);
    return {
      recipients: recipients.ids,
      items: items.ids,
      order: { recipients: recipients.order, items: items.order },
      recipientOf: placed(this.#recipientOf, recipients.placeOf),
      itemOf: placed(this.#itemOf, items.placeOf),
      ...(this.#times.size > 0 && { times: this.#times.view() }),
      ...(this.#ratings.size > 0 && { ratings: this.#ratings.view() }),
      second: Uint8Array.from(this.#second.view()),
      files,
    };
  }
}

function idProblem(column: string, id: string): string | undefined {
  if (id.trim() === '') return `${quoted(column)} is empty`;
  return id.length > longestId ? `${quoted(column)} is longer than ${longestId} characters` : undefined;
}

/** NaN for what is no number. */
function numberOf(text: string): number {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?\s*$/i.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : NaN;
}
