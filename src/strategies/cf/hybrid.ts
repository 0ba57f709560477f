import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import { Content } from './content.js';
import { itemKnn } from './item-knn.js';
import type { Matrix } from './matrix.js';
import { modelFile, OpenModel } from './model-file.js';
import { popularRecommender } from './popular.js';
import type { Because, NothingFitted, Recommender, RecommenderKind, Taste } from './recommender.js';
import { halfLifeSchema, weighingSchema } from './settings.js';
import { matrixProblem, weighedTaste } from './sparse.js';
import { userKnn } from './user-knn.js';

const share = z.number('must be a number').min(0).max(1_000);

const schema = z.strictObject({
  /** Parts of the blend; each counts as much as its weight, its best new item being 1. */
  items: share.default(0.7),
  recipients: share.default(0.3),
  attributes: share.default(0.2),
  popular: share.default(0.1),
  /** Attributes and popularity help tastes of fewer interactions than this; null: all. */
  below: z.int('must be a whole number').min(0).max(1_000_000).nullable().default(5),
  neighbours: z.int('must be a whole number').min(1).max(10_000).default(50),
  itemHalfLife: halfLifeSchema.default(3),
  recipientHalfLife: halfLifeSchema.default(5),
  weights: weighingSchema,
});

export type HybridSettings = z.infer<typeof schema>;

/**
 * Neighbours of items and of recipients together, with what happened last counting most; for tastes of few interactions also
 * what is known of the items, and popularity.
 */
export const hybrid: RecommenderKind<HybridSettings> = {
  name: 'hybrid',
  summary:
    'Neighbours of items and recipients together; for sparse histories also attributes and popularity.',
  drawn: false,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings, seed) => matrixProblem(matrix) ?? fitHybrid(matrix, settings, seed),
  fromJSON(json) {
    const model = new OpenModel('hybrid', json);
    const settings = schema.safeParse(model.settings);
    const rest = restSchema.safeParse(model.rest);
    if (!settings.success) throw model.damaged('its settings are not known here');
    if (!rest.success || (rest.data.attributes && rest.data.attributes.length !== model.items.length)) {
      throw model.damaged('a part of it is missing');
    }
    const { items, recipients, popular, attributes } = rest.data;
    const parts = {
      items: itemKnn.fromJSON(items),
      recipients: userKnn.fromJSON(recipients),
      popular: popularRecommender.fromJSON(popular),
    };
    for (const part of Object.values(parts)) {
      if (part.items.length !== model.items.length) throw model.damaged('its parts know other items');
    }
    return new Hybrid(model.items, parts, attributes, settings.data);
  },
};

const restSchema = z.strictObject({
  items: z.json(),
  recipients: z.json(),
  popular: z.json(),
  attributes: z.array(z.array(z.string())).optional(),
});

interface Parts {
  readonly items: Recommender;
  readonly recipients: Recommender;
  readonly popular: Recommender;
}

function fitHybrid(matrix: Matrix, settings: HybridSettings, seed: string): Recommender | NothingFitted {
  const { neighbours, weights } = settings;
  const items = itemKnn.fit(
    matrix,
    { neighbours: null, shrinkage: 0, halfLife: settings.itemHalfLife, weights },
    seed,
  );
  const recipients = userKnn.fit(
    matrix,
    { neighbours, shrinkage: 0, halfLife: settings.recipientHalfLife, weights },
    seed,
  );
  const popular = popularRecommender.fit(matrix, { weights }, seed);
  for (const part of [items, recipients, popular]) if ('refused' in part) return part;
  const parts = { items, recipients, popular } as Parts;
  return new Hybrid(matrix.items, parts, matrix.attributes, settings);
}

/** One part of a blend: its weight times its scores, the best item that the taste lacks being 1. */
interface Blended {
  readonly scores: Float64Array;
  readonly scale: number;
  readonly because: (place: number, most: number) => readonly Because[];
}

