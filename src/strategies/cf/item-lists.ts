import type { Json } from '../strategy.js';
import { strongest } from './because.js';
import type { Sparse } from './matrix.js';
import { modelFile, mostEntries, packedSparse } from './model-file.js';
import { pack } from './packed.js';
import type { Neighbour, Recommender, Taste } from './recommender.js';
import { lengths, positiveOnly, type Weighing, weighedTaste } from './sparse.js';
import { topPlaces } from './top.js';

export interface ItemKnnSettings {
  /** Of each item; null: all. */
  readonly neighbours: number | null;
  /** Added to the denominator of the cosine, so that few shared recipients prove less. */
  readonly shrinkage: number;
  /** After how many later interactions one of the taste counts half; null: all count alike. */
  readonly halfLife: number | null;
  readonly weights: Weighing;
}

/** The nearest of every item by place, with similarities as values, and how many recipients have both. */
export interface Lists {
  readonly lists: Sparse;
  readonly shared: Int32Array;
}

/** Undefined where they would be more than a model can hold. */
export function listsOf(
  rows: Sparse,
  columns: Sparse,
  settings: ItemKnnSettings,
  tell?: (done: number, of: number) => void,
): Lists | undefined {
  const items = columns.starts.length - 1;
  const builder = new ListBuilder(rows, columns, settings);
  const starts = new Int32Array(items + 1);
  const found: { places: Int32Array; values: Float32Array; shared: Int32Array }[] = [];
  for (let item = 0; item < items; item++) {
    if (item % 256 === 0) tell?.(item, items);
    const list = builder.listOf(item);
    starts[item + 1] = (starts[item] as number) + list.places.length;
    if ((starts[item + 1] as number) > mostEntries) return undefined;
    found.push(list);
  }
  const size = starts[items] as number;
  const lists = { starts, places: new Int32Array(size), values: new Float32Array(size) };
  const shared = new Int32Array(size);
  found.forEach((list, item) => {
    lists.places.set(list.places, starts[item]);
    lists.values.set(list.values, starts[item]);
    shared.set(list.shared, starts[item]);
  });
  return { lists, shared };
}

/** Goes from an item to its recipients and on to their items; what it touched is all that it wipes. */
class ListBuilder {
  readonly #rows: Sparse;
  readonly #columns: Sparse;
  readonly #lengths: Float64Array;
  readonly #settings: ItemKnnSettings;
  readonly #products: Float64Array;
  readonly #shared: Int32Array;
  readonly #touched: Int32Array;

  constructor(rows: Sparse, columns: Sparse, settings: ItemKnnSettings) {
    this.#rows = rows;
    this.#columns = columns;
    this.#lengths = lengths(columns);
    this.#settings = settings;
    const items = columns.starts.length - 1;
    this.#products = new Float64Array(items);
    this.#shared = new Int32Array(items);
    this.#touched = new Int32Array(items);
  }

  listOf(item: number): { places: Int32Array; values: Float32Array; shared: Int32Array } {
    const touched = this.#touch(item).sort();
    const own = this.#lengths[item] as number;
    const similarities = Float64Array.from(touched, (other) => {
      if (other === item) return NaN;
      const product = own * (this.#lengths[other] as number) + this.#settings.shrinkage;
      return Math.min(1, (this.#products[other] as number) / product);
    });
    const best = topPlaces(similarities, this.#settings.neighbours ?? Infinity).sort();
    const list = {
      places: Int32Array.from(best, (i) => touched[i] as number),
      values: Float32Array.from(best, (i) => similarities[i] as number),
      shared: Int32Array.from(best, (i) => this.#shared[touched[i] as number] as number),
    };
    for (const other of touched) this.#products[other] = this.#shared[other] = 0;
    return list;
  }

  #touch(item: number): Int32Array {
    let size = 0;
    const { starts, places, values } = this.#columns;
    for (let i = starts[item] as number; i < (starts[item + 1] as number); i++) {
      const [recipient, weight] = [places[i] as number, values[i] as number];
      for (
        let j = this.#rows.starts[recipient] as number;
        j < (this.#rows.starts[recipient + 1] as number);
        j++
      ) {
        const other = this.#rows.places[j] as number;
        if (this.#shared[other] === 0) this.#touched[size++] = other;
        this.#shared[other] = (this.#shared[other] as number) + 1;
        this.#products[other] = (this.#products[other] as number) + weight * (this.#rows.values[j] as number);
      }
    }
    return this.#touched.slice(0, size);
  }
}

/** Scores by the lists of the items of the taste. */
export class ItemLists implements Recommender {
  readonly items: readonly string[];
  readonly #lists: Sparse;
  readonly #shared: Int32Array;
  readonly #settings: ItemKnnSettings;

  constructor(items: readonly string[], { lists, shared }: Lists, settings: ItemKnnSettings) {
    this.items = items;
    this.#lists = lists;
    this.#shared = shared;
    this.#settings = settings;
  }

  score(given: Taste): Float64Array {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.halfLife);
    const { starts, places, values } = this.#lists;
    const scores = new Float64Array(this.items.length);
    taste.places.forEach((place, t) => {
      const weight = taste.weights[t] as number;
      for (let i = starts[place] as number; i < (starts[place + 1] as number); i++) {
        const other = places[i] as number;
        scores[other] = (scores[other] as number) + weight * (values[i] as number);
      }
    });
    return positiveOnly(scores);
  }

  because(given: Taste, place: number, most: number) {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.halfLife);
    const { starts, places, values } = this.#lists;
    const parts = Array.from(taste.places, (other, t) => {
      const [from, to] = [starts[other] as number, starts[other + 1] as number];
      const at = places.subarray(from, to).indexOf(place);
      const part = at < 0 ? 0 : (taste.weights[t] as number) * (values[from + at] as number);
      return { id: this.items[other] as string, part };
    });
    return strongest('item', parts, most);
  }

  alike(place: number, most: number): Neighbour[] {
    const { starts, places, values } = this.#lists;
    const [from, to] = [starts[place] ?? 0, starts[place + 1] ?? 0];
    return Array.from(topPlaces(values.subarray(from, to), most), (i) => ({
      id: this.items[places[from + i] as number] as string,
      similarity: values[from + i] as number,
      shared: this.#shared[from + i] as number,
    }));
  }

  toJSON(): Json {
    return modelFile('item_knn', {
      settings: { ...this.#settings },
      items: this.items,
      arrays: { ...packedSparse('lists', this.#lists), shared: pack(this.#shared) },
    });
  }
}
