import type { Knex } from 'knex';
import { badInput } from '../errors.js';
import type { StoredExperiment } from '../experiments/experiment.js';
import { findStrategyVersion } from './change-activation.js';
import { championOf } from './learn-strategy.js';
import { type LoadedArm, loadArms } from './load-arms.js';
import { kindOf } from './load-parts.js';

/** A strategy that made none of the decisions, ready to make them. */
export interface Target {
  readonly arm: LoadedArm;
  readonly shown: {
    /** `name@version` */
    readonly of: string;
    /** `name/3`, where it decides by what it learned. */
    readonly model?: string;
  };
  /** Until when what it learned from happened. */
  readonly learnedUntil?: string;
}

export interface TargetAsked {
  readonly experiment: StoredExperiment;
  readonly arms: readonly LoadedArm[];
  /** `name@version` or `sha256:…`. */
  readonly reference: string;
  /** Where that stood in what was asked. */
  readonly path: string;
}

/**
 * The version as if it were an arm of the experiment: the same items, the same filter, its own fallback only.
 *
 * @throws not_found `strategy_version_not_found`; bad_input `nothing_learned`.
 */
export async function targetOf(
  db: Knex,
  { experiment, arms, reference, path }: TargetAsked,
): Promise<Target> {
  const version = await findStrategyVersion(db, reference);
  const of = `${version.name}@${version.version}`;
  const model = kindOf(version).learn ? await championOf(db, version) : undefined;
  if (kindOf(version).learn && !model) {
    const message = `"${of}" has no model in use: let it learn first.`;
    throw badInput('nothing_learned', message, [{ path, message }]);
  }
  const [any] = arms;
  if (!any) throw new Error(`experiment ${experiment.key} has no arms`);
  const manifest = {
    ...any.manifest,
    ...{ arm: of, strategy: version.hash, learned: model?.hash ?? null, slots: {}, fallback: {} },
  };
  const [arm] = await loadArms(db, [manifest]);
  if (!arm) throw new Error(`strategy version ${version.hash} cannot be loaded`);
  return {
    arm,
    shown: { of, ...(model && { model: `${version.name}/${model.number}` }) },
    ...(model && { learnedUntil: model.clock }),
  };
}
