import { type LearnedInfo, selectLearnedInfos } from '../database/learned-states.js';
import { modelInUse } from '../database/questions/model-in-use.js';
import { traitsAt } from '../database/questions/traits-at.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { badInput, conflict } from '../errors.js';
import type { Profile } from '../profiles/history.js';
import type { TraitValue } from '../profiles/traits.js';
import type { Scores, StrategyKind } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { modelName } from './find-recommending.js';
import { findStrategyNamed } from './find-strategy.js';
import { ifUsable } from './if-usable.js';
import { loadHistories } from './load-histories.js';
import { kindOf, loadParts } from './load-parts.js';

/** A strategy that gives probabilities, with the model of it that is in use. */
export interface Scoring {
  readonly version: StrategyVersion;
  readonly model: LearnedInfo;
  /** As `name/number`. */
  readonly id: string;
  readonly scores: Scores;
}

type ScoringKind = StrategyKind<unknown> & Required<Pick<StrategyKind<unknown>, 'scores'>>;

/** Whether a strategy of this kind can score recipients. */
export function canScore(version: Pick<StrategyVersion, 'kind' | 'hash'>): boolean {
  return kindOf(version).scores !== undefined;
}

/**
 * A strategy by its name (its active version, or the newest), `name@version` or hash.
 *
 * @throws not_found where there is none; bad_input `scores_nothing`; conflict `no_model`, `model_unusable`.
 */
export async function findScoring(ctx: Pick<Context, 'db'>, reference: string): Promise<Scoring> {
  const version = await findStrategyNamed(ctx, reference);
  const of = `${version.name}@${version.version}`;
  if (!canScore(version)) {
    const message = `"${of}" is of the kind ${version.kind}, which gives nobody a probability: score by a strategy that predicts, such as propensity or churn.`;
    throw badInput('scores_nothing', message);
  }
  const hash = await modelInUse(ctx.db, version.hash);
  const infos = hash === undefined ? [] : await selectLearnedInfos(ctx.db, [version.hash]);
  const model = infos.find((one) => one.hash === hash);
  if (!model) {
    const message = `No model of "${of}" is in use: let it learn, by POST /v1/strategies/${version.name}/learn or postulate strategies learn ${version.name}.`;
    throw conflict('no_model', message);
  }
  const { learned } = await loadParts(ctx.db, version, model.hash);
  const id = modelName(model);
  const kind = kindOf(version) as ScoringKind;
  const read = ifUsable(() => kind.scores(version.definition, learned));
  if ('unusable' in read) throw conflict('model_unusable', `${id} cannot be used: ${read.unusable}`);
  return { version, model, id, scores: read.value };
}

/** What a model may know of these recipients as of a clock; those whose history is too long are left out. */
export async function profilesAt(
  ctx: Pick<Context, 'db'>,
  recipientKeys: readonly string[],
  { needs }: Scores,
  clock: Date,
): Promise<Map<string, Profile>> {
  const { histories, tooLong } = await loadHistories(ctx.db, recipientKeys, needs, clock);
  const traits = new Map<string, Record<string, TraitValue>>();
  const names = needs.traits ?? [];
  const said = names.length === 0 ? [] : await traitsAt(ctx.db, recipientKeys, names);
  for (const { recipientKey, name, value, at } of said) {
    // What was said at the clock or later, or nobody knows when, was not known at it.
    if (!(Date.parse(at) < clock.getTime())) continue;
    traits.set(recipientKey, { ...traits.get(recipientKey), [name]: value });
  }
  const known = [...histories].filter(([key]) => !tooLong.has(key));
  return new Map(known.map(([key, history]) => [key, { history, traits: traits.get(key) ?? {} }]));
}

/** Those whom the model speaks about, and of the others why it does not. */
export function spokenOf(
  scores: Scores,
  profiles: ReadonlyMap<string, Profile>,
  clock: Date,
): { readonly spoken: ReadonlyMap<string, Profile>; readonly left: ReadonlyMap<string, string> } {
  const spoken = new Map<string, Profile>();
  const left = new Map<string, string>();
  for (const [key, profile] of profiles) {
    const reason = scores.whyNot(profile, clock);
    if (reason === undefined) spoken.set(key, profile);
    else left.set(key, reason);
  }
  return { spoken, left };
}
