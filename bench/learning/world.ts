import { seededRandom } from '../../src/evaluation/random.js';
import type { Column, Table } from '../../src/strategies/ml/table.js';

/** What is drawn: rows to learn from and to be measured on, of 30 columns. */
export interface World {
  readonly name: string;
  readonly seed: string;
  readonly train: number;
  readonly test: number;
  /** Log odds that are added to all rows: about 28 % positives at -1.15, 2 % at -5.1. */
  readonly shift: number;
  /** Share of cells that are missing; the labels hang on some of the gaps. */
  readonly missing: number;
  /** Of the 30 columns, those of categories, 5 to 200 of them each. */
  readonly categories: number;
}

const columns = 30;

/**
 * Ten columns have a say in the log odds: by steps, products, waves and squares, none of which a line can follow. The others are noise,
 * some of it correlated with them.
 */
export function drawWorld(world: World): { readonly table: Table; readonly labels: Uint8Array } {
  const random = seededRandom(`${world.seed}/${world.name}`);
  const rows = world.train + world.test;
  const values = Array.from({ length: columns }, () => new Float64Array(rows));
  const labels = new Uint8Array(rows);
  const sizes = Array.from({ length: world.categories }, (_, k) => [5, 12, 40, 200][k % 4] as number);
  const effects = sizes.map((size) => Float64Array.from({ length: size }, () => 0.8 * random.normal()));
  const x = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) x[c] = random.normal();
    for (let c = 20; c < 25; c++) x[c] = 0.8 * at(x, c - 20) + 0.6 * at(x, c);
    x[9] = Math.round(2 * at(x, 9));
    const codes = sizes.map((size) => Math.floor(size * random.next() ** 2));
    let logOdds = world.shift + logOddsOf(x);
    codes.forEach((code, k) => (logOdds += at(effects[k] as Float64Array, code)));
    codes.forEach((code, k) => (x[columns - 1 - k] = code));
    for (let c = 0; c < columns; c++) {
      const isMissing = random.next() < world.missing;
      if (isMissing && c === 1) logOdds += 0.7;
      (values[c] as Float64Array)[r] = isMissing ? NaN : at(x, c);
    }
    labels[r] = random.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  }
  const list = values.map((list, c) => columnOf(list, c, sizes[columns - 1 - c]));
  return { table: { rows, columns: list }, labels };
}

function logOddsOf(x: Float64Array): number {
  return (
    1.2 * at(x, 0) * at(x, 1) +
    1.5 * Math.sin(2 * at(x, 2)) +
    (at(x, 3) > 0.5 ? 1.2 * at(x, 4) : 0) +
    0.6 * (at(x, 5) ** 2 - 1) +
    (at(x, 6) + at(x, 7) > 1 ? 1 : -0.4) +
    0.4 * at(x, 8) -
    0.3 * Math.abs(at(x, 9))
  );
}

const at = (list: Float64Array, place: number): number => list[place] as number;

function columnOf(values: Float64Array, c: number, categories: number | undefined): Column {
  const name = `x${c}`;
  if (categories === undefined) return { name, type: 'number', values };
  const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value));
  // In the order of texts, which for codes written at one length is that of numbers.
  return {
    name,
    type: 'category',
    codes,
    categories: Array.from({ length: categories }, (_, i) => `c${1_000 + i}`),
  };
}
