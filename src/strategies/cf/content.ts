import { topPlaces } from './top.js';
import type { Taste } from './recommender.js';

/**
 * Items that are like those of the taste in what is known of them: the cosine between the attributes of an item and the sum of
 * those of the taste, each attribute weighted by ln(items / items that have it), so that what all have says nothing.
 */
export class Content {
  readonly #words: readonly string[];
  /** Codes of the words of every item, one item after the other: those of one begin at its start. */
  readonly #codes: Int32Array;
  readonly #starts: Int32Array;
  readonly #rarity: Float64Array;
  readonly #lengths: Float64Array;

  /** @param attributes of every item by place. */
  constructor(attributes: readonly (readonly string[])[]) {
    this.#words = [...new Set(attributes.flat())].sort();
    const codeOf = new Map(this.#words.map((word, code) => [word, code]));
    // In one order, so that sums and ties are the same from a model that was stored.
    this.#starts = new Int32Array(attributes.length + 1);
    attributes.forEach((list, i) => (this.#starts[i + 1] = (this.#starts[i] as number) + list.length));
    this.#codes = new Int32Array(this.#starts.at(-1) as number);
    attributes.forEach((list, place) => {
      const own = this.#codesOf(place);
      list.forEach((word, i) => (own[i] = codeOf.get(word) as number));
      own.sort();
    });
    const counts = new Float64Array(this.#words.length);
    for (const code of this.#codes) counts[code] = (counts[code] as number) + 1;
    this.#rarity = counts.map((count) => Math.log(attributes.length / count));
    this.#lengths = new Float64Array(attributes.length);
    for (let place = 0; place < attributes.length; place++) {
      let sum = 0;
      for (const code of this.#codesOf(place)) sum += (this.#rarity[code] as number) ** 2;
      this.#lengths[place] = Math.sqrt(sum);
    }
  }

  #codesOf(place: number): Int32Array {
    // Of a place that does not exist nothing is known.
    return this.#codes.subarray(this.#starts[place] ?? 0, this.#starts[place + 1] ?? 0);
  }

  /** From 0 to 1; 0 where an item shares nothing with the taste. */
  score(taste: Taste): Float64Array {
    const profile = this.#profileOf(taste);
    const length = Math.sqrt(profile.reduce((sum, value) => sum + value * value, 0));
    const [codes, starts, lengths] = [this.#codes, this.#starts, this.#lengths];
    const worths = profile.map((value, code) => value * (this.#rarity[code] as number));
    const scores = new Float64Array(lengths.length);
    for (let place = 0; place < scores.length; place++) {
      let product = 0;
      for (let i = starts[place] as number; i < (starts[place + 1] as number); i++)
        product += worths[codes[i] as number] as number;
      if (product > 0) scores[place] = product / (length * (lengths[place] as number));
    }
    return scores;
  }

  /** What an item shares with the taste, with how much each adds. */
  shared(taste: Taste, place: number, most: number): { readonly id: string; readonly part: number }[] {
    const profile = this.#profileOf(taste);
    const codes = this.#codesOf(place);
    const parts = Float64Array.from(
      codes,
      (code) => (profile[code] as number) * (this.#rarity[code] as number),
    );
    return Array.from(topPlaces(parts, most), (i) => ({
      id: this.#words[codes[i] as number] as string,
      part: parts[i] as number,
    }));
  }

  #profileOf({ places, weights }: Taste): Float64Array {
    const profile = new Float64Array(this.#words.length);
    places.forEach((place, t) => {
      const length = this.#lengths[place] as number;
      if (!(length > 0)) return;
      for (const code of this.#codesOf(place)) {
        profile[code] =
          (profile[code] as number) + ((weights[t] as number) * (this.#rarity[code] as number)) / length;
      }
    });
    return profile;
  }
}
