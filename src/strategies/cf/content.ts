import { topPlaces } from './top.js';
import type { Taste } from './recommender.js';

/**
 * Items that are like those of the taste in what is known of them: the cosine between the attributes of an item and the sum of
 * those of the taste, each attribute weighted by ln(items / items that have it), so that what all have says nothing.
 */
export class Content {
  readonly #words: readonly string[];
  readonly #wordsOf: readonly Int32Array[];
  readonly #rarity: Float64Array;
  readonly #lengths: Float64Array;

  /** @param attributes of every item by place. */
  constructor(attributes: readonly (readonly string[])[]) {
    this.#words = [...new Set(attributes.flat())].sort();
    const codeOf = new Map(this.#words.map((word, code) => [word, code]));
    // In one order, so that sums and ties are the same from a model that was stored.
    this.#wordsOf = attributes.map((list) =>
      Int32Array.from(list, (word) => codeOf.get(word) as number).sort(),
    );
    const counts = new Float64Array(this.#words.length);
    for (const codes of this.#wordsOf) for (const code of codes) counts[code] = (counts[code] as number) + 1;
    this.#rarity = counts.map((count) => Math.log(attributes.length / count));
    this.#lengths = Float64Array.from(this.#wordsOf, (codes) =>
      Math.sqrt(codes.reduce((sum, code) => sum + (this.#rarity[code] as number) ** 2, 0)),
    );
  }

  /** From 0 to 1; 0 where an item shares nothing with the taste. */
  score(taste: Taste): Float64Array {
    const profile = this.#profileOf(taste);
    const length = Math.sqrt(profile.reduce((sum, value) => sum + value * value, 0));
    return new Float64Array(this.#wordsOf.length).map((_, place) => {
      let product = 0;
      for (const code of this.#wordsOf[place] as Int32Array) {
        product += (profile[code] as number) * (this.#rarity[code] as number);
      }
      return product > 0 ? product / (length * (this.#lengths[place] as number)) : 0;
    });
  }

  /** What an item shares with the taste, with how much each adds. */
  shared(taste: Taste, place: number, most: number): { readonly id: string; readonly part: number }[] {
    const profile = this.#profileOf(taste);
    const codes = this.#wordsOf[place] ?? new Int32Array();
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
      for (const code of this.#wordsOf[place] as Int32Array) {
        profile[code] =
          (profile[code] as number) + ((weights[t] as number) * (this.#rarity[code] as number)) / length;
      }
    });
    return profile;
  }
}
