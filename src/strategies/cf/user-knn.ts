import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import { halfLifeSchema, weighingSchema } from './settings.js';
import type { Json } from '../strategy.js';
import { strongest } from './because.js';
import { type Sparse, turned } from './matrix.js';
import { modelFile, OpenModel, packedSparse } from './model-file.js';
import type { Recommender, RecommenderKind, Taste } from './recommender.js';
import { lengths, matrixProblem, positiveOnly, weighed, weighedTaste, type Weighing } from './sparse.js';
import { topPlaces } from './top.js';

export interface UserKnnSettings {
  readonly neighbours: number;
  /** Added to the denominator of the cosine, so that few shared items prove less. */
  readonly shrinkage: number;
  /** After how many later interactions one of the taste counts half; null: all count alike. */
  readonly halfLife: number | null;
  readonly weights: Weighing;
}

const schema = z.strictObject({
  neighbours: z.int('must be a whole number').min(1).max(10_000).default(50),
  shrinkage: z.number('must be a number').min(0).max(10_000).default(0),
  halfLife: halfLifeSchema,
  weights: weighingSchema,
});

/**
 * What the recipients like whose taste is most alike. score(i) = Σ sim(taste, v) x(v, i) over the nearest recipients v, with
 * sim(a, b) = a·b / (|a||b| + shrinkage) (Herlocker et al., SIGIR 1999, on implicit data).
 */
export const userKnn: RecommenderKind<UserKnnSettings> = {
  name: 'user_knn',
  summary: 'What the recipients like whose history is most alike.',
  drawn: false,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings) =>
    matrixProblem(matrix) ??
    new UserKnn(matrix.items, matrix.recipients, weighed(matrix.byRecipient, settings.weights), settings),
  fromJSON(json) {
    const model = new OpenModel('user_knn', json);
    const settings = schema.safeParse(model.settings);
    if (!settings.success) throw model.damaged('its settings are not known here');
    const { items, recipients } = model;
    const rows = model.sparse('rows', recipients.length, items.length);
    return new UserKnn(items, recipients, rows, settings.data);
  },
};

class UserKnn implements Recommender {
  readonly items: readonly string[];
  readonly #recipients: readonly string[];
  readonly #rows: Sparse;
  readonly #columns: Sparse;
  readonly #lengths: Float64Array;
  readonly #settings: UserKnnSettings;

  constructor(
    items: readonly string[],
    recipients: readonly string[],
    rows: Sparse,
    settings: UserKnnSettings,
  ) {
    this.items = items;
    this.#recipients = recipients;
    this.#rows = rows;
    this.#columns = turned(rows, items.length);
    this.#lengths = lengths(rows);
    this.#settings = settings;
  }

  score(taste: Taste): Float64Array {
    const { similarities } = this.#compare(taste);
    const scores = new Float64Array(this.items.length);
    const { starts, places, values } = this.#rows;
    for (const recipient of topPlaces(similarities, this.#settings.neighbours)) {
      const similarity = similarities[recipient] as number;
      for (let i = starts[recipient] as number; i < (starts[recipient + 1] as number); i++) {
        const place = places[i] as number;
        scores[place] = (scores[place] as number) + similarity * (values[i] as number);
      }
    }
    return positiveOnly(scores);
  }

  because(taste: Taste, place: number, most: number) {
    const { similarities } = this.#compare(taste);
    const { starts, places, values } = this.#columns;
    const [from, to] = [starts[place] ?? 0, starts[place + 1] ?? 0];
    const parts = Array.from(topPlaces(similarities, this.#settings.neighbours), (recipient) => {
      const at = places.subarray(from, to).indexOf(recipient);
      const weight = at < 0 ? 0 : (values[from + at] as number);
      return {
        id: this.#recipients[recipient] as string,
        part: weight * (similarities[recipient] as number),
      };
    });
    return strongest('recipient', parts, most);
  }

  /** Each similarity is a sum over shared items, and so is the score. */
  via(given: Taste, place: number, most: number) {
    const { similarities } = this.#compare(given);
    const taste = weighedTaste(given, this.#settings.weights);
    const parts = new Float64Array(taste.places.length);
    for (const recipient of topPlaces(similarities, this.#settings.neighbours)) {
      const weight = this.#valueAt(recipient, place);
      if (weight === 0) continue;
      const own = Float64Array.from(
        taste.places,
        (one, t) => (taste.weights[t] as number) * this.#valueAt(recipient, one),
      );
      const product = own.reduce((sum, one) => sum + one, 0);
      own.forEach((one, t) => {
        parts[t] = (parts[t] as number) + (weight * (similarities[recipient] as number) * one) / product;
      });
    }
    const items = Array.from(parts, (part, t) => ({
      id: this.items[taste.places[t] as number] as string,
      part,
    }));
    return strongest('item', items, most);
  }

  /** 0 where there is none. */
  #valueAt(recipient: number, place: number): number {
    const { starts, places, values } = this.#rows;
    const from = starts[recipient] as number;
    const at = places.subarray(from, starts[recipient + 1]).indexOf(place);
    return at < 0 ? 0 : (values[from + at] as number);
  }

  neighbours(taste: Taste, most: number) {
    const { similarities, shared } = this.#compare(taste, true);
    return Array.from(topPlaces(similarities, most), (recipient) => ({
      id: this.#recipients[recipient] as string,
      similarity: similarities[recipient] as number,
      shared: shared[recipient] as number,
    }));
  }

  /**
   * Similarity with every stored recipient; NaN for who shares nothing, and for who has the very items of the taste: they could
   * recommend nothing new, and one of them is mostly the recipient as they were when this was learned.
   *
   * @param all those have a similarity as well.
   */
  #compare(given: Taste, all = false): { similarities: Float64Array; shared: Int32Array } {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.halfLife);
    const { starts, places, values } = this.#columns;
    const similarities = new Float64Array(this.#recipients.length);
    const shared = new Int32Array(this.#recipients.length);
    taste.places.forEach((place, t) => {
      const weight = taste.weights[t] as number;
      for (let i = starts[place] as number; i < (starts[place + 1] as number); i++) {
        const recipient = places[i] as number;
        similarities[recipient] = (similarities[recipient] as number) + weight * (values[i] as number);
        shared[recipient] = (shared[recipient] as number) + 1;
      }
    });
    const length = Math.sqrt(taste.weights.reduce((sum, weight) => sum + weight * weight, 0));
    for (let r = 0; r < similarities.length; r++) {
      const has = (this.#rows.starts[r + 1] as number) - (this.#rows.starts[r] as number);
      const both = shared[r] as number;
      const product = length * (this.#lengths[r] as number) + this.#settings.shrinkage;
      const isSame = both === has && both === taste.places.length;
      similarities[r] =
        both === 0 || (isSame && !all) ? NaN : Math.min(1, (similarities[r] as number) / product);
    }
    return { similarities, shared };
  }

  toJSON(): Json {
    return modelFile('user_knn', {
      settings: { ...this.#settings },
      items: this.items,
      recipients: this.#recipients,
      arrays: packedSparse('rows', this.#rows),
    });
  }
}
