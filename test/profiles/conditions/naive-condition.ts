import type { Condition, EventLeaf, Scalar } from '../../../src/profiles/conditions/condition.js';
import type { Behaviour, Profile } from '../../../src/profiles/history.js';

/**
 * What a condition means, in the plainest way there is: every event is looked at, calendars are asked of the platform, money
 * is counted in whole numbers. Nothing of the evaluator is used.
 */
export function naiveVerdict(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
  profile: Profile,
  clock: number,
): boolean {
  const verdict = (part: Condition) => naiveVerdict(part, segments, profile, clock);
  if ('all' in condition) return condition.all.every(verdict);
  if ('any' in condition) return condition.any.some(verdict);
  if ('not' in condition) return !verdict(condition.not);
  if ('segment' in condition) return verdict(segments.get(condition.segment)!);
  const zone = zoneName(profile.traits['timezone']);
  if ('event' in condition) return eventVerdict(condition, profile.history, zone, clock);
  if (!('trait' in condition)) throw new Error('no features here');
  const known = Object.hasOwn(profile.traits, condition.trait) ? profile.traits[condition.trait] : null;
  const actual = known ?? undefined;
  if (condition.op === 'within_last') {
    const date = dateIn(zone, actual);
    return date !== undefined && date < clock && date >= naiveStart(zone, clock, condition.value);
  }
  if (condition.op === 'before' || condition.op === 'after') {
    const date = dateIn(zone, actual);
    if (date === undefined) return false;
    if (condition.op === 'before') return date < dateIn(zone, condition.value)!;
    return condition.value.length > 10 ? date > dateIn(zone, condition.value)! : date >= dateIn(zone, nextDay(condition.value))!; // prettier-ignore
  }
  return test(condition, actual);
}

type Test = { readonly op: string; readonly value?: unknown };

function test({ op, value }: Test, actual: Scalar | undefined): boolean {
  if (op === 'missing') return actual === undefined;
  if (actual === undefined) return false;
  if (op === 'exists') return true;
  if (op === 'eq') return actual === value;
  if (op === 'ne') return actual !== value;
  if (op === 'in') return (value as Scalar[]).indexOf(actual) >= 0;
  if (op === 'not_in') return (value as Scalar[]).indexOf(actual) < 0;
  if (typeof value === 'string') {
    if (typeof actual !== 'string') return false;
    const escaped = value
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    if (op === 'matches') return new RegExp(`^${escaped}$`, 'su').test(actual);
    return new RegExp(`${op === 'starts_with' ? '^' : ''}${value}${op === 'ends_with' ? '$' : ''}`).test(
      actual,
    );
  }
  if (typeof actual !== 'number') return false;
  if (op === 'between') return (value as number[])[0]! <= actual && actual <= (value as number[])[1]!;
  return ordered(op, actual - (value as number));
}

function ordered(op: string, difference: number): boolean {
  const signs: Record<string, number[]> = {
    gt: [1],
    gte: [0, 1],
    lt: [-1],
    lte: [-1, 0],
    eq: [0],
    ne: [-1, 1],
  };
  return signs[op]!.includes(Math.sign(difference) + 0);
}

function eventVerdict(leaf: EventLeaf, history: readonly Behaviour[], zone: string, clock: number): boolean {
  const start = leaf.within === undefined ? -Infinity : naiveStart(zone, clock, leaf.within);
  const found = history.filter(
    (event) =>
      event.type === leaf.event &&
      event.at >= start &&
      event.at < clock &&
      (leaf.classes?.some((one) => one === (event.class ?? 'unknown')) ?? true) &&
      (leaf.where ?? []).every((filter) => test(filter, propertyOf(event, filter.property))),
  );
  const times = found.map(({ at }) => at);
  if (leaf.measure === 'count') return test(leaf, found.length);
  if (leaf.measure === 'distinct') {
    const values = found.map((event) => propertyOf(event, leaf.property!)).filter((one) => one !== undefined);
    return test(leaf, new Set(values).size);
  }
  if (leaf.measure === 'sum' && leaf.property === 'value') {
    const cents = found.reduce((sum, { value, currency }) => sum + BigInt(currency === leaf.currency ? (value ?? 0) : 0), 0n);
    return ordered(leaf.op, Number(cents - BigInt(Math.round((leaf.value as number) * 100))));
  } // prettier-ignore
  if (leaf.measure === 'sum') {
    const numbers = found.map((event) => propertyOf(event, leaf.property!));
    return test(leaf, numbers.reduce<number>((sum, one) => (typeof one === 'number' ? sum + one : sum), 0)); // prettier-ignore
  }
  if (times.length === 0) return false;
  const at = leaf.measure === 'days_since_last' ? Math.max(...times) : Math.min(...times);
  const past = (op: string, days: number) => ordered(op, naiveStart(zone, clock, `${days}d`) - at);
  if (leaf.op === 'between') return past('gte', leaf.value[0]) && past('lte', leaf.value[1]);
  return past(leaf.op, leaf.value);
}

function propertyOf(event: Behaviour, name: string): Scalar | undefined {
  if (name === 'value') {
    if (event.value === undefined) return undefined;
    const digits = String(event.value).padStart(3, '0');
    return Number(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
  }
  const own = ['item', 'category', 'currency', 'order'].includes(name)
    ? event[name as 'item']
    : Object.getOwnPropertyDescriptor(event.properties ?? {}, name)?.value;
  return (own ?? undefined) as Scalar | undefined;
}

function zoneName(trait: unknown): string {
  try {
    return new Intl.DateTimeFormat('en', {
      timeZone: typeof trait === 'string' ? trait : 'UTC',
    }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a zone show, as if it were UTC. */
function wallOf(zone: string, at: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }); // prettier-ignore
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const ms = ((at % 1000) + 1000) % 1000;
  return Date.parse(`${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}Z`) + ms; // prettier-ignore
}

/** The first instant whose clocks show `wall`; where none does, the one as long after the gap as `wall` is after its start. */
function instantShowing(zone: string, wall: number): number {
  for (let quarters = -60; quarters <= 60; quarters += 1) {
    const at = wall + quarters * 900_000;
    if (wallOf(zone, at) === wall) return at;
  }
  // Clocks are put forward by an hour, on Lord Howe by half of one.
  const gapMs = zone === 'Australia/Lord_Howe' ? 1_800_000 : 3_600_000;
  return instantShowing(zone, wall + gapMs);
}

const starts = new Map<string, number>();

export function naiveStart(zone: string, clock: number, within: string): number {
  const key = `${zone} ${clock} ${within}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const count = parseInt(within, 10);
  let start: number;
  if (within.endsWith('h')) start = clock - count * 3_600_000;
  else if (count === 0) start = clock;
  else {
    const wall = new Date(wallOf(zone, clock));
    if (within.endsWith('mo')) {
      const day = wall.getUTCDate();
      wall.setUTCDate(1);
      wall.setUTCMonth(wall.getUTCMonth() - count);
      const month = wall.getUTCMonth();
      wall.setUTCDate(day);
      // Too many days for the month run over into the next.
      while (wall.getUTCMonth() !== month) wall.setUTCDate(wall.getUTCDate() - 1);
    } else wall.setUTCDate(wall.getUTCDate() - count);
    start = instantShowing(zone, wall.getTime());
  }
  starts.set(key, start);
  return start;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function dateIn(zone: string, text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  if (text.length === 10) return instantShowing(zone, Date.parse(`${text}T00:00Z`));
  if (/(Z|[+-]\d\d:\d\d)$/.test(text)) return Date.parse(text);
  return instantShowing(zone, Date.parse(`${text}Z`));
}
