import { draw, prepareSplit } from '../assignment/draw.js';
import { knownTraits } from '../database/questions/known-traits.js';
import { storedAnswers } from '../database/questions/stored-answers.js';
import { badInput } from '../errors.js';
import { armsOf } from '../experiments/arms.js';
import type { Experiment, Slots } from '../experiments/experiment.js';
import type { History, Profile } from '../profiles/history.js';
import { mergeTraits } from '../profiles/merge-traits.js';
import type { Traits } from '../profiles/traits.js';
import { clockOf } from '../strategies/manifest.js';
import type { Json, ScoredItem } from '../strategies/strategy.js';
import {
  type ArmContent,
  type Ask,
  decideAll,
  type DecisionInputs,
  inputsOf,
  type Undecided,
} from './arm-contents.js';
import type { Context } from './context.js';
import { askFor, loadArmsOf } from './decide-drawn.js';
import { withScores } from './fetch-scores.js';
import { findExperiment } from './find-experiment.js';
import type { LoadedArm } from './load-arms.js';
import { pinExperiment } from './pin-experiment.js';
import { decisionBudgetMs, withinBudget } from './within-budget.js';

/** Somebody, real or made up, at a moment. */
export interface PreviewAsked {
  /** Id of a recipient whose traits and events are known. */
  readonly recipient?: string;
  /** Instead of what is known, or over it. */
  readonly traits?: Traits;
  /** In the place of what is known. */
  readonly history?: History;
  /** Now, unless said. */
  readonly clock?: Date;
}

export interface Preview {
  readonly experiment: string;
  readonly clock: string;
  readonly recipient?: {
    readonly id: string;
    /** Arm that the recipient is drawn to; absent: takes no part. */
    readonly drawn?: string;
    /** Arm that the recipient is enrolled in, if any: what was decided then stays. */
    readonly enrolled?: string;
    readonly decisionId?: string;
  };
  readonly traits: Traits;
  /** Events that some arm looks at. */
  readonly events: number;
  readonly arms: readonly ArmPreview[];
}

export interface ArmPreview {
  readonly arm: string;
  readonly slots: Slots;
  /** `nothing`: there is no content, or the strategy chose to send none, which the reason tells apart. */
  readonly delivered: 'strategy' | 'fallback' | 'nothing';
  readonly reason: string;
  readonly fallbackReason?: string;
  readonly probability: number;
  readonly items?: readonly ScoredItem[];
  /** Why, as the strategy tells it; null: the arm has none, or it could not tell. */
  readonly trace: Json;
}

/**
 * What each arm would show somebody, whichever they are drawn to. Stores nothing.
 *
 * @throws not_found `experiment_not_found`; bad_input `not_ready` for a draft that lacks something to decide by.
 */
export async function previewArms(ctx: Context, key: string, asked: PreviewAsked): Promise<Preview> {
  const experiment = await pinned(ctx, key);
  const now = asked.clock ?? ctx.clock();
  const arms = await loadArmsOf(ctx.db, experiment);
  const { traits, asks: unscored } = await asksOf(ctx, arms, asked, now);
  const asks = await withScores(ctx, unscored);
  const answers = decideAll(asks);
  return {
    experiment: key,
    clock: now.toISOString(),
    ...(asked.recipient !== undefined && {
      recipient: await placeOf(ctx, experiment, asked.recipient),
    }),
    traits,
    events: new Set(asks.flatMap(({ inputs }) => inputs.history.map(({ id }) => id))).size,
    arms: asks.map(({ arm, inputs }, i) => {
      const answer = answers[i];
      if (!answer) throw new Error('an arm was left without an answer');
      return { arm: arm.manifest.arm, ...shown(answer), trace: traceOf(arm, inputs, now) };
    }),
  };
}

/** A draft as it would be started now. */
async function pinned(ctx: Context, key: string): Promise<Experiment> {
  const experiment = await findExperiment(ctx, key);
  if (experiment.status !== 'draft') return experiment;
  const result = await pinExperiment(ctx.db, experiment);
  if (result.ok) return result.experiment;
  throw badInput('not_ready', `"${key}" cannot decide for anybody yet.`, result.problems);
}

/** For every arm, as if this recipient were drawn to it. */
async function asksOf(
  ctx: Context,
  arms: readonly LoadedArm[],
  { recipient, traits = {}, history }: PreviewAsked,
  now: Date,
): Promise<{ readonly traits: Traits; readonly asks: readonly Ask[] }> {
  const recipientKey = recipient === undefined ? undefined : ctx.pseudonyms.recipientKey(recipient);
  const known =
    recipientKey === undefined ? {} : (await knownTraits(ctx.db, [recipientKey])).get(recipientKey);
  const merged = mergeTraits(known ?? {}, traits);
  if (recipientKey === undefined || history !== undefined) {
    const person: Profile = { traits: merged, history: history ?? [] };
    return {
      traits: merged,
      asks: arms.map((arm) => ({ arm, inputs: inputsOf(arm, person, now), at: now })),
    };
  }
  const drawn = arms.map((_, arm) => ({ recipientKey, arm, traits: merged }));
  return { traits: merged, asks: await askFor(ctx.db, arms, drawn, now) };
}

async function placeOf(
  ctx: Context,
  experiment: Experiment,
  id: string,
): Promise<NonNullable<Preview['recipient']>> {
  const { salt, allocation, factors } = experiment;
  const keys = armsOf(factors).map((arm) => arm.key);
  const drawn = draw(prepareSplit({ salt, ...allocation }), id);
  const recipientKey = ctx.pseudonyms.recipientKey(id);
  const stored = (await storedAnswers(ctx.db, experiment.key, [recipientKey])).get(recipientKey);
  const arm = 'error' in drawn || !drawn.exposed ? undefined : keys[drawn.arm];
  const enrolled = stored && keys[stored.arm];
  return {
    id,
    ...(arm !== undefined && { drawn: arm }),
    ...(enrolled !== undefined && { enrolled }),
    ...(stored?.decisionId && { decisionId: stored.decisionId }),
  };
}

function shown(answer: ArmContent | Undecided): Omit<ArmPreview, 'arm' | 'trace'> {
  if (!('slots' in answer)) {
    return { slots: {}, delivered: 'nothing', reason: answer.undecided, probability: 1 };
  }
  const { slots, delivered, withheld, reason, probability, fallbackReason } = answer;
  return {
    slots,
    delivered: withheld ? 'nothing' : delivered,
    reason,
    probability,
    ...(fallbackReason !== null && { fallbackReason }),
    ...(answer.items !== null && { items: itemsOf(answer.items) }),
  };
}

function itemsOf(text: string): ScoredItem[] {
  const rows = JSON.parse(text) as [string, number, string][];
  return rows.map(([item, score, reason]) => ({ item, score, reason }));
}

/** Why the strategy of an arm decides as it does for these inputs; null where it cannot tell. */
export function traceOf(arm: LoadedArm, inputs: DecisionInputs, now: Date): Json {
  const { strategy } = arm;
  if (!strategy || inputs.notAsked !== undefined) return null;
  const clock = clockOf(arm.manifest, now);
  let trace: Json = null;
  withinBudget(
    1,
    decisionBudgetMs,
    () => {
      try {
        trace = strategy.decider.trace(inputs, strategy.candidates(inputs, clock), clock);
      } catch {
        // A strategy that cannot decide cannot tell why either.
      }
    },
    () => undefined,
  );
  return trace;
}
