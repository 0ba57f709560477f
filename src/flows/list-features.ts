import { selectNewestSegments } from '../database/segment-versions.js';
import type { StrategyVersion } from '../database/strategy-versions.js';
import { segmentsNamed } from '../profiles/segments/segment.js';
import type { AskingStrategy } from '../strategies/askers.js';
import { type EventCondition, eventConditionsInUse } from '../strategies/event-conditions.js';
import { type KnownFeature, knownFeatures } from '../strategies/feature-catalogue.js';
import { type FeatureInUse, featuresInUse } from '../strategies/features-in-use.js';
import { askingTemplates } from './asking-templates.js';
import type { Context } from './context.js';
import { listVersions } from './list-strategy-names.js';
import { kindOf } from './load-parts.js';
import { loadSegments } from './load-segments.js';
import { isLive, strategyUsers } from './strategy-users.js';

/** What can be asked for, and what is asked for by whom. */
export interface FeatureList {
  readonly known: readonly KnownFeature[];
  readonly inUse: readonly FeatureInUse[];
  /** What conditions ask about events without naming a feature. */
  readonly eventConditions: readonly EventCondition[];
}

/**
 * Every known feature; and the features and conditions on events that a strategy version which is active, the newest of its name
 * or in a live experiment asks for, or the newest version of a segment; traits also where a template version reads them that is
 * the newest of its name or renders for an arm of a live experiment.
 */
export async function listFeatures({ db }: Pick<Context, 'db'>): Promise<FeatureList> {
  const strategies = await relied({ db });
  const segments = await selectNewestSegments(db);
  const named = strategies.flatMap((one) => kindOf(one).references(one.definition).segments);
  const pinned = await loadSegments(db, [...named, ...segments.flatMap(({ when }) => segmentsNamed(when))]);
  return {
    known: knownFeatures,
    inUse: featuresInUse(strategies, segments, pinned, await askingTemplates(db)),
    eventConditions: eventConditionsInUse(strategies, segments, pinned),
  };
}

async function relied({ db }: Pick<Context, 'db'>): Promise<(StrategyVersion & AskingStrategy)[]> {
  const versions = await listVersions({ db });
  const users = await strategyUsers(db);
  // By number within a name, so that the last one is the newest.
  const newest = new Map(versions.map(({ name, hash }) => [name, hash]));
  return versions
    .map(({ status, ...version }) => ({
      ...version,
      active: status === 'active',
      newest: newest.get(version.name) === version.hash,
      liveIn: (users.get(version.hash) ?? []).filter(isLive).map(({ key }) => key),
    }))
    .filter(({ active, newest: isNewest, liveIn }) => active || isNewest || liveIn.length > 0);
}
