import type { Behaviour, History } from '../history.js';

/** Events of one kind, with their times apart, for searching. */
export interface Track {
  readonly events: readonly Behaviour[];
  readonly times: readonly number[];
}

const nothing: Track = { events: [], times: [] };

export interface HistoryIndex {
  /** In order. */
  readonly history: History;
  readonly byType: ReadonlyMap<string, Track>;
  /** Those that pass a filter, by the filter's own name. */
  readonly filtered: Map<string, Track>;
  /** Events of several types together, by the list of them that was asked with. */
  readonly together: Map<readonly string[], History>;
}

/** Made when a history is first asked about, and gone with it. */
const indexes = new WeakMap<History, HistoryIndex>();

export function indexOf(history: History): HistoryIndex {
  let index = indexes.get(history);
  if (index === undefined) {
    const ordered = inOrder(history);
    index = { history: ordered, byType: tracksOf(ordered), filtered: new Map(), together: new Map() };
    indexes.set(history, index);
  }
  return index;
}

function tracksOf(history: History): Map<string, Track> {
  const byType = new Map<string, { events: Behaviour[]; times: number[] }>();
  for (const event of history) {
    let track = byType.get(event.type);
    if (track === undefined) byType.set(event.type, (track = { events: [], times: [] }));
    track.events.push(event);
    track.times.push(event.at);
  }
  return byType;
}

/** Histories come in order; one that does not is put in order rather than searched wrongly. */
function inOrder(history: History): History {
  const sorted = history.every(({ at }, i) => i === 0 || (history[i - 1]?.at ?? 0) <= at);
  return sorted ? history : [...history].sort((a, b) => a.at - b.at);
}

/** The events of a type that pass. `name` tells one filter from another. */
export function trackOf(
  index: HistoryIndex,
  type: string,
  name: string,
  passes: ((event: Behaviour) => boolean) | undefined,
): Track {
  if (passes === undefined) return index.byType.get(type) ?? nothing;
  let track = index.filtered.get(name);
  if (track === undefined) {
    const events = (index.byType.get(type) ?? nothing).events.filter(passes);
    track = events.length === 0 ? nothing : { events, times: events.map(({ at }) => at) };
    index.filtered.set(name, track);
  }
  return track;
}

/** The events of these types, in order. */
export function eventsOfTypes({ history, together }: HistoryIndex, types: readonly string[]): History {
  let events = together.get(types);
  if (events === undefined) {
    events = history.filter(({ type }) => types.includes(type));
    together.set(types, events);
  }
  return events;
}

/** Position of the first time at or after `at`. */
export function firstFrom(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  // Most questions are about everything up to now.
  if (high > 0 && (times[high - 1] ?? 0) < at) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
