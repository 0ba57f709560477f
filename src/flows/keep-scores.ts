import { setImmediate as turn } from 'node:timers/promises';
import {
  alreadyScored,
  scoreCoverage,
  type ScoreCoverage,
  scoredBefore,
} from '../database/questions/scored-recipients.js';
import { recipientsAfter } from '../database/questions/touched-recipients.js';
import { modelsInUseOfActive } from '../database/questions/models-in-use-of-active.js';
import { inTransaction } from '../database/transaction.js';
import type { Traits } from '../profiles/traits.js';
import type { Context } from './context.js';
import { canScore, findScoring, profilesAt, type Scoring, spokenOf } from './find-scoring.js';
import { mergeGivenProfiles } from './merge-into-profiles.js';
import { refuseFuture } from './refuse-future.js';

export interface KeepScoresOptions {
  /** As of when: the beginning of the day in UTC, unless said. */
  readonly clock?: Date;
  /** May throw, to interrupt: what is done stays done, and the same again goes on there. */
  readonly onProgress?: (lookedAt: number) => void;
}

export interface KeptScores {
  readonly name: string;
  readonly model: string;
  readonly clock: string;
  readonly recipients: number;
  readonly scored: number;
  /** Scored by the same model as of the same clock before: an earlier run was interrupted, or has been. */
  readonly before: number;
  readonly tooLong: number;
  /** Whom the model does not speak about, by the reason: they have no score, and lose one that they had. */
  readonly leftOut: readonly { readonly reason: string; readonly recipients: number }[];
}

const atOnce = 250;
const day = 86_400_000;

/** The trait that holds a score; of several predictions each has its own. */
export function scoreTrait(name: string, key: string, keys: readonly string[]): string {
  return keys.length === 1 ? `score_${name}` : `score_${name}.${key}`;
}

/**
 * Scores everybody by the model in use and keeps it as a trait, said by `model:NAME/3` as of the clock of the features, in small
 * transactions. Whoever has that very score already is left out: interrupted, it goes on where it was. Whoever the model does
 * not speak about, or not any more, has no score afterwards.
 *
 * @throws like `findScoring`; bad_input `invalid_clock`.
 */
export async function keepScores(
  ctx: Context,
  name: string,
  { clock = startOfDay(ctx.clock()), onProgress = () => undefined }: KeepScoresOptions = {},
): Promise<KeptScores> {
  refuseFuture(clock, ctx.clock());
  const scoring = await findScoring(ctx, name);
  const counts = { recipients: 0, scored: 0, before: 0, tooLong: 0 };
  const reasons = new Map<string, number>();
  for (let after = ''; ;) {
    const keys = await recipientsAfter(ctx.db, after, atOnce);
    if (keys.length === 0) break;
    const done = await scoreBatch(ctx, scoring, keys, clock);
    counts.recipients += keys.length;
    counts.scored += done.scored;
    counts.before += done.before;
    counts.tooLong += done.tooLong;
    for (const reason of done.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    after = keys.at(-1) ?? after;
    onProgress(counts.recipients);
    // Others have their turn.
    await turn();
  }
  const leftOut = [...reasons]
    .map(([reason, recipients]) => ({ reason, recipients }))
    .sort((a, b) => b.recipients - a.recipients || (a.reason < b.reason ? -1 : 1));
  return { name: scoring.version.name, model: scoring.id, clock: clock.toISOString(), ...counts, leftOut };
}

async function scoreBatch(ctx: Context, scoring: Scoring, keys: readonly string[], clock: Date) {
  const { version, scores, id } = scoring;
  const [source, at] = [`model:${id}`, clock.toISOString()];
  const traits = scores.keys.map((key) => scoreTrait(version.name, key, scores.keys));
  const last = traits.at(-1) ?? '';
  const before = await alreadyScored(ctx.db, keys, last, [source, at]);
  const left = keys.filter((key) => !before.has(key));
  const profiles = await profilesAt(ctx, left, scores, clock);
  const { spoken, left: unspoken } = spokenOf(scores, profiles, clock);
  const given = scores.of([...spoken.values()], clock);
  const rows = [...spoken.keys()].map((recipientKey, i) => {
    const named = scores.keys.map((key, k) => [traits[k], rounded(given.get(key)?.[i] ?? 0)]);
    return { recipientKey, traits: Object.fromEntries(named) as Traits, source, at };
  });
  const had = await scoredBefore(ctx.db, [...unspoken.keys()], last);
  const unknown = Object.fromEntries(traits.map((trait) => [trait, null])) as Traits;
  const withdrawn = [...had].map((recipientKey) => ({ recipientKey, traits: unknown, source, at }));
  await inTransaction(ctx.db, (trx) => mergeGivenProfiles(trx, [...rows, ...withdrawn], ctx.clock()));
  return {
    ...{ scored: rows.length, before: before.size, tooLong: left.length - profiles.size },
    reasons: [...unspoken.values()],
  };
}

/** Six digits: what is below tells nobody apart, and profiles stay short. */
const rounded = (p: number): number => Math.round(p * 1e6) / 1e6;

function startOfDay(now: Date): Date {
  return new Date(Math.floor(now.getTime() / day) * day);
}

/** The nightly round: every active strategy that predicts and has a model in use. One that fails does not keep the others. */
export async function keepAllScores(ctx: Context): Promise<object | undefined> {
  const kept: KeptScores[] = [];
  const failed: { readonly name: string; readonly why: string }[] = [];
  for (const version of (await modelsInUseOfActive(ctx.db)).filter(canScore)) {
    try {
      kept.push(await keepScores(ctx, version.name));
    } catch (error) {
      failed.push({ name: version.name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const scored = kept.reduce((sum, one) => sum + one.scored, 0);
  return scored + failed.length === 0 ? undefined : { scored, names: kept.map(({ name }) => name), failed };
}

/** How many recipients have a score of this strategy, and how old the scores are. @throws like `findScoring`. */
export async function coverageOf(
  ctx: Context,
  name: string,
): Promise<ScoreCoverage & { readonly trait: string }> {
  const { version, scores } = await findScoring(ctx, name);
  const trait = scoreTrait(version.name, scores.keys[0] ?? '', scores.keys);
  return { trait, ...(await scoreCoverage(ctx.db, trait)) };
}
