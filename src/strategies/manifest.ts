import type { Arm, Eligibility, Experiment, SlotValues } from '../experiments/experiment.js';

/** Everything that decides what an arm delivers. It is hashed and kept: a decision can be made again from it alone. */
export interface Manifest {
  readonly schema: 'postulate.manifest/1';
  readonly experiment: string;
  /** Arm key. */
  readonly arm: string;
  /** Content hash of the strategy version; null: the arm has fixed content only. */
  readonly strategy: string | null;
  /** Content hash of what the strategy has learned; null where its kind does not learn. */
  readonly learned: string | null;
  /** Content hashes of the scorers that the strategy asks, by `name@version`; absent: it asks none. */
  readonly scorers?: Readonly<Record<string, string>>;
  /** Content hash of what renders the message. */
  readonly template: string | null;
  /** What the arm sets whoever the recipient is; contents as `name@version`. */
  readonly slots: SlotValues;
  /** The fallback of the level that has the strategy. */
  readonly fallback: SlotValues;
  /** The fallback of the experiment: what the one of the level leaves out. */
  readonly defaults: SlotValues;
  /** Content hash of the snapshot. */
  readonly catalogue: string | null;
  readonly eligibility: Eligibility;
  /** As of when strategies see profiles: the moment of each decision, or one for all (ISO 8601). */
  readonly clock: string;
}

export const clockOfDecision = 'decision';

export function manifestOf(experiment: Experiment, arm: Arm): Manifest {
  const level = arm.levels.find(({ strategy }) => strategy !== undefined);
  return {
    schema: 'postulate.manifest/1',
    experiment: experiment.key,
    arm: arm.key,
    strategy: level?.strategy ?? null,
    learned: level?.learned ?? null,
    ...(level?.scorers && { scorers: level.scorers }),
    template: arm.levels.find(({ template }) => template !== undefined)?.template ?? null,
    slots: Object.assign({}, ...arm.levels.map(({ slots }) => slots ?? {})) as SlotValues,
    fallback: level?.fallback ?? {},
    defaults: experiment.fallback ?? {},
    catalogue: experiment.catalogue ?? null,
    eligibility: experiment.eligibility ?? {},
    clock: experiment.featureClock ?? clockOfDecision,
  };
}

/** As of when a decision that is made at `now` sees profiles. */
export function clockOf({ clock }: Manifest, now: Date): Date {
  return clock === clockOfDecision ? now : new Date(clock);
}
