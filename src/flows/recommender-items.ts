import { openFile } from '../files/open-file.js';
import { streamColumns } from '../files/stream-columns.js';
import type { FileRead } from '../files/read-interactions.js';
import { attributesOf } from '../strategies/cf/attributes.js';
import type { ReadingOptions } from './recommender-data.js';

export interface ItemFile {
  readonly path: string;
  /** Column with the ids of the items, as in the file of interactions. */
  readonly id: string;
  /** Columns that say what an item is; several values in one are divided by `|`. */
  readonly attributes: readonly string[];
}

export interface ItemsRead {
  readonly ids: readonly string[];
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly file: FileRead;
}

/** A catalogue from a file: what each item is. Of an id that comes again the first row counts. */
export async function readItems(
  request: ItemFile,
  options: ReadingOptions,
  delimiter?: string,
): Promise<ItemsRead> {
  const file = await openFile(request.path, options);
  const rows = new Map<string, string[]>();
  const take = ([id = '', ...values]: readonly string[]): string | undefined => {
    if (id.trim() === '') return `"${request.id}" is empty`;
    if (rows.has(id)) return `the item "${id.slice(0, 60)}" stands further up already`;
    rows.set(id, values);
    return undefined;
  };
  const { rows: taken, badRows } = await streamColumns(file, [request.id, ...request.attributes], take, {
    delimiter,
  });
  const ids = [...rows.keys()];
  const columns = request.attributes.map((name, i) => ({
    name,
    values: ids.map((id) => rows.get(id)?.[i] ?? ''),
  }));
  const lists = attributesOf(columns);
  return {
    ids,
    attributes: new Map(ids.map((id, i) => [id, lists[i] ?? []])),
    file: { name: file.name, rows: taken, badRows },
  };
}
