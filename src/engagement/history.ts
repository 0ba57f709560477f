import type { EventClass, EventType, Experiment, Measure } from '../experiments/experiment.js';
import type { StoredEvent } from './event.js';
import { eventKinds, findKind } from './kinds/registry.js';

/**
 * An event as it stands in the history of one enrolled recipient: only what the outcomes of the experiment can depend on.
 */
export interface HistoryEvent {
  /** Stands for the event id: equal ids have equal keys. */
  readonly key: string;
  readonly type: EventType;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Which message of the recipient it is of: '' the first; undefined for an event of the recipient alone. */
  readonly wave?: string;
  readonly class?: EventClass;
  /** Minor units of `currency`. */
  readonly value?: number;
  readonly currency?: string;
  readonly order?: string;
  /** `void`: the key of the event that is taken back. */
  readonly target?: string;
  /** `item`, `category`, `url` and others that a filter of the experiment asks for. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What an experiment keeps of events: the types that count without a message, and the properties that its filters ask for. */
export interface Needs {
  readonly types: ReadonlySet<string>;
  readonly properties: readonly string[];
}

/** Whatever the metrics are: conversions, what takes them back, and what unmakes events. */
const alwaysNeeded: readonly EventType[] = ['converted', 'purchase', 'refund', 'cancel', 'void'];
/** Properties that events hold in fields of their own. */
const ownFields = new Set(['value', 'currency', 'order', 'class']);

/** What the metrics of an experiment need; of its own messages every event is kept. */
export function needsOf(experiment: Pick<Experiment, 'metrics'>): Needs {
  const measures: Measure[] = experiment.metrics.flatMap((metric) =>
    [metric, metric.denominator ?? []].flat(),
  );
  const named = new Set(measures.map((measure) => measure.event));
  const proving = Object.values(eventKinds)
    .filter((kind) => kind.proves.some((type) => named.has(type)))
    .map((kind) => kind.type);
  const properties = measures
    .flatMap((measure) => (measure.where ?? []).map((filter) => filter.property))
    .filter((property) => !ownFields.has(property));
  return {
    types: new Set([...alwaysNeeded, ...named, ...proving]),
    properties: [...new Set(properties)].sort(),
  };
}

/**
 * The event as the history keeps it; undefined where it does not matter for this experiment.
 *
 * @param key a short hash of the event's id; @param targetKey the same of the id that a `void` takes back.
 * @param wave the message's; undefined for an event of the recipient alone.
 */
export function toHistoryEvent(
  event: StoredEvent,
  needs: Needs,
  keyOf: (id: string) => string,
  wave: string | undefined,
): HistoryEvent | undefined {
  if (!findKind(event.type) || (wave === undefined && !needs.types.has(event.type))) return undefined;
  const properties = neededProperties(event, needs.properties);
  return {
    key: keyOf(event.id),
    type: event.type as EventType,
    at: event.at.getTime(),
    ...(wave !== undefined && { wave }),
    ...(event.class !== undefined && { class: event.class }),
    ...(event.value !== undefined && { value: Number(event.value), currency: event.currency }),
    ...(event.order !== undefined && { order: event.order }),
    ...(event.target !== undefined && { target: keyOf(event.target) }),
    ...(properties && { properties }),
  };
}

function neededProperties(event: StoredEvent, names: readonly string[]): Record<string, unknown> | undefined {
  let found: Record<string, unknown> | undefined;
  for (const name of names) {
    const value = propertyOf(event, name);
    if (value === undefined || value === null) continue;
    found ??= Object.create(null) as Record<string, unknown>;
    found[name] = value;
  }
  return found;
}

function propertyOf(event: StoredEvent, name: string): unknown {
  if (name === 'item' || name === 'category' || name === 'url') return event[name];
  return event.properties && Object.hasOwn(event.properties, name) ? event.properties[name] : undefined;
}

/** The order in which histories are kept: by time, then by key. Equal sets of events are equal texts. */
export function inOrder(events: readonly HistoryEvent[]): HistoryEvent[] {
  return [...events].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

/** Two histories as one, each event once. */
export function mergeHistories(
  a: readonly HistoryEvent[],
  b: readonly HistoryEvent[],
): readonly HistoryEvent[] {
  if (b.length === 0) return a;
  const known = new Set(a.map((event) => event.key));
  const added = b.filter((event) => !known.has(event.key) && known.add(event.key));
  return added.length === 0 ? a : inOrder([...a, ...added]);
}

/** Fields after key, type and time, in the order in which the text has them; left out at the end where empty. */
const optional = ['wave', 'class', 'value', 'currency', 'order', 'target', 'properties'] as const;

/** The history as text: a JSON list of one list per event. Nothing is the empty text. */
export function encodeHistory(events: readonly HistoryEvent[]): string {
  if (events.length === 0) return '';
  return JSON.stringify(
    events.map((event) => {
      const row: unknown[] = [event.key, event.type, event.at];
      optional.forEach((field, i) => {
        const value = event[field];
        if (value === undefined) return;
        while (row.length < 3 + i) row.push(null);
        row.push(value);
      });
      return row;
    }),
  );
}

export function decodeHistory(text: string | null): HistoryEvent[] {
  if (text === null || text === '') return [];
  return (JSON.parse(text) as unknown[][]).map((row) => {
    const event: Record<string, unknown> = { key: row[0], type: row[1], at: row[2] };
    for (let i = 3; i < row.length; i += 1) {
      if (row[i] !== null) event[optional[i - 3] ?? ''] = row[i];
    }
    return event as unknown as HistoryEvent;
  });
}
