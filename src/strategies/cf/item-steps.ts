import type { Json } from '../strategy.js';
import { strongest } from './because.js';
import type { ItemKnnSettings } from './item-lists.js';
import { type Sparse, turned } from './matrix.js';
import { modelFile, packedSparse } from './model-file.js';
import type { Neighbour, Recommender, Taste } from './recommender.js';
import { lengths, weighedTaste } from './sparse.js';
import { topPlaces } from './top.js';

/**
 * Cosine over all items without a list of neighbours. Σ_j i·j t(j) / (|i||j|) is two steps through the matrix, from the taste
 * to the recipients and back to their items, which costs its entries and not pairs of items.
 */
export class ItemSteps implements Recommender {
  readonly items: readonly string[];
  readonly #rows: Sparse;
  readonly #columns: Sparse;
  readonly #lengths: Float64Array;
  readonly #settings: ItemKnnSettings;

  constructor(items: readonly string[], columns: Sparse, settings: ItemKnnSettings) {
    this.items = items;
    this.#columns = columns;
    this.#rows = turned(columns, 1 + columns.places.reduce((most, place) => Math.max(most, place), -1));
    this.#lengths = lengths(columns);
    this.#settings = settings;
  }

  score(given: Taste): Float64Array {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.halfLife);
    const reached = new Float64Array(this.#rows.starts.length - 1);
    taste.places.forEach((place, t) => {
      const length = this.#lengths[place] as number;
      if (length > 0) addRow(this.#columns, place, (taste.weights[t] as number) / length, reached);
    });
    const scores = new Float64Array(this.items.length);
    for (let recipient = 0; recipient < reached.length; recipient++) {
      const part = reached[recipient] as number;
      if (part > 0) addRow(this.#rows, recipient, part, scores);
    }
    for (let place = 0; place < scores.length; place++) {
      const score = scores[place] as number;
      scores[place] = score > 0 ? score / (this.#lengths[place] as number) : NaN;
    }
    return scores;
  }

  because(given: Taste, place: number, most: number) {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.halfLife);
    const { products } = this.#productsWith(place);
    const parts = Array.from(taste.places, (other, t) => {
      const length = this.#lengths[other] as number;
      const part = length > 0 ? ((products[other] as number) * (taste.weights[t] as number)) / length : 0;
      return { id: this.items[other] as string, part };
    });
    return strongest('item', parts, most);
  }

  alike(place: number, most: number): Neighbour[] {
    const { products, shared } = this.#productsWith(place);
    const own = this.#lengths[place] ?? 0;
    const similarities = products.map((product, i) => {
      return product > 0 ? product / (own * (this.#lengths[i] as number)) : NaN;
    });
    return Array.from(topPlaces(similarities, most, [place]), (other) => ({
      id: this.items[other] as string,
      similarity: Math.min(1, similarities[other] as number),
      shared: shared[other] as number,
    }));
  }

  /** Of one item with all: the product of their columns, and how many recipients have both. */
  #productsWith(place: number): { products: Float64Array; shared: Int32Array } {
    const products = new Float64Array(this.items.length);
    const shared = new Int32Array(this.items.length);
    const { starts, places, values } = this.#columns;
    for (let i = starts[place] ?? 0; i < (starts[place + 1] ?? 0); i++) {
      const recipient = places[i] as number;
      addRow(this.#rows, recipient, values[i] as number, products, shared);
    }
    return { products, shared };
  }

  toJSON(): Json {
    return modelFile('item_knn', {
      settings: { ...this.#settings },
      items: this.items,
      arrays: packedSparse('columns', this.#columns),
    });
  }
}

function addRow(
  { starts, places, values }: Sparse,
  row: number,
  times: number,
  into: Float64Array,
  counts?: Int32Array,
): void {
  for (let i = starts[row] as number; i < (starts[row + 1] as number); i++) {
    const place = places[i] as number;
    into[place] = (into[place] as number) + times * (values[i] as number);
    if (counts) counts[place] = (counts[place] as number) + 1;
  }
}