class Hybrid implements Recommender {
  readonly items: readonly string[];
  readonly #parts: Parts;
  readonly #attributes: readonly (readonly string[])[] | undefined;
  readonly #content: Content | undefined;
  readonly #settings: HybridSettings;

  constructor(
    items: readonly string[],
    parts: Parts,
    attributes: readonly (readonly string[])[] | undefined,
    settings: HybridSettings,
  ) {
    this.items = items;
    this.#parts = parts;
    this.#attributes = attributes;
    this.#content = attributes && new Content(attributes);
    this.#settings = settings;
  }

  score(taste: Taste): Float64Array {
    const blend = this.#blend(taste);
    return Float64Array.from(this.items, (_, place) => {
      const score = blend.reduce((sum, part) => sum + partOf(part, place), 0);
      return score > 0 ? score : NaN;
    });
  }

  because(taste: Taste, place: number, most: number) {
    const blend = this.#blend(taste);
    const total = blend.reduce((sum, part) => sum + partOf(part, place), 0);
    if (!(total > 0)) return [];
    const all = blend.flatMap((part) =>
      part.because(place, most).map((one) => ({ ...one, share: (one.share * partOf(part, place)) / total })),
    );
    return all
      .filter((one) => one.share > 0)
      .sort((a, b) => b.share - a.share)
      .slice(0, Math.max(0, most));
  }

  neighbours(taste: Taste, most: number) {
    return this.#parts.recipients.neighbours?.(taste, most) ?? [];
  }

  alike(place: number, most: number) {
    return this.#parts.items.alike?.(place, most) ?? [];
  }

  #blend(taste: Taste): Blended[] {
    const { items, recipients, popular, attributes, below } = this.#settings;
    const isSparse = below === null || taste.places.length < below;
    const of = (part: Recommender, weight: number): Blended[] =>
      blended(
        taste,
        weight,
        () => part.score(taste),
        (place, most) => part.because(taste, place, most),
      );
    return [
      ...of(this.#parts.items, items),
      ...of(this.#parts.recipients, recipients),
      ...(isSparse ? of(this.#parts.popular, popular) : []),
      ...(isSparse && this.#content ? this.#byAttributes(this.#content, taste, attributes) : []),
    ];
  }

  #byAttributes(content: Content, given: Taste, weight: number): Blended[] {
    const taste = weighedTaste(given, this.#settings.weights, this.#settings.recipientHalfLife);
    const because = (place: number, most: number): Because[] => {
      const parts = content.shared(taste, place, Infinity);
      const total = parts.reduce((sum, { part }) => sum + part, 0);
      return parts.slice(0, most).map(({ id, part }) => ({ kind: 'attribute', id, share: part / total }));
    };
    return blended(given, weight, () => content.score(taste), because);
  }

  toJSON(): Json {
    const { items, recipients, popular } = this.#parts;
    return modelFile('hybrid', {
      settings: { ...this.#settings },
      items: this.items,
      arrays: {},
      rest: {
        items: items.toJSON(),
        recipients: recipients.toJSON(),
        popular: popular.toJSON(),
        ...(this.#attributes && { attributes: this.#attributes }),
      },
    });
  }
}

/** Empty where the part counts nothing, or has nothing new to say. */
function blended(
  { places }: Taste,
  weight: number,
  scoresOf: () => Float64Array,
  because: Blended['because'],
): Blended[] {
  if (weight === 0) return [];
  const scores = scoresOf();
  const known = new Uint8Array(scores.length);
  for (const place of places) known[place] = 1;
  let most = 0;
  scores.forEach((score, place) => {
    if (score > most && known[place] === 0) most = score;
  });
  return most > 0 ? [{ scores, scale: weight / most, because }] : [];
}

function partOf({ scores, scale }: Blended, place: number): number {
  const score = scores[place] as number;
  return score > 0 ? scale * score : 0;
}
