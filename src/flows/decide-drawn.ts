import type { Knex } from 'knex';
import { armsOf } from '../experiments/arms.js';
import type { Experiment } from '../experiments/experiment.js';
import type { Traits } from '../profiles/traits.js';
import { joinNeeds } from '../profiles/join-needs.js';
import { contentHash } from '../strategies/content-hash.js';
import { clockOf, type Manifest, manifestOf } from '../strategies/manifest.js';
import { type ArmContent, type Ask, decideAll, inputsOf, type Undecided } from './arm-contents.js';
import { type LoadedArm, loadArms } from './load-arms.js';
import { loadHistories } from './load-histories.js';

/** A recipient who has been drawn to an arm. */
export interface Drawn {
  readonly recipientKey: string;
  readonly arm: number;
  /** As given in this call and known from before. */
  readonly traits: Traits;
}

export const historyTooLong = 'the history is too long to decide on';

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

/** What everybody gets, in their order. Histories are read where an arm's strategy looks at them, and only then. */
export async function decideDrawn(
  trx: Knex,
  arms: readonly LoadedArm[],
  drawn: readonly Drawn[],
  now: Date,
): Promise<(ArmContent | Undecided)[]> {
  return decideAll(await askFor(trx, arms, drawn, now));
}

/** What is asked for these recipients: their traits, and what they did. */
export async function askFor(
  trx: Knex,
  arms: readonly LoadedArm[],
  drawn: readonly Drawn[],
  now: Date,
): Promise<Ask[]> {
  const first = arms[0];
  if (!first) return [];
  const looking = drawn.filter(({ arm }) => (arms[arm]?.needs.types.length ?? 0) > 0);
  const needs = joinNeeds(looking.map(({ arm }) => arms[arm]?.needs ?? { types: [] }));
  const keys = [...new Set(looking.map(({ recipientKey }) => recipientKey))];
  const { histories, tooLong } = await loadHistories(trx, keys, needs, clockOf(first.manifest, now));
  return drawn.map(({ recipientKey, arm: index, traits }) => {
    const arm = arms[index];
    if (!arm) throw new Error(`experiment ${first.manifest.experiment} has no arm ${index}`);
    const looks = arm.needs.types.length > 0;
    const history = looks ? (histories.get(recipientKey) ?? []) : [];
    if (looks && tooLong.has(recipientKey)) {
      return { arm, inputs: { traits, history: [], notAsked: historyTooLong }, at: now };
    }
    return { arm, inputs: inputsOf(arm, { traits, history }, now), at: now };
  });
}
