import { z } from 'zod';
import { readWith } from '../../experiments/read-with.js';
import type { Json } from '../strategy.js';
import { als } from './als.js';
import { Content } from './content.js';
import { itemKnn } from './item-knn.js';
import type { Matrix } from './matrix.js';
import { OpenModel, modelFile } from './model-file.js';
import { attributesIn, packAttributes } from './packed-attributes.js';
import type { Because, NothingFitted, Recommender, RecommenderKind, Taste } from './recommender.js';
import { halfLifeSchema, weighingSchema } from './settings.js';
import { matrixProblem, positiveOnly, weighedTaste } from './sparse.js';
import { userKnn } from './user-knn.js';

const share = z.number('must be a number').min(0).max(1_000);

const schema = z
  .strictObject({
    /** Parts of the blend; each counts as much as its weight, its best new item being 1. */
    items: share.default(0.7),
    recipients: share.default(0.3),
    als: share.default(0.4),
    attributes: share.default(0.3),
    /** Attributes help tastes of fewer interactions than this; null: all. */
    below: z.int('must be a whole number').min(0).max(1_000_000).nullable().default(null),
    neighbours: z.int('must be a whole number').min(1).max(10_000).default(50),
    itemHalfLife: halfLifeSchema.default(3),
    recipientHalfLife: halfLifeSchema.default(5),
    weights: weighingSchema,
  })
  .refine((settings) => partNames.some((name) => settings[name] > 0), {
    path: ['items'],
    message: 'must be above 0, or recipients or als: attributes alone know nothing of recipients',
  });

export type HybridSettings = z.infer<typeof schema>;

/** Recommenders of their own that are blended. */
const partNames = ['items', 'recipients', 'als'] as const;
type PartName = (typeof partNames)[number];
/** Without those that weigh nothing. */
type Parts = Partial<Readonly<Record<PartName, Recommender>>>;

/**
 * Neighbours of items and of recipients, with what happened last counting most, hidden tastes and what is known of the items, all
 * together. The usual weights and half-lives were found on the last fifth of what is learned from in ml-latest-small, and then
 * measured on its hold-out.
 */
export const hybrid: RecommenderKind<HybridSettings> = {
  name: 'hybrid',
  summary: 'Neighbours of items and recipients, hidden tastes and attributes of the items together.',
  drawn: true,
  parse: (settings) => readWith(schema, settings ?? {}),
  fit: (matrix, settings, seed, tell) => matrixProblem(matrix) ?? fitHybrid(matrix, settings, seed, tell),
  fromJSON(json) {
    const model = new OpenModel('hybrid', json);
    const settings = schema.safeParse(model.settings);
    const rest = restSchema.safeParse(model.rest);
    if (!settings.success) throw model.damaged('its settings are not known here');
    if (!rest.success) throw model.damaged('a part of it is missing');
    const { words, ...stored } = rest.data;
    const attributes = words && attributesIn(words, model);
    const parts = Object.fromEntries(
      partNames.flatMap((name) => {
        if (settings.data[name] === 0) return [];
        const part = kindOf[name].fromJSON(stored[name] ?? null);
        if (part.items.length !== model.items.length) throw model.damaged('its parts know other items');
        return [[name, part]];
      }),
    );
    return new Hybrid(model.items, parts, attributes, settings.data);
  },
};

const kindOf = { items: itemKnn, recipients: userKnn, als } as const;

const restSchema = z.strictObject({
  items: z.json().optional(),
  recipients: z.json().optional(),
  als: z.json().optional(),
  /** Attributes; items have them by their places in this list. */
  words: z.array(z.string()).optional(),
});

function fitHybrid(
  matrix: Matrix,
  settings: HybridSettings,
  seed: string,
  tell?: (done: number, of: number) => void,
): Recommender | NothingFitted {
  const parts: Partial<Record<PartName, Recommender>> = {};
  for (const name of partNames) {
    if (settings[name] === 0) continue;
    const part = fitPart(name, matrix, settings, seed, tell);
    if ('refused' in part) return part;
    parts[name] = part;
  }
  return new Hybrid(matrix.items, parts, matrix.attributes, settings);
}

function fitPart(
  name: PartName,
  matrix: Matrix,
  { neighbours, weights, itemHalfLife, recipientHalfLife }: HybridSettings,
  seed: string,
  tell?: (done: number, of: number) => void,
): Recommender | NothingFitted {
  if (name === 'items') {
    return itemKnn.fit(matrix, { neighbours: null, shrinkage: 0, halfLife: itemHalfLife, weights }, seed);
  }
  if (name === 'recipients') {
    return userKnn.fit(matrix, { neighbours, shrinkage: 0, halfLife: recipientHalfLife, weights }, seed);
  }
  const usual = als.parse({ weights });
  if (!usual.ok) throw new Error('als must do with its usual settings');
  return als.fit(matrix, usual.value, seed, tell);
}

