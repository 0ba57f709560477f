import { z } from 'zod';
import { parseDuration } from '../../experiments/duration.js';
import type { SlotValues } from '../../experiments/experiment.js';
import { type Parsed, type Problem, readWith } from '../../experiments/read-with.js';
import { slotsSchema } from '../../experiments/slots.js';
import type { HistoryNeeds } from '../../profiles/history.js';
import type { Json } from '../strategy.js';
import { type InteractionRules, interactionTypes } from './interactions.js';
import { findRecommender, recommenders } from './recommenders.js';

/** `{"kind": "collaborative", "slots": {…}, "items": 3, "method": "user_knn"}` */
export interface CollaborativeDefinition {
  readonly kind: 'collaborative';
  readonly slots: SlotValues;
  readonly items: number;
  /** Name of a recommender. */
  readonly method: string;
  readonly settings: Json;
  readonly weights: Readonly<Record<string, number>>;
  readonly dwell?: InteractionRules['dwell'];
  readonly window: string;
  readonly halfLife?: string;
  /** The last days before the clock; or a share of everybody's items, drawn by chance, which flatters. */
  readonly holdOut: string | { readonly random: number };
  /** Another method for those with fewer items than that. */
  readonly sparse?: { readonly below: number; readonly method: string; readonly settings: Json };
  readonly exclude: {
    /** Ever, not at all, or for so long. */
    readonly bought: boolean | string;
    /** Whatever they did anything with that counts. */
    readonly engaged: boolean;
  };
  /** Older lists are not served. */
  readonly listsMaxAge: string;
}

const duration = z
  .string('must be a duration such as "30d"')
  .regex(/^[1-9]\d{0,4}[mhd]$/, 'write a duration as 90m, 12h or 14d');

const positive = z.number('must be a number').gt(0, 'must be above 0').max(1_000);

const method = z
  .string('must be the name of a method')
  .refine((name) => findRecommender(name) !== undefined, {
    message: `must be one of ${recommenders.map(({ name }) => name).join(', ')}`,
  });

const settings = z.record(z.string(), z.json(), 'must be an object of settings').default({});

const dwell = z.strictObject({
  property: z.string('must name a property of the event').min(1).max(128).default('dwell_seconds'),
  buckets: z
    .array(
      z.strictObject({
        from: z.number('must be a number of seconds').min(0, 'must be 0 or more').max(86_400),
        weight: z.number('must be a number').min(0, 'must be 0 or more').max(1_000),
      }),
    )
    .min(1, 'must have at least one bucket')
    .max(20)
    .refine((buckets) => buckets.every(({ from }, i) => i === 0 || from > (buckets[i - 1]?.from ?? 0)), {
      message: 'must rise: each bucket begins at more seconds than the one before',
    }),
});

const schema = z
  .strictObject(
    {
      kind: z.literal('collaborative', 'must be "collaborative"'),
      slots: slotsSchema,
      items: z.int('must be a whole number').min(1).max(50).default(3),
      method,
      settings,
      weights: z
        .partialRecord(z.enum(interactionTypes, `must be one of ${interactionTypes.join(', ')}`), positive)
        .transform((weights) => weights as Readonly<Record<string, number>>)
        .refine((weights) => Object.keys(weights).length > 0, { message: 'must weigh at least one event' })
        .default({ purchase: 5, cart: 3, click: 1, clicked: 1, view: 1 }),
      dwell: dwell.optional(),
      window: duration.default('365d'),
      halfLife: duration.optional(),
      holdOut: z
        .union([
          duration,
          z.strictObject({
            random: z
              .number('must be a share')
              .min(0.05, 'must be from 0.05 to 0.5')
              .max(0.5, 'must be from 0.05 to 0.5'),
          }),
        ])
        .default('14d'),
      sparse: z
        .strictObject({ below: z.int('must be a whole number').min(1).max(100).default(5), method, settings })
        .optional(),
      exclude: z
        .strictObject({
          bought: z.union([z.boolean(), duration]).default(true),
          engaged: z.boolean('must be true or false').default(true),
        })
        .default({ bought: true, engaged: true }),
      listsMaxAge: duration.default('2d'),
    },
    'must be an object with kind, slots and method',
  )
  .refine(({ weights, dwell: declared }) => declared === undefined || Object.hasOwn(weights, 'view'), {
    path: ['dwell'],
    message: 'is how long a view lasted: give view a weight too, for those of which it is not known',
  })
  .refine(({ window, holdOut }) => typeof holdOut !== 'string' || msOf(holdOut) < msOf(window), {
    path: ['holdOut'],
    message: 'must be shorter than the window: nothing would be left to learn from',
  });

/** Checks a definition, and lets its methods check their settings. */
export function parseCollaborative(input: unknown): Parsed<CollaborativeDefinition> {
  const read = readWith(schema, input);
  if (!read.ok) return read;
  const own = settingsOf(read.value, '');
  const sparse = read.value.sparse && settingsOf(read.value.sparse, 'sparse.');
  const problems = [own, sparse].flatMap((one) => (one === undefined || one.ok ? [] : one.problems));
  if (!own.ok || (sparse && !sparse.ok)) return { ok: false, problems };
  const { sparse: rest, dwell: looked, halfLife, ...others } = read.value;
  const value: CollaborativeDefinition = {
    ...others,
    settings: own.value,
    ...(looked && { dwell: looked }),
    ...(halfLife !== undefined && { halfLife }),
    ...(rest && sparse && { sparse: { ...rest, settings: sparse.value } }),
  };
  return { ok: true, value };
}

/** Weights were declared to be used: methods that can do without them do so where it is said. */
function settingsOf(
  one: { method: string; settings: Readonly<Record<string, Json>> },
  inside: string,
): Parsed<Json> {
  const parsed = findRecommender(one.method)?.parse({ weights: 'given', ...one.settings });
  if (parsed === undefined) throw new Error(`there is no method ${one.method}`);
  if (parsed.ok) return { ok: true, value: parsed.value as Json };
  const at = (path: string): string =>
    `${inside}settings${path === '' || path.startsWith('[') ? path : `.${path}`}`;
  return {
    ok: false,
    problems: parsed.problems.map(({ path, message }): Problem => ({ path: at(path), message })),
  };
}

/** Of a duration that was checked. */
export function msOf(text: string): number {
  return parseDuration(text) ?? 0;
}

export function rulesOf({
  weights,
  dwell: looked,
  window,
  halfLife,
}: CollaborativeDefinition): InteractionRules {
  return {
    weights,
    ...(looked && { dwell: looked }),
    windowMs: msOf(window),
    ...(halfLife !== undefined && { halfLifeMs: msOf(halfLife) }),
  };
}

/** Of whatever was bought at any time everything must be read. */
export function needsOf({ weights, window, exclude: { bought } }: CollaborativeDefinition): HistoryNeeds {
  const types = [...new Set([...Object.keys(weights), ...(bought === false ? [] : ['purchase'])])].sort();
  if (bought === true) return { types };
  return { types, lookbackMs: Math.max(msOf(window), bought === false ? 0 : msOf(bought)) };
}
