import type { Knex } from 'knex';
import type { Decision } from '../database/decisions.js';
import { selectStrategyVersions } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { Arm, Experiment, SlotValues, Slots } from '../experiments/experiment.js';
import { contentHash } from '../strategies/content-hash.js';
import { decideFor } from '../strategies/decide.js';
import { findKind } from '../strategies/registry.js';
import { type Profile, resolveSlots } from '../strategies/strategy.js';

/** What one recipient of an arm gets, and how that came about. */
export type ArmContent = Omit<Decision, 'recipientKey'> & { readonly slots: Slots };

export interface Undecided {
  /** Why there is nothing to deliver. */
  readonly undecided: string;
}

export type DecideContent = (arm: number, profile: Profile, clock: Date) => ArmContent | Undecided;

type DecideArm = (profile: Profile, clock: Date) => ArmContent | Undecided;

/** Loads the strategy versions that the arms are pinned to, once, and decides purely from then on. */
export async function loadArmContents(db: Knex, experiment: Experiment): Promise<DecideContent> {
  const hashes = experiment.factors.flatMap((f) => f.levels.flatMap((level) => level.strategy ?? []));
  const versions = new Map(
    (await selectStrategyVersions(db, hashes)).map((version) => [version.hash, version]),
  );
  const hash = memo(contentHash);
  const arms = armsOf(experiment.factors).map((arm): DecideArm => {
    const own = ownSlots(arm);
    const level = arm.levels.find((candidate) => candidate.strategy !== undefined);
    if (level?.strategy === undefined) {
      const content = delivered(null, own, 'arm', 1);
      return () => content;
    }
    const assigned = level.strategy;
    const version = versions.get(assigned);
    const kind = version && findKind(version.kind);
    if (!kind) throw new Error(`strategy version ${assigned} of experiment ${experiment.key} is missing`);
    const { decide } = kind.prepare(version.definition, {
      learned: null,
      contents: new Map(),
      segments: new Map(),
    });
    const fallback = level.fallback && resolveSlots(level.fallback, new Map());
    const asked = { decide, slotNames: kind.slotNames(version.definition), ...(fallback && { fallback }) };
    return (profile, clock) => {
      const choice = decideFor(asked, profile, () => [], clock);
      if (!('slots' in choice)) return { undecided: choice.reason };
      const content = delivered(assigned, { ...own, ...choice.slots }, choice.reason, choice.probability);
      if (choice.delivered === 'strategy') return content;
      return { ...content, delivered: 'fallback', fallbackReason: choice.fallbackReason ?? choice.reason };
    };
  });
  function delivered(
    assignedStrategy: string | null,
    slots: Slots,
    reason: string,
    probability: number,
  ): ArmContent {
    const content = { slots, contentHash: hash(slots) };
    return { ...content, assignedStrategy, delivered: 'strategy', fallbackReason: null, reason, probability };
  }
  return (arm, profile, clock) => {
    const decide = arms[arm];
    if (!decide) throw new Error(`experiment ${experiment.key} has no arm ${arm}`);
    return decide(profile, clock);
  };
}

function ownSlots(arm: Arm): Slots {
  const values = Object.assign({}, ...arm.levels.map((level) => level.slots ?? {})) as SlotValues;
  return resolveSlots(values, new Map());
}

/** The same few contents are hashed for thousands of recipients. */
function memo(hash: (value: unknown) => string): (value: Slots) => string {
  const known = new Map<string, string>();
  return (value) => {
    const text = JSON.stringify(value);
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = hash(value);
    known.set(text, made);
    return made;
  };
}
