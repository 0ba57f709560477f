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
  /** What is known of the items by place, as `category:shoes`, `tier:2`, `genre:Comedy`; for kinds that look at it. */
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
  const rows = recipients.map(() => new Map<number, number>());
  for (const { recipient, item, weight } of interactions) {
    const row = rows[rowOf.get(recipient) as number] as Map<number, number>;
    const column = columnOf.get(item) as number;
    row.set(column, (row.get(column) ?? 0) + weight);
  }
  const byRecipient = compressed(rows.map((row) => [...row].sort(([a], [b]) => a - b)));
  return { recipients, items, byRecipient, byItem: turned(byRecipient, items.length) };
}

function compressed(rows: readonly (readonly (readonly [number, number])[])[]): Sparse {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (starts[r + 1] = (starts[r] as number) + row.length));
  const size = starts[rows.length] as number;
  const [places, values] = [new Int32Array(size), new Float32Array(size)];
  rows.forEach((row, r) =>
    row.forEach(([place, value], i) => {
      places[(starts[r] as number) + i] = place;
      values[(starts[r] as number) + i] = value;
    }),
  );
  return { starts, places, values };
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
