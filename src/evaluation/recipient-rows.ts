import { seededRandom } from './random.js';
import { resampleCounts } from './resample.js';

/** Which recipient each row is of, as numbers from 0. */
export interface RecipientRows {
  readonly recipients: number;
  /** By row. */
  readonly of: Int32Array;
}

/** Rows of the same id belong together. */
export function recipientRows(ids: readonly string[]): RecipientRows {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(ids, (id) => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  });
  return { recipients: numbers.size, of };
}

/** Every row a recipient of its own. */
export function oneRowEach(rows: number): RecipientRows {
  return { recipients: rows, of: Int32Array.from({ length: rows }, (_, row) => row) };
}

/** Some of the rows, in the order given. */
export function recipientsAmong({ of }: RecipientRows, rows: Int32Array): RecipientRows {
  return recipientRows(Array.from(rows, (row) => String(of[row])));
}

/**
 * Draws recipients again and gives each row the number of times that its recipient was drawn, so that rows of one recipient stay
 * together.
 *
 * @param order rows in the order in which weights are wanted.
 * @param visit gets the weights of one draw; the array is used again.
 */
export function resampleRows(
  { recipients, of }: RecipientRows,
  order: Int32Array,
  seed: string,
  draws: number,
  visit: (weights: Float64Array) => void,
): void {
  const recipientAt = Int32Array.from(order, (row) => of[row] as number);
  const weights = new Float64Array(order.length);
  resampleCounts(recipients, draws, seededRandom(seed), (counts) => {
    for (let place = 0; place < weights.length; place++) {
      weights[place] = counts[recipientAt[place] as number] as number;
    }
    visit(weights);
  });
}
