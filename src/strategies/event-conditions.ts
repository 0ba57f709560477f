import type { EventLeaf } from '../profiles/conditions/condition.js';
import { eventsOfConditions } from '../profiles/conditions/prepare-condition.js';
import { conditionInWords } from '../profiles/segments/in-words.js';
import { type Asker, askersOf, type AskingSegment, type AskingStrategy } from './askers.js';
import type { Parts } from './strategy.js';

/** A condition on what a recipient did, that somebody asks about. */
export interface EventCondition {
  /** In words: `bought at least once within 30 days`. */
  readonly says: string;
  /** Type of the events. */
  readonly event: string;
  /** Which opens and clicks of messages count; other events have none. */
  readonly classes?: readonly string[];
  /** Properties of the events that are looked at, each once, in order. */
  readonly properties: readonly string[];
  /** `30d`: how far back from the clock; null: from the beginning. */
  readonly within: string | null;
  readonly askedBy: readonly Asker[];
}

/**
 * Every condition on events that these ask about, by the type of the event and then in the order of the words, with who asks.
 *
 * @param pinned every segment that is named, directly or by another segment, by `name@version`.
 */
export function eventConditionsInUse(
  strategies: readonly AskingStrategy[],
  segments: readonly AskingSegment[],
  pinned: Parts['segments'],
): EventCondition[] {
  const leaves = new Map<string, EventLeaf>();
  const named = (found: readonly EventLeaf[]): string[] =>
    found.map((leaf) => {
      // The type goes before the words, so that sorting by the name sorts by both.
      const name = `${leaf.event} ${conditionInWords(leaf)}`;
      leaves.set(name, leaf);
      return name;
    });
  const askers = askersOf(strategies, segments, pinned, {
    ofKind: (kind, definition, own) => named(kind.readsEvents?.(definition, own) ?? []),
    ofCondition: (when, conditions) => named(eventsOfConditions([when], conditions)),
  });
  return [...leaves]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, leaf]) => ({ ...describeEvent(leaf), askedBy: askers.get(name) ?? [] }));
}

function describeEvent(leaf: EventLeaf): Omit<EventCondition, 'askedBy'> {
  const { event, classes, where = [], property, currency, within = null } = leaf;
  const properties = [
    ...where.map((filter) => filter.property),
    ...(property === undefined ? [] : [property]),
    ...(currency === undefined ? [] : ['currency']),
  ];
  return {
    ...{ says: conditionInWords(leaf), event },
    ...(classes && { classes }),
    properties: [...new Set(properties)].sort(),
    within,
  };
}
