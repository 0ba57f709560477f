import type { EventClass, EventType, Experiment, Measure } from '../experiments/experiment.js';
import { base36 } from './digits.js';
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
  return {
    key: keyOf(event.id),
    type: event.type as EventType,
    at: event.at.getTime(),
    wave,
    class: event.class,
    value: event.value === undefined ? undefined : Number(event.value),
    currency: event.value === undefined ? undefined : event.currency,
    order: event.order,
    target: event.target === undefined ? undefined : keyOf(event.target),
    properties: neededProperties(event, needs.properties),
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
  return events.length < 2 ? [...events] : [...events].sort(byTime);
}

function byTime(a: HistoryEvent, b: HistoryEvent): number {
  return a.at - b.at || (a.key < b.key ? -1 : 1);
}

/** Two histories as one, each event once. @param a in order. */
export function mergeHistories(
  a: readonly HistoryEvent[],
  b: readonly HistoryEvent[],
): readonly HistoryEvent[] {
  const [only] = b;
  if (only === undefined) return a;
  // Most of what comes is one event of a recipient, and needs no set.
  if (b.length === 1) return a.some(({ key }) => key === only.key) ? a : withEvent(a, only);
  const known = new Set(a.map((event) => event.key));
  const added = b.filter((event) => !known.has(event.key) && known.add(event.key));
  return added.length === 0 ? a : inOrder([...a, ...added]);
}

function withEvent(events: readonly HistoryEvent[], event: HistoryEvent): HistoryEvent[] {
  const later = events.findIndex((one) => byTime(event, one) < 0);
  return later < 0 ? [...events, event] : [...events.slice(0, later), event, ...events.slice(later)];
}

/** One or two letters for each type, in the text of a history. Never given to another type. */
const codes: Readonly<Record<EventType, string>> = {
  sent: 's',
  delivered: 'd',
  opened: 'o',
  clicked: 'c',
  converted: 'n',
  unsubscribed: 'u',
  complained: 'm',
  bounced: 'b',
  view: 'vi',
  cart: 'ca',
  click: 'cl',
  purchase: 'p',
  refund: 'r',
  cancel: 'x',
  void: 'z',
};
const classCodes: Readonly<Record<EventClass, string>> = {
  human: 'h',
  privacy_proxy: 'p',
  scanner: 's',
  unknown: 'u',
};
const typesByCode = invert(codes);
const classesByCode = invert(classCodes);

function invert<T extends string>(table: Readonly<Record<T, string>>): ReadonlyMap<string, T> {
  return new Map(Object.entries<string>(table).map(([name, code]) => [code, name as T]));
}

/**
 * The history as text. Events stand between bars, the fields of one between dots: key, code of the type, time in base 36, then
 * whatever there is under a letter each: wave, class, value, currency (u), order, target, properties. A third of the size of
 * JSON, and free of what must be quoted on its way to the database. Nothing is the empty text.
 */
export function encodeHistory(events: readonly HistoryEvent[]): string {
  let text = '';
  for (const event of events) {
    if (text !== '') text += '|';
    text += `${event.key}.${codes[event.type]}.${base36(event.at)}`;
    if (event.wave !== undefined) text += `.w${escape(event.wave)}`;
    if (event.class !== undefined) text += `.c${classCodes[event.class]}`;
    if (event.value !== undefined) text += `.v${event.value.toString(36)}`;
    if (event.currency !== undefined) text += `.u${escape(event.currency)}`;
    if (event.order !== undefined) text += `.o${escape(event.order)}`;
    if (event.target !== undefined) text += `.t${event.target}`;
    if (event.properties) text += `.p${escape(JSON.stringify(event.properties))}`;
  }
  return text;
}

export function decodeHistory(text: string | null): HistoryEvent[] {
  if (text === null || text === '') return [];
  return text.split('|').map(decodeEvent);
}

type Draft = { -readonly [K in keyof HistoryEvent]: HistoryEvent[K] };

function decodeEvent(text: string): HistoryEvent {
  const fields = text.split('.');
  const type = typesByCode.get(fields[1] ?? '');
  if (type === undefined)
    throw new Error(`a history holds an event of an unknown kind: ${text.slice(0, 60)}`);
  const event: Draft = {
    key: fields[0] ?? '',
    type,
    at: parseInt(fields[2] ?? '', 36),
    wave: undefined,
    class: undefined,
    value: undefined,
    currency: undefined,
    order: undefined,
    target: undefined,
    properties: undefined,
  };
  for (let i = 3; i < fields.length; i += 1) addField(event, fields[i] ?? '');
  return event;
}

function addField(event: Draft, field: string): void {
  const value = field.slice(1);
  switch (field[0]) {
    case 'w':
      event.wave = unescape(value);
      break;
    case 'c':
      event.class = classesByCode.get(value);
      break;
    case 'v':
      event.value = parseInt(value, 36);
      break;
    case 'u':
      event.currency = unescape(value);
      break;
    case 'o':
      event.order = unescape(value);
      break;
    case 't':
      event.target = value;
      break;
    case 'p':
      event.properties = JSON.parse(unescape(value)) as Record<string, unknown>;
      break;
  }
}

/** Letters and digits stand for themselves; in all else no dot, bar, quote or blank is left. */
function escape(text: string): string {
  return /^\w*$/.test(text) ? text : encodeURIComponent(text).replaceAll('.', '%2E');
}

function unescape(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text;
}
