import type { Knex } from 'knex';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import { armsOf } from '../experiments/arms.js';
import type { Arm, StoredExperiment } from '../experiments/experiment.js';
import { traitsOfConditions } from '../profiles/conditions/prepare-condition.js';
import { conditionsOf } from '../profiles/segments/segment.js';
import { traitsOfTemplate } from '../strategies/templates/traits-of-template.js';
import { kindOf } from './load-parts.js';
import { loadSegments } from './load-segments.js';
import { loadTemplate } from './load-template.js';

/** A trait that something of an experiment looks at. */
export interface TraitRead {
  readonly trait: string;
  /** Place of the arm that looks at it; undefined: all of them are broken down by it. */
  readonly arm?: number;
  /** As a reader may know it: `strategy tiers@2`, `template hello@1`, `cohort segment:keen`. */
  readonly by: string;
  /** A template looks when a message is rendered, everything else when a recipient is enrolled. */
  readonly when: 'enrolled' | 'rendered';
}

/** Every trait that an experiment rests on: of its arms' strategies and templates, of its cohorts, and of all segments behind them. */
export async function traitsRead(db: Knex, experiment: StoredExperiment): Promise<TraitRead[]> {
  const found = await cohortReads(db, experiment);
  for (const arm of armsOf(experiment.factors)) {
    found.push(...(await strategyReads(db, arm)), ...(await templateReads(db, arm)));
  }
  return found;
}

async function strategyReads(db: Knex, { index, levels }: Arm): Promise<TraitRead[]> {
  const hashes = levels.flatMap(({ strategy }) => strategy ?? []);
  const versions = hashes.length === 0 ? [] : await selectStrategyVersions(db, hashes);
  const reads: TraitRead[] = [];
  for (const version of versions) {
    const by = `strategy ${version.name}@${version.version}`;
    for (const trait of await traitsOfVersion(db, version)) {
      reads.push({ trait, arm: index, by, when: 'enrolled' });
    }
  }
  return reads;
}

/** Every trait that a strategy version looks at, itself or through its segments. */
export async function traitsOfVersion(db: Knex, version: StrategyVersion): Promise<readonly string[]> {
  const kind = kindOf(version);
  const segments = await loadSegments(db, kind.references(version.definition).segments);
  return kind.readsTraits(version.definition, segments);
}

async function templateReads(db: Knex, { index, levels }: Arm): Promise<TraitRead[]> {
  const reads: TraitRead[] = [];
  for (const hash of levels.flatMap(({ template }) => template ?? [])) {
    const { version, prepared } = await loadTemplate(db, hash);
    const by = `template ${version.name}@${version.version}`;
    reads.push(
      ...traitsOfTemplate(prepared).map((trait): TraitRead => ({ trait, arm: index, by, when: 'rendered' })),
    );
  }
  return reads;
}

async function cohortReads(db: Knex, { cohorts }: Pick<StoredExperiment, 'cohorts'>): Promise<TraitRead[]> {
  const references = cohorts.flatMap(({ segment }) => segment ?? []);
  const conditions = conditionsOf(await loadSegments(db, references));
  return cohorts.flatMap(({ trait, segment }) => {
    const traits = segment === undefined ? [trait] : traitsOfConditions([{ segment }], conditions);
    return traits.map((one): TraitRead => ({ trait: one, by: `cohort ${trait}`, when: 'enrolled' }));
  });
}
