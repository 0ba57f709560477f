import { type OpenModel, packedSparse } from './model-file.js';

export interface PackedAttributes {
  readonly words: readonly string[];
  readonly arrays: Readonly<Record<string, string>>;
}

/** Each attribute once, and of each item its places: a million items share a few thousand words. */
export function packAttributes(attributes: readonly (readonly string[])[]): PackedAttributes {
  const words = [...new Set(attributes.flat())].sort();
  const codeOf = new Map(words.map((word, code) => [word, code]));
  const starts = new Int32Array(attributes.length + 1);
  attributes.forEach((list, i) => (starts[i + 1] = (starts[i] as number) + list.length));
  const places = new Int32Array(starts.at(-1) ?? 0);
  attributes.forEach((list, i) => {
    places.set(Int32Array.from(list, (word) => codeOf.get(word) as number).sort(), starts[i]);
  });
  const values = new Float32Array(places.length).fill(1);
  return { words, arrays: packedSparse('attributes', { starts, places, values }) };
}

/** Of every item by place. @throws Error with a sentence, for what `packAttributes` did not write. */
export function attributesIn(words: readonly string[], model: OpenModel): string[][] {
  const { starts, places } = model.sparse('attributes', model.items.length, words.length);
  return model.items.map((_, i) =>
    Array.from(places.subarray(starts[i], starts[i + 1]), (code) => words[code] as string),
  );
}
