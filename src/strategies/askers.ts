import type { Condition } from '../profiles/conditions/condition.js';
import { conditionsOf, type Segment, segmentsNamed } from '../profiles/segments/segment.js';
import type { Custody } from './custody.js';
import { findKind } from './registry.js';
import type { Parts, StrategyKind } from './strategy.js';

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

/** A template version that somebody may rely on. */
export interface AskingTemplate {
  readonly name: string;
  readonly version: number;
  readonly newest: boolean;
  /** Arms of running and paused experiments that render with it. */
  readonly usedBy: readonly ArmsOfTemplate[];
  /** The traits that it reads, each with what its token is said to be for. */
  readonly traits: readonly { readonly name: string; readonly description?: string }[];
}

export interface ArmsOfTemplate {
  readonly experiment: string;
  /** Keys, in the order of the design. */
  readonly arms: readonly string[];
}

/** Who asks for something, and who to talk to about it. */
export type Asker = {
  readonly name: string;
  readonly version: number;
  readonly purpose?: string;
  /** The segments that it names and that ask, `name@version`; none: it asks by itself. */
  readonly through: readonly string[];
} & (
  | (Pick<AskingStrategy, 'kind' | 'active' | 'newest' | 'liveIn'> & {
      readonly what: 'strategy';
      readonly owner?: string;
    })
  | { readonly what: 'segment'; readonly title: string }
  | ({ readonly what: 'template' } & Pick<AskingTemplate, 'newest' | 'usedBy'>)
);

/** What is asked for, by name, with who asks: strategies first, each by name and version. */
export type Askers = ReadonlyMap<string, readonly Asker[]>;

/** How names are read out of whoever asks by conditions. */
export interface Reads {
  ofKind(kind: StrategyKind<unknown>, definition: unknown, segments: Parts['segments']): readonly string[];
  ofCondition(when: Condition, segments: ReadonlyMap<string, Condition>): readonly string[];
}

/**
 * Who asks for what, of strategies and segments.
 *
 * @param pinned every segment that is named, directly or by another segment, by `name@version`.
 * @throws Error where one is missing.
 */
export function askersOf(
  strategies: readonly AskingStrategy[],
  segments: readonly AskingSegment[],
  pinned: Parts['segments'],
  reads: Reads,
): Map<string, Asker[]> {
  const askers = new Map<string, Asker[]>();
  const none: Parts['segments'] = new Map();
  for (const strategy of byNameAndVersion(strategies)) {
    const kind = kindOf(strategy);
    const own = reads.ofKind(kind, strategy.definition, none);
    const asked = withThrough(own, kind.references(strategy.definition).segments, pinned, reads);
    for (const [name, through] of asked) addAsker(askers, name, shownStrategy(strategy, through));
  }
  for (const segment of byNameAndVersion(segments)) {
    const own = reads.ofCondition(segment.when, new Map());
    const asked = withThrough(own, segmentsNamed(segment.when), pinned, reads);
    for (const [name, through] of asked) addAsker(askers, name, shownSegment(segment, through));
  }
  return askers;
}

export function addAsker(askers: Map<string, Asker[]>, name: string, asker: Asker): void {
  askers.set(name, [...(askers.get(name) ?? []), asker]);
}

function kindOf({ kind: name }: AskingStrategy): StrategyKind<unknown> {
  const kind = findKind(name);
  if (!kind) throw new Error(`there is no kind of strategy ${name}`);
  return kind;
}

/** Names with the segments that they are asked through; none where the definition names the thing itself. */
function withThrough(
  own: readonly string[],
  named: readonly string[],
  pinned: Parts['segments'],
  reads: Reads,
): ReadonlyMap<string, readonly string[]> {
  const asked = new Map<string, readonly string[]>(own.map((name) => [name, []]));
  for (const reference of [...new Set(named)].sort()) {
    const segment = pinned.get(reference);
    if (!segment) throw new Error(`segment ${reference} is missing`);
    for (const name of reads.ofCondition(segment.when, conditionsOf(pinned))) {
      if (!own.includes(name)) asked.set(name, [...(asked.get(name) ?? []), reference]);
    }
  }
  return asked;
}

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

export function byNameAndVersion<T extends { readonly name: string; readonly version: number }>(
  all: readonly T[],
): T[] {
  return [...all].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version));
}
