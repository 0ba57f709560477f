import { z } from 'zod';
import type { Json } from '../strategy.js';
import type { Sparse } from './matrix.js';
import { pack, unpackFloats, unpackInts } from './packed.js';

/** How a recommender is stored: one shape for all kinds, so that one place says what is wrong with a file. */

const version = 1;

/** Entries that one model may hold; beyond, its text would be longer than what a string can be. */
export const mostEntries = 40_000_000;

export interface ModelParts {
  readonly settings: Json;
  readonly items: readonly string[];
  readonly recipients?: readonly string[];
  /** Packed numbers by name. */
  readonly arrays: Readonly<Record<string, string>>;
  /** Whatever else the kind needs. */
  readonly rest?: Json;
}

export function modelFile(name: string, parts: ModelParts): Json {
  return { model: 'postulate.recommender', recommender: name, version, ...parts };
}

const schema = z.strictObject({
  model: z.literal('postulate.recommender'),
  recommender: z.string(),
  version: z.number(),
  settings: z.json(),
  items: z.array(z.string()),
  recipients: z.array(z.string()).optional(),
  arrays: z.record(z.string(), z.string()),
  rest: z.json().optional(),
});

/** What `modelFile` wrote, checked. @throws Error with a sentence. */
export class OpenModel {
  readonly items: readonly string[];
  readonly recipients: readonly string[];
  readonly settings: unknown;
  readonly rest: unknown;
  readonly #name: string;
  readonly #arrays: Readonly<Record<string, string>>;

  constructor(name: string, json: Json) {
    this.#name = name;
    const foreign = headProblem(name, json);
    if (foreign !== undefined) throw new Error(foreign);
    const read = schema.safeParse(json);
    if (!read.success)
      throw this.damaged(`${read.error.issues[0]?.path.join('.') ?? 'a part'} is not as it was written`);
    this.items = this.#distinct(read.data.items);
    this.recipients = this.#distinct(read.data.recipients ?? []);
    this.settings = read.data.settings;
    this.rest = read.data.rest;
    this.#arrays = read.data.arrays;
  }

  damaged(what: string): Error {
    return new Error(`This model of ${this.#name} cannot be used: ${what}. Learn it again.`);
  }

  ints(name: string, size: number): Int32Array {
    return this.#sized(name, size, unpackInts);
  }

  floats(name: string, size: number): Float32Array {
    return this.#sized(name, size, unpackFloats);
  }

  /** @param columns places are below this. */
  sparse(name: string, rows: number, columns: number): Sparse {
    const starts = this.ints(`${name}.starts`, rows + 1);
    const size = starts[rows] as number;
    if (starts[0] !== 0 || starts.some((start, r) => r > 0 && start < (starts[r - 1] as number))) {
      throw this.damaged(`the rows of ${name} are not in order`);
    }
    const places = this.ints(`${name}.places`, size);
    for (let row = 0; row < rows; row++) {
      for (let i = starts[row] as number, last = -1; i < (starts[row + 1] as number); i++) {
        const place = places[i] as number;
        if (place <= last || place >= columns) throw this.damaged(`a place in ${name} is out of order`);
        last = place;
      }
    }
    const isBinary = !Object.hasOwn(this.#arrays, `${name}.values`);
    const values = isBinary ? new Float32Array(size).fill(1) : this.floats(`${name}.values`, size);
    return { starts, places, values };
  }

  #sized<T extends { readonly length: number }>(name: string, size: number, unpack: (text: string) => T): T {
    const text = Object.hasOwn(this.#arrays, name) ? this.#arrays[name] : undefined;
    if (text === undefined) throw this.damaged(`${name} is missing`);
    let numbers: T;
    try {
      numbers = unpack(text);
    } catch (error) {
      throw this.damaged(`of ${name}, ${error instanceof Error ? error.message : String(error)}`);
    }
    if (numbers.length !== size) {
      throw this.damaged(`${name} has ${numbers.length} numbers where ${size} belong`);
    }
    return numbers;
  }

  #distinct(ids: readonly string[]): readonly string[] {
    if (new Set(ids).size !== ids.length) throw this.damaged('an id stands in it twice');
    return ids;
  }
}

const headSchema = z.object({
  model: z.literal('postulate.recommender'),
  recommender: z.string(),
  version: z.number(),
});

function headProblem(name: string, json: Json): string | undefined {
  const head = headSchema.safeParse(json);
  if (!head.success) return 'This is no model of a recommender of Postulate. Give what toJSON wrote.';
  if (head.data.recommender !== name) {
    return `This is a model of ${JSON.stringify(head.data.recommender.slice(0, 40))}, not of ${name}.`;
  }
  if (head.data.version === version) return undefined;
  return `This model of ${name} has version ${head.data.version}; this program reads version ${version}. Learn it again.`;
}

/** Packed, without values that are all 1. */
export function packedSparse(name: string, { starts, places, values }: Sparse): Record<string, string> {
  return {
    [`${name}.starts`]: pack(starts),
    [`${name}.places`]: pack(places),
    ...(values.some((value) => value !== 1) && { [`${name}.values`]: pack(values) }),
  };
}
