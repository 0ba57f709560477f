import { z } from 'zod';
import type { SlotValues } from '../../../experiments/experiment.js';
import { slotsSchema } from '../../../experiments/slots.js';
import type { Candidates, Choice, Decider, Json, NoChoice, Parts, Profile } from '../../strategy.js';
import { contentsOf, resolveSlots, type StrategyKind } from '../../strategy.js';
import { scorerOf } from '../scorer.js';
import { seenBy, shownProbability } from '../teachable.js';
import { slotNamesOf, unlikeSlots } from './same-slots.js';

/** Content from a probability on. */
export interface Level {
  readonly atLeast: number;
  readonly slots: SlotValues;
}

/** Levels whose bounds are of this kind. The highest bound comes first, in whatever order they are written. */
export const levelsFrom = (bound: z.ZodNumber) =>
  z
    .array(
      z.strictObject(
        { atLeast: bound, slots: slotsSchema },
        'must be a level such as {"atLeast": 0.3, "slots": {…}}',
      ),
      'must be a list of levels',
    )
    .min(1, 'must hold at least one level')
    .max(20, 'must hold at most 20 levels')
    .superRefine((levels, context) => {
      const bounds = levels.map(({ atLeast }) => atLeast);
      bounds.forEach((bound, i) => {
        if (bounds.indexOf(bound) === i) return;
        context.addIssue({
          code: 'custom',
          path: [i, 'atLeast'],
          message: `${bound} is there twice: change one`,
        });
      });
      for (const { index, message } of unlikeSlots(levels.map(({ slots }) => slots)))
        context.addIssue({ code: 'custom', path: [index, 'slots'], message });
    })
    .transform((levels): Level[] => [...levels].sort((a, b) => b.atLeast - a.atLeast));

export const levelsSchema = levelsFrom(
  z.number('must be a number from 0 to 1').min(0).max(1).describe('From this probability on.'),
);

/** Whether somebody can be below every level. */
const hasFloor = (levels: readonly Level[]): boolean => levels.some(({ atLeast }) => atLeast === 0);

/** Delivers the content of the highest level that somebody's probability reaches. */
function prepareLevels(
  { levels }: { readonly levels: readonly Level[] },
  { learned, contents }: Parts,
  figure: string,
): Decider {
  const scorer = scorerOf(learned);
  const [key = ''] = scorer.keys;
  const ready = levels.map(({ atLeast, slots }) => ({ atLeast, slots: resolveSlots(slots, contents) }));
  const probabilityOf = (profile: Profile, clock: Date): number =>
    scorer.scoreOne(profile, clock.getTime()).get(key) ?? 0;
  const levelOf = (p: number) => ready.find(({ atLeast }) => p >= atLeast);
  return {
    decide(profile: Profile, _: Candidates, clock: Date): Choice | NoChoice {
      const p = probabilityOf(profile, clock);
      const level = levelOf(p);
      if (!level) return { noChoice: `the ${figure} is below every level` };
      return {
        slots: level.slots,
        reason: `${figure} ${shownProbability(p)}, at least ${level.atLeast}`,
        probability: 1,
      };
    },
    gist: (profile, _, clock): Json => ({ p: shownProbability(probabilityOf(profile, clock)) }),
    trace(profile, _, clock): Json {
      const p = probabilityOf(profile, clock);
      return {
        probability: p,
        level: levelOf(p)?.atLeast ?? null,
        levels: ready.map(({ atLeast }) => atLeast),
        features: seenBy(scorer, profile, clock),
      };
    },
  };
}

/** What kinds do alike that deliver content by the level of a figure. @param figure what it is called in reasons. */
export function byLevels<D extends { readonly levels: readonly Level[] }>(
  figure: string,
): Pick<StrategyKind<D>, 'references' | 'mayDecline' | 'slotNames' | 'prepare'> {
  return {
    references: ({ levels }) => ({
      contents: [...new Set(levels.flatMap(({ slots }) => contentsOf(slots)))],
      segments: [],
      items: [],
      catalogue: false,
    }),
    mayDecline: ({ levels }) => !hasFloor(levels),
    slotNames: ({ levels }) => slotNamesOf(levels.map(({ slots }) => slots)),
    prepare: (definition, parts) => prepareLevels(definition, parts, figure),
  };
}
