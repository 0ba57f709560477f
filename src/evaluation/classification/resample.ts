import { seededRandom } from '../random.js';

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
 * Draws recipients again, as many as there are, with replacement, and gives each row the number of times that its recipient was
 * drawn. Rows of one recipient so stay together, and nothing is sorted anew.
 *
 * @param order rows in the order in which weights are wanted.
 * @param visit gets the weights of one draw, in the same array each time.
 */
export function resample(
  { recipients, of }: RecipientRows,
  order: Int32Array,
  seed: string,
  draws: number,
  visit: (weights: Float64Array, draw: number) => void,
): void {
  const random = seededRandom(seed);
  const recipientAt = Int32Array.from(order, (row) => of[row] as number);
  const counts = new Int32Array(recipients);
  const weights = new Float64Array(order.length);
  for (let draw = 0; draw < draws; draw++) {
    counts.fill(0);
    for (let i = 0; i < recipients; i++) {
      const drawn = random.below(recipients);
      counts[drawn] = (counts[drawn] as number) + 1;
    }
    for (let place = 0; place < weights.length; place++) {
      weights[place] = counts[recipientAt[place] as number] as number;
    }
    visit(weights, draw);
  }
}

/** Of draws that came to no number (undefined) more than this share means that there is no interval. */
const mostUndefined = 0.05;

/**
 * The middle 95 % of what was drawn, with linear interpolation between draws (type 7 of Hyndman and Fan); undefined where more
 * than one draw in twenty came to no number.
 */
export function percentileInterval(
  drawn: readonly (number | undefined)[],
): readonly [number, number] | undefined {
  const known = Float64Array.from(drawn.filter((value) => value !== undefined)).sort();
  if (known.length === 0 || known.length < (1 - mostUndefined) * drawn.length) return undefined;
  return [quantile(known, 0.025), quantile(known, 0.975)];
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}
