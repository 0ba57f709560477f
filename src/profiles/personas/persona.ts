import { z } from 'zod';
import { text } from '../../experiments/text.js';
import { findFeature } from '../features/feature.js';

export const fewestPeople = 30;
export const mostPersonas = 12;

const featureSchema = z.strictObject({
  feature: text(200).refine((name) => isNumeric(name), {
    message: 'is no feature that is a number, such as frequency or spend(EUR)',
  }),
  scale: z
    .enum(['standard', 'log'])
    .default('standard')
    .describe('`log` for what a few people have very much of.'),
});

/** Names of features whose values are numbers. */
function isNumeric(name: string): boolean {
  const feature = findFeature(name);
  return feature !== undefined && feature.values === undefined && feature.name !== 'favourite_category';
}

/** What people are told apart by. */
export const personaRequestSchema = z.strictObject(
  {
    features: z
      .array(featureSchema, 'must be a list, as in [{"feature": "frequency", "scale": "log"}]')
      .min(1, 'must name at least one feature')
      .max(12, 'must name at most 12 features')
      .refine(
        (list) => new Set(list.map(({ feature }) => feature)).size === list.length,
        'names a feature twice',
      )
      .default([
        { feature: 'recency_days', scale: 'log' },
        { feature: 'frequency', scale: 'log' },
        { feature: 'tenure_days', scale: 'standard' },
        { feature: 'engagement_score', scale: 'log' },
      ]),
    personas: z
      .int('must be a whole number')
      .min(2, 'must be at least 2')
      .max(mostPersonas, `must be at most ${mostPersonas}`)
      .optional()
      .describe('How many; without it the number that tells people apart best.'),
    seed: text(64).min(1, 'must not be empty').default('postulate'),
  },
  'must be an object with features, personas and seed',
);
export type PersonaRequest = z.output<typeof personaRequestSchema>;

export interface Persona {
  /** `p1`, `p2`, …; the largest first. */
  readonly id: string;
  /** Made from the features that set it apart; people may rewrite both. */
  readonly title: string;
  readonly description: string;
  readonly size: number;
  /** Mean of each feature, in its own unit. */
  readonly centre: Readonly<Record<string, number>>;
}

/** One question after the other, down to a persona. */
export type PersonaTree =
  | { readonly persona: string }
  | {
      readonly feature: string;
      /** Less than this goes `below`, all else `above`. */
      readonly split: number;
      readonly below: PersonaTree;
      readonly above: PersonaTree;
    };

/** Clusters of recipients, and a tree that says of anybody where they belong. */
export interface PersonaModel {
  readonly request: PersonaRequest;
  /** Mean and standard deviation of each feature after its scale, in the order of the request. */
  readonly scaling: readonly { readonly mean: number; readonly deviation: number }[];
  readonly people: number;
  /** Recipients of whom a feature is not known. */
  readonly leftOut: number;
  readonly personas: readonly Persona[];
  /** Sum of squared distances to the centres, in scaled units. */
  readonly withinSum: number;
  /** Mean silhouette by number of personas, of those that were tried. */
  readonly silhouettes: readonly { readonly personas: number; readonly silhouette: number }[];
  readonly tree: PersonaTree;
  /** Share of the people whom the tree puts where the clusters have them. */
  readonly agreement: number;
}

/** The persona of somebody by the tree; undefined where a feature that it asks for is not known. */
export function personaOf(
  tree: PersonaTree,
  valueOf: (feature: string) => number | undefined,
): string | undefined {
  let node = tree;
  while (!('persona' in node)) {
    const value = valueOf(node.feature);
    if (value === undefined) return undefined;
    node = value < node.split ? node.below : node.above;
  }
  return node.persona;
}
