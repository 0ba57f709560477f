import { z } from 'zod';
import type { Json } from '../strategy.js';
import type { Because, Neighbour, Recommender, Taste } from './recommender.js';
import { findRecommender } from './recommenders.js';

/** An item in its place. */
export interface Ranked {
  readonly item: string;
  /** Never higher than that of the one before. */
  readonly score: number;
  /** The method that ranks it. */
  readonly by: string;
}

/** What is recommended to one taste. */
export interface Ranking {
  /** The method that was asked first: `popular` where nothing is known. */
  readonly by: string;
  /** Items of the taste that the model knows. */
  readonly known: number;
  readonly ranked: readonly Ranked[];
  /** What speaks for one of them, the strongest first. */
  readonly because: (item: string, most: number) => readonly Because[];
  /** The items of theirs by which recipients who speak for it are alike. */
  readonly via: (item: string, most: number) => readonly Because[];
}

interface Step {
  readonly method: string;
  readonly recommender: Recommender;
  /** By id. */
  readonly placeOf: ReadonlyMap<string, number>;
}

export interface CascadeParts {
  readonly main: { readonly method: string; readonly recommender: Recommender };
  /** For those of whom fewer items are known than that. */
  readonly sparse?: {
    readonly method: string;
    readonly recommender: Recommender;
    readonly below: number;
  };
  readonly popular: Recommender;
}

/**
 * A method, another one for those of whom little is known, and best sellers for those of whom nothing is; best sellers also
 * fill up where a method has fewer items than are asked for. What is measured is ranked by the same lines as what is served.
 */
export class Cascade {
  readonly #main: Step;
  readonly #sparse: (Step & { readonly below: number }) | undefined;
  readonly #popular: Step;
  readonly #parts: CascadeParts;

  constructor(parts: CascadeParts) {
    const { main, sparse, popular } = parts;
    this.#parts = parts;
    this.#main = stepOf(main.method, main.recommender);
    this.#sparse = sparse && { ...stepOf(sparse.method, sparse.recommender), below: sparse.below };
    this.#popular = stepOf('popular', popular);
  }

  /** The method that everybody is ranked by of whom enough is known. */
  get main(): CascadeParts['main'] {
    return this.#parts.main;
  }

  /** The same without the method for few items. */
  withoutSparse(): Cascade {
    const { main, popular } = this.#parts;
    return new Cascade({ main, popular });
  }

