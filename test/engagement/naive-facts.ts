import type { Experiment, Measure, Metric, PropertyFilter } from '../../src/experiments/experiment.js';
import { eventKey } from '../../src/flows/event-key.js';

/**
 * What the events of one enrolled recipient come to, worked out a second time in the plainest way, from the raw events and
 * with none of the code that the service uses.
 */

export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  /** Undefined: of the recipient alone. */
  readonly wave?: string | undefined;
  readonly class?: string;
  readonly cents?: bigint;
  readonly currency?: string;
  readonly order?: string;
  readonly target?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Thing {
  types: string[];
  at: number;
  wave: string | undefined;
  class: string;
  money: bigint | undefined;
  properties: Record<string, unknown>;
  currency: string | undefined;
  order: string | undefined;
  cancelled: number[];
  refunds: { at: number; wave: string | undefined; money: bigint | 'the rest' }[];
}

const impliedBy: Record<string, string[]> = {
  sent: ['delivered', 'opened', 'clicked', 'bounced'],
  delivered: ['opened', 'clicked'],
  opened: ['clicked'],
  converted: ['purchase'],
};
const onMessages = ['sent', 'delivered', 'opened', 'clicked', 'bounced'];
const known = [...onMessages, 'converted', 'unsubscribed', 'complained', 'view', 'cart', 'click', 'purchase', 'refund', 'cancel', 'void']; // prettier-ignore
const digits: Record<string, number> = { EUR: 2, USD: 2, JPY: 0 };

export interface NaiveFacts {
  readonly y: bigint[];
  readonly d: bigint[];
  readonly x: bigint[];
  readonly stations: boolean[];
}

export function naiveFacts(experiment: Experiment, enrolledAt: number, raw: readonly RawEvent[]): NaiveFacts {
  const { metrics, windowMs = 0 } = experiment;
  const world = worldOf(experiment, enrolledAt, raw);
  const length = (metric: Metric) => metric.windowMs ?? windowMs;
  const d = metrics.map((m) =>
    m.denominator ? world.ask(m.denominator, m.from, ...denominatorWindow(m, length(m)), 0) : 0n,
  );
  const y = metrics.map((m) => world.ask(m, m.from, m.delayMs ?? 0, length(m), m.gapMs ?? 0));
  const x = metrics.map((m) =>
    m.covariateMs === undefined ? 0n : world.ask(m, 'assignment', -m.covariateMs, m.covariateMs, 0),
  );
  metrics.forEach((m, i) => {
    if (m.type === 'proportion' && m.denominator && d[i] === 0n) y[i] = 0n;
  });
  const anyClass = ['human', 'privacy_proxy', 'scanner', 'unknown'] as const;
  const reached = (event: Measure['event'], delay: number, long: number) =>
    world.ask({ event, classes: anyClass, count: 'once' }, 'send', delay, long, 0) === 1n;
  const stations = [
    ...(['sent', 'delivered', 'opened', 'clicked'] as const).map((event) => reached(event, -1e14, 2e14)),
    reached('converted', 0, windowMs),
  ];
  return { y, d, x, stations };
}

/** Messages are counted from the start of the window on, whatever the delay of what is counted among them. */
function denominatorWindow(m: Metric, long: number): [delay: number, length: number] {
  const delay = m.delayMs ?? 0;
  return onMessages.includes(m.denominator?.event ?? '') ? [0, delay + long] : [delay, long];
}