/** One part of a blend: its weight times its scores, the best item that the taste lacks being 1. */
interface Blended {
  readonly scores: Float64Array;
  readonly scale: number;
  readonly because: (place: number) => readonly Because[];
}

class Hybrid implements Recommender {
  readonly items: readonly string[];
  readonly #parts: Parts;
  readonly #attributes: readonly (readonly string[])[] | undefined;
  readonly #content: Content | undefined;
  readonly #settings: HybridSettings;
  /** Reasons are asked for right after the scores, for the same taste. */
  #last: { readonly taste: Taste; readonly blend: readonly Blended[] } | undefined;

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
    const sums = new Float64Array(this.items.length);
    for (const { scores, scale } of this.#blend(taste)) {
      for (let place = 0; place < sums.length; place++) {
        const score = scores[place] as number;
        if (score > 0) sums[place] = (sums[place] as number) + scale * score;
      }
    }
    return positiveOnly(sums);
  }

  because(taste: Taste, place: number, most: number) {
    const blend = this.#blend(taste);
    const total = blend.reduce((sum, part) => sum + partOf(part, place), 0);
    if (!(total > 0)) return [];
    const all = blend.flatMap((part) =>
      part.because(place).map((one) => ({ ...one, share: (one.share * partOf(part, place)) / total })),
    );
    return joined(all).slice(0, Math.max(0, most));
  }

  neighbours(taste: Taste, most: number) {
    return this.#parts.recipients?.neighbours?.(taste, most) ?? [];
  }

  alike(place: number, most: number) {
    return (this.#parts.items ?? this.#parts.als)?.alike?.(place, most) ?? [];
  }

  #blend(taste: Taste): readonly Blended[] {
    if (this.#last?.taste === taste) return this.#last.blend;
    const blend = [
      ...partNames.flatMap((name) => {
        const part = this.#parts[name];
        if (!part) return [];
        return blended(...([taste, this.#settings[name], part.score(taste)] as const), (place) =>
          part.because(taste, place, Infinity),
        );
      }),
      ...this.#byAttributes(taste),
    ];
    this.#last = { taste, blend };
    return blend;
  }

  #byAttributes(given: Taste): Blended[] {
    const { attributes, below, weights, recipientHalfLife } = this.#settings;
    const content = this.#content;
    if (!content || attributes === 0 || given.places.length >= (below ?? Infinity)) return [];
    const taste = weighedTaste(given, weights, recipientHalfLife);
    return blended(given, attributes, content.score(taste), (place) => {
      const parts = content.shared(taste, place, Infinity);
      const total = parts.reduce((sum, { part }) => sum + part, 0);
      return parts.map(({ id, part }) => ({ kind: 'attribute', id, share: part / total }));
    });
  }

  toJSON(): Json {
    const parts = Object.entries(this.#parts).map(([name, part]) => [name, part.toJSON()]);
    const packed = this.#attributes && packAttributes(this.#attributes);
    return modelFile('hybrid', {
      settings: { ...this.#settings },
      items: this.items,
      arrays: { ...packed?.arrays },
      rest: {
        ...(Object.fromEntries(parts) as Record<string, Json>),
        ...(packed && { words: packed.words }),
      },
    });
  }
}

/** Shares of the same thing from several parts as one, the strongest first. */
function joined(all: readonly Because[]): Because[] {
  const byThing = new Map<string, Because>();
  for (const one of all) {
    const key = `${one.kind} ${one.id}`;
    byThing.set(key, { ...one, share: one.share + (byThing.get(key)?.share ?? 0) });
  }
  return [...byThing.values()].filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
}

/** Empty where the part has nothing new to say. */
function blended(
  { places }: Taste,
  weight: number,
  scores: Float64Array,
  because: Blended['because'],
): Blended[] {
  let [most, next] = [0, 0];
  for (let place = 0; place < scores.length; place++) {
    // Places of a taste rise.
    if (place === places[next]) next += 1;
    else if ((scores[place] as number) > most) most = scores[place] as number;
  }
  return most > 0 ? [{ scores, scale: weight / most, because }] : [];
}

function partOf({ scores, scale }: Blended, place: number): number {
  const score = scores[place] as number;
  return score > 0 ? scale * score : 0;
}