  /**
   * @param worths of one recipient, by item, the newest at the end.
   * @param allowed whether they may be shown an item.
   */
  rank(worths: ReadonlyMap<string, number>, allowed: (item: string) => boolean, most: number): Ranking {
    const step = this.#stepFor(worths);
    const taste = tasteOf(worths, step);
    const scores = step.recommender.score(taste);
    const first = bestOf(step, scores, allowed, most);
    const ranked = step === this.#popular ? first : this.#fillUp(first, allowed, most);
    return {
      by: step.method,
      known: tasteOf(worths, this.#main).places.length,
      ranked,
      because: (item, count) =>
        reasonsFor(step, item, (place) => step.recommender.because(taste, place, count)),
      via: (item, count) =>
        reasonsFor(step, item, (place) => step.recommender.via?.(taste, place, count) ?? []),
    };
  }

  /** By best sellers only, whoever asks. */
  rankPopular(allowed: (item: string) => boolean, most: number): readonly Ranked[] {
    return bestOf(this.#popular, this.#popular.recommender.score(nothing), allowed, most);
  }

  /** Recipients whose taste is like this one's; undefined where the method keeps none. */
  neighbours(worths: ReadonlyMap<string, number>, most: number): readonly Neighbour[] | undefined {
    return this.#main.recommender.neighbours?.(tasteOf(worths, this.#main), most);
  }

  /** Items that go with one; undefined where the method compares none. */
  similar(item: string, most: number): readonly Neighbour[] | 'unknown' | undefined {
    const { recommender, placeOf } = this.#main;
    const place = placeOf.get(item);
    return place === undefined ? 'unknown' : recommender.alike?.(place, most);
  }

  #stepFor(worths: ReadonlyMap<string, number>): Step {
    const known = tasteOf(worths, this.#main).places.length;
    const sparse = this.#sparse;
    if (sparse && known < sparse.below && tasteOf(worths, sparse).places.length > 0) return sparse;
    return known > 0 ? this.#main : this.#popular;
  }

  /** Scores of two methods cannot be compared: what fills up stands below what it follows. */
  #fillUp(first: readonly Ranked[], allowed: (item: string) => boolean, most: number): readonly Ranked[] {
    if (first.length >= most) return first;
    const taken = new Set(first.map(({ item }) => item));
    const others = this.rankPopular((item) => !taken.has(item) && allowed(item), most - first.length);
    const last = first.at(-1)?.score;
    const top = others[0]?.score ?? 0;
    const below = last === undefined || last > top ? 0 : last - top - 1;
    return [...first, ...others.map((one) => ({ ...one, score: one.score + below }))];
  }
}

function reasonsFor(
  { placeOf }: Step,
  item: string,
  find: (place: number) => readonly Because[],
): readonly Because[] {
  const place = placeOf.get(item);
  return place === undefined ? [] : find(place);
}

const nothing: Taste = { places: new Int32Array(), weights: new Float32Array() };

function stepOf(method: string, recommender: Recommender): Step {
  return { method, recommender, placeOf: new Map(recommender.items.map((id, place) => [id, place])) };
}

/** Of items that the step knows. */
function tasteOf(worths: ReadonlyMap<string, number>, { placeOf }: Step): Taste {
  const known: { readonly place: number; readonly worth: number; readonly nth: number }[] = [];
  for (const [item, worth] of worths) {
    const place = placeOf.get(item);
    if (place !== undefined) known.push({ place, worth, nth: known.length });
  }
  known.sort((a, b) => a.place - b.place);
  return {
    places: Int32Array.from(known, ({ place }) => place),
    weights: Float32Array.from(known, ({ worth }) => worth),
    ages: Int32Array.from(known, ({ nth }) => known.length - 1 - nth),
  };
}

/** The highest scores first, ties by id, which is the order of the places. */
function bestOf(
  { method, recommender }: Step,
  scores: Float64Array,
  allowed: (item: string) => boolean,
  most: number,
): Ranked[] {
  if (most < 1) return [];
  const best: { readonly item: string; readonly score: number }[] = [];
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] as number;
    if (!Number.isFinite(score)) continue;
    if (best.length >= most && score <= (best.at(-1) as { score: number }).score) continue;
    const item = recommender.items[place] as string;
    if (!allowed(item)) continue;
    let at = best.length;
    while (at > 0 && (best[at - 1] as { score: number }).score < score) at -= 1;
    best.splice(at, 0, { item, score });
    if (best.length > most) best.pop();
  }
  return best.map(({ item, score }) => ({ item, score: short(score), by: method }));
}

/** Nine digits: enough to tell items apart, and short in the ledger. */
function short(score: number): number {
  return Number(score.toPrecision(9));
}

const stateSchema = z.object({
  schema: z.literal('postulate.collaborative/1'),
  method: z.string(),
  recommender: z.unknown(),
  sparse: z.object({ method: z.string(), below: z.number(), recommender: z.unknown() }).optional(),
  popular: z.unknown(),
});

export function cascadeToJSON({ main, sparse, popular }: CascadeParts): Json {
  return {
    schema: 'postulate.collaborative/1',
    method: main.method,
    recommender: main.recommender.toJSON(),
    ...(sparse && {
      sparse: { method: sparse.method, below: sparse.below, recommender: sparse.recommender.toJSON() },
    }),
    popular: popular.toJSON(),
  };
}

// A model is read once and decides for many calls.
const read = new WeakMap<object, Cascade>();

/** @throws Error with a sentence, for what `cascadeToJSON` did not write. */
export function cascadeFromJSON(state: Json): Cascade {
  const known = typeof state === 'object' && state !== null ? read.get(state) : undefined;
  if (known) return known;
  const parsed = stateSchema.safeParse(state);
  if (!parsed.success) throw new Error('the strategy has learned nothing that it can use');
  const { method, recommender, sparse, popular } = parsed.data;
  const cascade = new Cascade({
    main: { method, recommender: readBy(method, recommender) },
    ...(sparse && {
      sparse: { ...sparse, recommender: readBy(sparse.method, sparse.recommender) },
    }),
    popular: readBy('popular', popular),
  });
  read.set(state as object, cascade);
  return cascade;
}

function readBy(method: string, json: unknown): Recommender {
  const kind = findRecommender(method);
  if (!kind) throw new Error(`the model was learned by ${method}, which is not known here`);
  return kind.fromJSON(json as Json);
}