function worldOf(experiment: Experiment, enrolledAt: number, raw: readonly RawEvent[]) {
  const taken = raw.filter((event) => event.type === 'void').map((event) => event.target);
  const alive = raw
    .filter((event) => known.includes(event.type) && event.type !== 'void' && !taken.includes(event.id))
    .sort((a, b) => a.at - b.at || (eventKey(a.id) < eventKey(b.id) ? -1 : 1));
  const money = (event: RawEvent): bigint | undefined => {
    if (event.cents === undefined || experiment.currency === undefined) return undefined;
    if (event.currency === experiment.currency) return event.cents;
    const rate = experiment.exchange?.[event.currency ?? ''];
    if (rate === undefined) return undefined;
    // Millionths of a unit of the experiment's currency, then rounded half away from zero.
    const [whole = '', fraction = ''] = rate.split('.');
    const millionths = BigInt(whole + fraction.padEnd(6, '0'));
    const exact = event.cents * millionths * 10n ** BigInt(digits[experiment.currency]! + 6);
    const unit = 10n ** BigInt(12 + digits[event.currency ?? '']!);
    const size = exact < 0n ? -exact : exact;
    return (exact < 0n ? -1n : 1n) * (size / unit + ((size % unit) * 2n >= unit ? 1n : 0n));
  };
  const sells = (event: RawEvent) => event.type === 'converted' || event.type === 'purchase';
  const goesBack = (event: RawEvent) => event.type === 'refund' || (sells(event) && (event.cents ?? 0n) < 0n);
  const things: Thing[] = [];
  for (const event of alive) {
    if (event.type === 'cancel' || goesBack(event)) continue;
    const same = sells(event) && event.order !== undefined ? things.find((one) => one.order === event.order && one.types.some((type) => type === 'converted' || type === 'purchase')) : undefined; // prettier-ignore
    if (same) {
      same.types.push(event.type);
      if (same.money === undefined && money(event) !== undefined)
        [same.money, same.currency] = [money(event), event.currency];
      same.wave ??= event.wave;
      same.properties = { ...event.properties, ...same.properties };
    } else {
      things.push({
        types: [event.type], at: event.at, wave: event.wave, class: event.class ?? 'unknown', money: money(event),
        properties: { ...event.properties }, currency: event.currency, order: sells(event) ? event.order : undefined, cancelled: [], refunds: [],
      }); // prettier-ignore
    }
  }
  const loose: { at: number; wave: string | undefined; money: bigint; thing: Thing }[] = [];
  for (const event of alive) {
    const order = event.order === undefined ? undefined : things.find((one) => one.order === event.order);
    if (event.type === 'cancel') order?.cancelled.push(event.at);
    if (!goesBack(event)) continue;
    if (event.cents === undefined) {
      order?.refunds.push({ at: event.at, wave: event.wave, money: 'the rest' });
      continue;
    }
    const amount = money(event);
    if (amount === undefined) continue;
    const back = { at: event.at, wave: event.wave, money: amount < 0n ? amount : -amount };
    if (order) order.refunds.push(back);
    else if (event.order === undefined) {
      loose.push({ ...back, thing: { types: [event.type], at: event.at, wave: event.wave, class: 'unknown', money: back.money, properties: { ...event.properties }, currency: event.currency, order: undefined, cancelled: [], refunds: [] } }); // prettier-ignore
    }
  }

  const sends = new Map<string, number>();
  for (const event of alive) {
    if (event.type === 'sent' && event.wave !== undefined)
      sends.set(event.wave, Math.min(event.at, sends.get(event.wave) ?? Infinity));
  }
  const times = [...sends.values()].sort((a, b) => a - b);

  /** The start of the window that holds a time, or undefined. */
  const startOf = (
    from: Metric['from'],
    delay: number,
    long: number,
    at: number,
    wave: string | undefined,
  ) => {
    const candidates =
      from === 'assignment' || times.length === 0
        ? [enrolledAt]
        : from === 'first_send'
          ? [times[0]!]
          : wave !== undefined
            ? [sends.get(wave) ?? enrolledAt]
            : [...times].reverse();
    return candidates.find((start) => at >= start + delay && at < start + delay + long);
  };

  const property = (thing: Thing, name: string): unknown => {
    if (name === 'value') return thing.money === undefined ? undefined : Number(thing.money) / 100;
    if (name === 'currency') return thing.currency;
    if (name === 'order') return thing.order;
    return Object.hasOwn(thing.properties, name) ? thing.properties[name] : undefined;
  };
  const isA = (thing: Thing, event: string) =>
    thing.types.includes(event) || (event === 'converted' && thing.types.includes('purchase'));
  const before = (name: string, event: string) =>
    things
      .filter(
        (thing) =>
          thing.at < enrolledAt && isA(thing, event) && !thing.cancelled.some((at) => at < enrolledAt),
      )
      .map((thing) => property(thing, name))
      .filter((value) => value !== undefined && value !== null);
  const meets = (filter: PropertyFilter, thing: Thing, event: string): boolean => {
    const past = before(filter.property, event);
    if (filter.op === 'has_history') return past.length > 0;
    const value = property(thing, filter.property);
    if (value === undefined || value === null) return false;
    const wanted = filter.value;
    const numbers = past.filter((one): one is number => typeof one === 'number');
    const less = typeof value === typeof wanted && (typeof value === 'number' || typeof value === 'string');
    const ops: Record<PropertyFilter['op'], () => boolean> = {
      exists: () => true,
      eq: () => value === wanted,
      ne: () => value !== wanted,
      in: () => (wanted as unknown[]).some((one) => one === value),
      gt: () => less && (value as number) > (wanted as number),
      gte: () => less && (value as number) >= (wanted as number),
      lt: () => less && (value as number) < (wanted as number),
      lte: () => less && (value as number) <= (wanted as number),
      new: () => past.length > 0 && past.every((one) => one !== value),
      above_history: () =>
        typeof value === 'number' && numbers.length > 0 && numbers.every((one) => one < value),
      has_history: () => false,
    };
    return ops[filter.op]();
  };

  const ask = (measure: Measure, from: Metric['from'], delay: number, long: number, gap: number): bigint => {
    const { event, count } = measure;
    const implied =
      count === 'once' || count === 'messages' || count === 'minutes' ? (impliedBy[event] ?? []) : [];
    const found: { thing: Thing; at: number; start: number }[] = [];
    for (const thing of things) {
      if (!isA(thing, event) && !implied.includes(thing.types[0]!)) continue;
      if ((event === 'opened' || event === 'clicked') && !(measure.classes as string[]).includes(thing.class))
        continue;
      const sent = thing.wave === undefined ? undefined : sends.get(thing.wave);
      const at =
        onMessages.includes(thing.types[0]!) && sent !== undefined && sent > thing.at ? sent : thing.at;
      const start = startOf(from, delay, long, at, thing.wave);
      if (start === undefined || thing.cancelled.some((time) => time < start + delay + long)) continue;
      if ((measure.where ?? []).every((filter) => meets(filter, thing, event)))
        found.push({ thing, at, start });
    }
    if (count === 'once') return found.length > 0 ? 1n : 0n;
    if (count === 'events') return BigInt(found.length);
    if (count === 'messages') {
      const waveOf = (one: (typeof found)[number]) =>
        one.thing.wave ?? [...sends].find(([, at]) => at === one.start)?.[0] ?? '';
      return BigInt(new Set(found.map(waveOf)).size);
    }
    if (count === 'again') {
      const [first, ...later] = found.map((one) => one.at).sort((a, b) => a - b);
      return later.some((at) => at >= first! + gap) ? 1n : 0n;
    }
    if (count === 'minutes') {
      const waits = found.map((one) => one.at - one.start - delay);
      return BigInt(Math.floor([long, ...waits].sort((a, b) => a - b)[0]! / 60_000));
    }
    let sum = 0n;
    for (const { thing, start } of found) {
      sum += thing.money ?? 0n;
      const inTime = thing.refunds.filter(
        (back) => back.at >= start + delay && back.at < start + delay + long,
      );
      const parts = inTime.flatMap(({ money }) => (money === 'the rest' ? [] : money));
      const left = (thing.money ?? 0n) + parts.reduce((all, part) => all + part, 0n);
      sum += left - (thing.money ?? 0n);
      if (parts.length < inTime.length && left > 0n) sum -= left;
    }
    for (const back of loose) {
      const inside = startOf(from, delay, long, back.at, back.wave) !== undefined;
      if (inside && (measure.where ?? []).every((filter) => meets(filter, back.thing, event)))
        sum += back.money;
    }
    return sum;
  };
  return { ask };
}
