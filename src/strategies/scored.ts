import { z } from 'zod';
import { readWith } from '../experiments/read-with.js';
import { joinNeeds } from '../profiles/join-needs.js';
import type { NoScore, Profile } from '../profiles/history.js';
import { type Custody, custodyFields } from './custody.js';
import { type Level, levelsFrom } from './ml/kinds/levels.js';
import { slotNamesOf } from './ml/kinds/same-slots.js';
import { featureSet, traitNames } from './ml/features.js';
import { featureNamesSchema } from './scorers/feature-names.js';
import { type Choice, contentsOf, type Decider, type Json, type NoChoice } from './strategy.js';
import { type Parts, resolveSlots, type StrategyKind } from './strategy.js';

/** `{"kind": "scored", "scorer": "churn-python@2", "features": ["spend(EUR, 90d)", …], "levels": [{"atLeast": 0.5, "slots": {…}}, …]}` */
export interface ScoredDefinition extends Custody {
  readonly kind: 'scored';
  /** `name@version` of a registered scorer. */
  readonly scorer: string;
  readonly features: readonly string[];
  /** The highest bound first. */
  readonly levels: readonly Level[];
}

const schema: z.ZodType<ScoredDefinition> = z.strictObject(
  {
    kind: z.literal('scored', 'must be "scored"'),
    scorer: z
      .string('must be the name of a registered scorer, such as "churn-python@2"')
      .regex(
        /^[a-z0-9][a-z0-9._-]{0,127}@[1-9]\d{0,8}$/,
        'must name a version of a registered scorer, such as "churn-python@2": versions never change, so that an arm stays what it is',
      ),
    features: featureNamesSchema,
    levels: levelsFrom(z.number('must be a number').describe('From this score on.')),
    ...custodyFields,
  },
  'must be an object with kind, scorer, features and levels',
);

/** Content by what a model from elsewhere says of somebody. The score is fetched before, and kept in the ledger. */
export const scoredKind: StrategyKind<ScoredDefinition> = {
  kind: 'scored',
  summary:
    'Asks a registered scorer (a model behind HTTP, or an ONNX file) about the recipient, and delivers content by its score.',
  parse: (definition) => readWith(schema, definition),
  needs: ({ features }) => joinNeeds([featureSet(features).needs]),
  // By the scorer, which is told their values.
  readsTraits: ({ features }) => traitNames(features),
  readsFeatures: ({ features }) => features,
  references: ({ levels }) => ({
    contents: [...new Set(levels.flatMap(({ slots }) => contentsOf(slots)))],
    segments: [],
    items: [],
    catalogue: false,
  }),
  asks: ({ scorer, features, levels }) => [{ scorer, features, tries: levels.map(({ atLeast }) => atLeast) }],
  // Whatever the levels: a scorer may not answer.
  mayDecline: () => true,
  slotNames: ({ levels }) => slotNamesOf(levels.map(({ slots }) => slots)),
  prepare,
};

function prepare({ scorer, features, levels }: ScoredDefinition, { contents }: Parts): Decider {
  const ready = levels.map(({ atLeast, slots }) => ({ atLeast, slots: resolveSlots(slots, contents) }));
  const set = featureSet(features);
  const levelOf = (score: number) => ready.find(({ atLeast }) => score >= atLeast);
  return {
    decide(profile): Choice | NoChoice {
      const score = scoreOf(profile, scorer);
      if (typeof score !== 'number') return { noChoice: score.reason };
      const level = levelOf(score);
      if (!level) return { noChoice: `the score of ${scorer} is below every level` };
      return {
        slots: level.slots,
        reason: `${scorer} ${shown(score)}, at least ${level.atLeast}`,
        probability: 1,
      };
    },
    gist: (profile): Json => gistOf(scoreOf(profile, scorer)),
    trace(profile, _, clock): Json {
      const score = scoreOf(profile, scorer);
      const row = set.row(profile.history, clock.getTime(), profile.traits);
      return {
        scorer,
        ...gistOf(score),
        level: typeof score === 'number' ? (levelOf(score)?.atLeast ?? null) : null,
        levels: ready.map(({ atLeast }) => atLeast),
        features: Object.fromEntries(features.map((name, i) => [name, row[i] ?? null])),
      };
    },
  };
}

/** Nothing but a finite number counts: what is in the ledger may have been written by hand. */
function scoreOf({ scores }: Profile, scorer: string): number | NoScore {
  const score = scores && Object.hasOwn(scores, scorer) ? scores[scorer] : undefined;
  if (typeof score === 'number' && Number.isFinite(score)) return score;
  if (typeof score === 'object') return score;
  return { refused: true, code: 'not_asked', reason: `${scorer} was not asked` };
}

const gistOf = (score: number | NoScore): Readonly<Record<string, Json>> =>
  typeof score === 'number' ? { score: shown(score) } : { score: null, why: score.code };

/** Four significant digits: enough to see on which side of a level it lies, but for a hair. */
const shown = (score: number): number => Number(score.toPrecision(4));
