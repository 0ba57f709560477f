import { featuresOfConditions, traitsOfConditions } from '../profiles/conditions/prepare-condition.js';
import { conditionsOf, type Segment, segmentsNamed } from '../profiles/segments/segment.js';
import type { Custody } from './custody.js';
import { describeFeature, type NamedFeature } from './feature-catalogue.js';
import { findKind } from './registry.js';
import type { Parts } from './strategy.js';

/** A strategy version that somebody may rely on. */
export interface AskingStrategy {
  readonly name: string;
  readonly version: number;
  readonly kind: string;
  readonly definition: unknown;
  readonly active: boolean;
  readonly newest: boolean;
  /** Keys of running and paused experiments that are pinned to it. */
  readonly liveIn: readonly string[];
}

export type AskingSegment = Pick<Segment, 'name' | 'version' | 'title' | 'description' | 'when'>;

/** Who asks for a feature, and who to talk to about it. */
export type Asker = {
  readonly name: string;
  readonly version: number;
  readonly purpose?: string;
  /** The segments that it names and that ask for the feature, `name@version`; none: it asks by itself. */
  readonly through: readonly string[];
} & (
  | (Pick<AskingStrategy, 'kind' | 'active' | 'newest' | 'liveIn'> & {
      readonly what: 'strategy';
      readonly owner?: string;
    })
  | { readonly what: 'segment'; readonly title: string }
);

/** A feature that somebody asks for; strategies first, each by name and version. */
export interface FeatureInUse extends NamedFeature {
  readonly askedBy: readonly Asker[];
}

/**
 * Every feature that these ask for, by name, with who asks. A trait that a condition looks at is `trait.NAME` here, as models
 * name it.
 *
 * @param pinned every segment that is named, directly or by another segment, by `name@version`.
 */
export function featuresInUse(
  strategies: readonly AskingStrategy[],
  segments: readonly AskingSegment[],
  pinned: Parts['segments'],
): FeatureInUse[] {
  const askers = new Map<string, Asker[]>();
  const add = (name: string, asker: Asker): void =>
    void askers.set(name, [...(askers.get(name) ?? []), asker]);
  for (const strategy of byNameAndVersion(strategies)) {
    for (const [name, through] of askedByStrategy(strategy, pinned))
      add(name, shownStrategy(strategy, through));
  }
  for (const segment of byNameAndVersion(segments)) {
    for (const [name, through] of askedBySegment(segment, pinned)) add(name, shownSegment(segment, through));
  }
  const names = [...askers.keys()].sort();
  return names.map((name) => ({ ...describeFeature(name), askedBy: askers.get(name) ?? [] }));
}

/** Names with the segments that they are asked through; none where the definition names the feature itself. */
type Asked = ReadonlyMap<string, readonly string[]>;

function askedByStrategy({ kind: name, definition }: AskingStrategy, pinned: Parts['segments']): Asked {
  const kind = findKind(name);
  if (!kind) throw new Error(`there is no kind of strategy ${name}`);
  const none: Parts['segments'] = new Map();
  const own = [...kind.readsFeatures(definition, none), ...kind.readsTraits(definition, none).map(asFeature)];
  return withThrough(own, kind.references(definition).segments, pinned);
}

function askedBySegment({ when }: AskingSegment, pinned: Parts['segments']): Asked {
  return withThrough(namesIn({ when }, new Map()), segmentsNamed(when), pinned);
}

function withThrough(own: readonly string[], named: readonly string[], pinned: Parts['segments']): Asked {
  const asked = new Map<string, readonly string[]>(own.map((name) => [name, []]));
  for (const reference of [...new Set(named)].sort()) {
    const segment = pinned.get(reference);
    if (!segment) throw new Error(`segment ${reference} is missing`);
    for (const name of namesIn(segment, pinned)) {
      if (!own.includes(name)) asked.set(name, [...(asked.get(name) ?? []), reference]);
    }
  }
  return asked;
}

/** What a segment looks at, and those behind it. */
function namesIn({ when }: Pick<Segment, 'when'>, pinned: Parts['segments']): string[] {
  const conditions = conditionsOf(pinned);
  return [
    ...featuresOfConditions([when], conditions),
    ...traitsOfConditions([when], conditions).map(asFeature),
  ];
}

const asFeature = (trait: string): string => `trait.${trait}`;

function shownStrategy(strategy: AskingStrategy, through: readonly string[]): Asker {
  const { name, version, kind, active, newest, liveIn } = strategy;
  const { owner, purpose } = strategy.definition as Custody;
  return {
    ...{ what: 'strategy', name, version, kind, active, newest, liveIn },
    ...(owner !== undefined && { owner }),
    ...(purpose !== undefined && { purpose }),
    through,
  };
}

function shownSegment(
  { name, version, title, description }: AskingSegment,
  through: readonly string[],
): Asker {
  return {
    ...{ what: 'segment', name, version, title },
    ...(description !== undefined && { purpose: description }),
    through,
  };
}

function byNameAndVersion<T extends { readonly name: string; readonly version: number }>(
  all: readonly T[],
): T[] {
  return [...all].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version));
}
