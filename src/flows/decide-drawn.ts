import type { Knex } from 'knex';
import { armsOf } from '../experiments/arms.js';
import type { Experiment } from '../experiments/experiment.js';
import type { History, HistoryNeeds } from '../profiles/history.js';
import type { Traits } from '../profiles/traits.js';
import { contentHash } from '../strategies/content-hash.js';
import { clockOf, type Manifest, manifestOf } from '../strategies/manifest.js';
import { type ArmContent, type Ask, decideAll, inputsOf, type Undecided } from './arm-contents.js';
import { needScores, type Scores } from './fetch-scores.js';
import { type LoadedArm, loadArms } from './load-arms.js';
import { type LoadedHistories, loadHistories } from './load-histories.js';

/** A recipient who has been drawn to an arm. */
export interface Drawn {
  readonly recipientKey: string;
  readonly arm: number;
  /** As given in this call and known from before. */
  readonly traits: Traits;
}

const historyTooLong = 'the history is too long to decide on';

/** By their content hashes, one for every arm. */
export function manifestsOf(experiment: Experiment): Map<string, Manifest> {
  const manifests = armsOf(experiment.factors).map((arm) => manifestOf(experiment, arm));
  return new Map(manifests.map((manifest) => [contentHash(manifest), manifest]));
}

/** Every arm of an experiment in the order of its design, ready to decide. */
export async function loadArmsOf(db: Knex, experiment: Experiment): Promise<LoadedArm[]> {
  return loadArms(
    db,
    armsOf(experiment.factors).map((arm) => manifestOf(experiment, arm)),
  );
}

/** Scores of recipients, by their keys. */
export type ScoresByKey = ReadonlyMap<string, Scores>;

/** Scores are to be fetched, outside of the transaction, before anything can be decided: for these, in the order of the drawn. */
export interface Unscored {
  readonly unscored: readonly Ask[];
}

/**
 * What everybody gets, in their order. Histories are read where an arm's strategy looks at them, and only then.
 *
 * @param scores undefined: none were fetched yet. Whoever is not among them has been drawn since, and has none.
 */
export async function decideDrawn(
  trx: Knex,
  arms: readonly LoadedArm[],
  drawn: readonly Drawn[],
  now: Date,
  scores?: ScoresByKey,
): Promise<(ArmContent | Undecided)[] | Unscored> {
  const asks = await askFor(trx, arms, drawn, now);
  if (!scores) return needScores(asks) ? { unscored: asks } : decideAll(asks);
  return decideAll(
    asks.map((ask, i) => {
      const own = scores.get(drawn[i]?.recipientKey ?? '');
      return own ? { ...ask, inputs: { ...ask.inputs, scores: own } } : ask;
    }),
  );
}

/** What is asked for these recipients: their traits, and what they did as far as their arm looks at it. */
export async function askFor(
  trx: Knex,
  arms: readonly LoadedArm[],
  drawn: readonly Drawn[],
  now: Date,
): Promise<Ask[]> {
  const historyOf = await historiesByNeeds(trx, arms, drawn, now);
  return drawn.map(({ recipientKey, arm: index, traits }) => {
    const arm = armAt(arms, index);
    const history = historyOf(arm, recipientKey);
    if (history === 'too long') {
      return { arm, inputs: { traits, history: [], notAsked: historyTooLong }, at: now };
    }
    return { arm, inputs: inputsOf(arm, { traits, history }, now), at: now };
  });
}

type HistoryOf = (arm: LoadedArm, recipientKey: string) => History | 'too long';

/**
 * Reads together what is looked at alike, and nothing more: whether somebody's history is too long must not hang on what the
 * arms of others look at.
 */
async function historiesByNeeds(
  trx: Knex,
  arms: readonly LoadedArm[],
  drawn: readonly Drawn[],
  now: Date,
): Promise<HistoryOf> {
  const groups = new Map<string, { arm: LoadedArm; keys: Set<string> }>();
  for (const { recipientKey, arm: index } of drawn) {
    const arm = armAt(arms, index);
    if (arm.needs.types.length === 0) continue;
    const group = groups.get(nameOf(arm.needs)) ?? { arm, keys: new Set() };
    groups.set(nameOf(arm.needs), group);
    group.keys.add(recipientKey);
  }
  const loaded = new Map<string, LoadedHistories>();
  for (const [name, { arm, keys }] of groups) {
    loaded.set(name, await loadHistories(trx, [...keys], arm.needs, clockOf(arm.manifest, now)));
  }
  return ({ needs }, recipientKey) => {
    const { histories, tooLong } = loaded.get(nameOf(needs)) ?? {};
    return tooLong?.has(recipientKey) ? 'too long' : (histories?.get(recipientKey) ?? []);
  };
}

const nameOf = ({ types, lookbackMs }: HistoryNeeds): string => `${lookbackMs ?? ''} ${types.join(' ')}`;

function armAt(arms: readonly LoadedArm[], index: number): LoadedArm {
  const arm = arms[index];
  if (!arm) throw new Error(`there is no arm ${index}`);
  return arm;
}
