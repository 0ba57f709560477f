/** One thing that one recipient did with one item. */
export interface Interaction {
  readonly recipient: string;
  readonly item: string;
  /** Above 0. */
  readonly weight: number;
}

/**
 * Who did how much with what: a sparse matrix by rows (recipients) and, turned over, by columns (items). Rows and columns are
 * in the order of their ids, so ties that go to the lower place go to the lower id.
 */
export interface Matrix {
  readonly recipients: readonly string[];
  readonly items: readonly string[];
  readonly byRecipient: Sparse;
  readonly byItem: Sparse;
  /** What is known of the items by place, each once, as `category:shoes`, `tier:2`, `genre:Comedy`; for kinds that look at it. */
  readonly attributes?: readonly (readonly string[])[];
}

/** Compressed rows: entries of row r are those from starts[r] to starts[r + 1], by place. */
export interface Sparse {
  readonly starts: Int32Array;
  readonly places: Int32Array;
  readonly values: Float32Array;
}

/** Interactions of the same pair add up. Ids are ordered as UTF-16 unless a comparison is given (numbers as numbers, say). */
export function matrixOf(
  interactions: readonly Interaction[],
  compare: (a: string, b: string) => number = (a, b) => (a < b ? -1 : a > b ? 1 : 0),
): Matrix {
  const recipients = [...new Set(interactions.map(({ recipient }) => recipient))].sort(compare);
  const items = [...new Set(interactions.map(({ item }) => item))].sort(compare);
  const rowOf = new Map(recipients.map((id, place) => [id, place]));
  const columnOf = new Map(items.map((id, place) => [id, place]));
  const entries = {
    rows: Int32Array.from(interactions, ({ recipient }) => rowOf.get(recipient) as number),
    columns: Int32Array.from(interactions, ({ item }) => columnOf.get(item) as number),
    weights: Float32Array.from(interactions, ({ weight }) => weight),
  };
  return matrixOfEntries(recipients, items, entries);
}

/** Entries in any order, as places in lists of ids. */
export interface Entries {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
}

/** The same for millions of interactions: without an object for each. Rows and columns without entries stay, empty. */
export function matrixOfEntries(
  recipients: readonly string[],
  items: readonly string[],
  { rows, columns, weights }: Entries,
): Matrix {
  const starts = new Int32Array(recipients.length + 1);
  for (const row of rows) starts[row + 1] = (starts[row + 1] as number) + 1;
  for (let r = 0; r < recipients.length; r++)
    starts[r + 1] = (starts[r + 1] as number) + (starts[r] as number);
  const next = starts.slice();
  const unsorted = { starts, places: new Int32Array(rows.length), values: new Float32Array(rows.length) };
  rows.forEach((row, i) => {
    const at = next[row] as number;
    unsorted.places[at] = columns[i] as number;
    unsorted.values[at] = weights[i] as number;
    next[row] = at + 1;
  });
  // Turning over twice sorts every row by place.
  const byRecipient = joined(turned(turned(unsorted, items.length), recipients.length));
  return { recipients, items, byRecipient, byItem: turned(byRecipient, items.length) };
}

/** Neighbouring entries of the same place as one. */
function joined({ starts, places, values }: Sparse): Sparse {
  const [kept, sums] = [new Int32Array(places.length), new Float64Array(places.length)];
  const into = new Int32Array(starts.length);
  let size = 0;
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let i = starts[row] as number; i < (starts[row + 1] as number); i++) {
      const isNew = size === into[row] || kept[size - 1] !== places[i];
      if (isNew) kept[size++] = places[i] as number;
      sums[size - 1] = (sums[size - 1] as number) + (values[i] as number);
    }
    into[row + 1] = size;
  }
  return { starts: into, places: kept.slice(0, size), values: Float32Array.from(sums.subarray(0, size)) };
}

/** Columns as rows. */
export function turned({ starts, places, values }: Sparse, columns: number): Sparse {
  const into = new Int32Array(columns + 1);
  for (const place of places) into[place + 1] = (into[place + 1] as number) + 1;
  for (let c = 0; c < columns; c++) into[c + 1] = (into[c + 1] as number) + (into[c] as number);
  const next = into.slice();
  const [rows, kept] = [new Int32Array(places.length), new Float32Array(places.length)];
  for (let r = 0; r + 1 < starts.length; r++) {
    for (let i = starts[r] as number; i < (starts[r + 1] as number); i++) {
      const column = places[i] as number;
      const at = next[column] as number;
      rows[at] = r;
      kept[at] = values[i] as number;
      next[column] = at + 1;
    }
  }
  return { starts: into, places: rows, values: kept };
}
