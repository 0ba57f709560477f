import fc from 'fast-check';
import type { Knex } from 'knex';
import { selectCells } from '../../src/database/cells.js';
import { type CellSums, cellSumNames } from '../../src/engagement/cell-sums.js';
import { stations } from '../../src/engagement/facts.js';
import { eventClasses, eventTypes, type Experiment } from '../../src/experiments/experiment.js';
import type { MetricInput } from '../../src/experiments/metric-draft.js';
import type { Context } from '../../src/flows/context.js';
import { findExperiment } from '../../src/flows/find-experiment.js';
import { naiveFacts, type RawEvent } from '../engagement/naive-facts.js';
import { anyMetricDraft } from '../experiments/any-metric.js';

/** Random campaigns: experiments that share recipients, several waves, and events of every kind about all of it. */

export const start = Date.UTC(2026, 2, 1, 9);
const hour = 3_600_000;
export const waves = ['', 'second'] as const;
export const people = ['ann', 'bob', 'cem', 'dan'] as const;

const metricPool: MetricInput[] = [
  'delivered', 'open', 'open_raw', 'click', 'click_to_open', 'conversion', 'revenue', 'average_order', 'unsubscribe', 'bounce',
  'repeat_purchase', 'new_category_orders', 'higher_tier_orders',
  { key: 'capped', type: 'money', event: 'purchase', role: 'secondary', cap: '60', window: '5d' },
  { key: 'adjusted', type: 'money', event: 'converted', role: 'secondary', covariate: { window: '2d' } },
  { key: 'before', type: 'mean', event: 'view', role: 'secondary', covariate: { window: '36h' }, from: 'assignment' },
  { key: 'minutes', type: 'time_to_event', event: 'purchase', role: 'secondary', window: '3d' },
  { key: 'late', type: 'proportion', event: 'converted', role: 'secondary', delay: '24h', window: '48h' },
  { key: 'mails', type: 'mean', event: 'opened', count: 'messages', role: 'secondary', cap: 1 },
  { key: 'ratio', type: 'ratio', event: 'purchase', count: 'value', denominator: { event: 'view', count: 'events' }, role: 'secondary', where: [{ property: 'category', op: 'ne', value: 'a' }] },
  { key: 'first', type: 'mean', event: 'cart', role: 'secondary', from: 'first_send', where: [{ property: 'tier', op: 'gte', value: 2 }] },
  { key: 'paid', type: 'proportion', event: 'purchase', role: 'secondary', where: [{ property: 'value', op: 'gt', value: 50 }, { property: 'currency', op: 'in', value: ['EUR', 'JPY'] }] },
]; // prettier-ignore

/** Some metrics of the pool, one that nobody thought of, and one that decides. */
export const anyMetrics: fc.Arbitrary<MetricInput[]> = fc
  .tuple(fc.subarray(metricPool, { minLength: 1, maxLength: 6 }), anyMetricDraft)
  .map(([some, odd]) => [
    { key: 'main', type: 'proportion', event: 'converted', role: 'primary', direction: 'increase' },
    ...some,
    { ...odd, key: 'odd' },
  ]);

/** Something that is told, before anybody knows of which message. */
export interface Told {
  readonly experiment: number;
  readonly person: number;
  readonly wave: number;
  readonly by: 'answer' | 'id' | 'wrong hint' | 'name' | 'recipient';
  readonly type: string;
  readonly hours: number;
  readonly cents: number | undefined;
  readonly currency: 'EUR' | 'USD' | 'JPY';
  readonly order: string | undefined;
  readonly target: number;
  readonly class: (typeof eventClasses)[number] | undefined;
  readonly category: string | undefined;
  readonly tier: number | undefined;
}

const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const likely = ['sent', 'converted', 'purchase', 'view', 'clicked', 'refund', 'void', 'opened'] as const;

export const anyTold: fc.Arbitrary<Told> = fc.record({
  experiment: fc.nat(1),
  person: fc.nat(people.length - 1),
  wave: fc.nat(waves.length - 1),
  by: fc.constantFrom('answer', 'id', 'wrong hint', 'name', 'recipient', 'recipient'),
  type: fc.constantFrom(...eventTypes, ...likely, 'exploded'),
  hours: fc
    .integer({ min: -60, max: 400 })
    .map((hours) => (hours > 100 ? Math.floor(hours / 24) * 24 : hours)),
  cents: fc.option(fc.integer({ min: -3_000, max: 20_000 }), { nil: undefined, freq: 3 }),
  currency: fc.constantFrom('EUR', 'EUR', 'USD', 'JPY'),
  order: some('o1', 'o2', 'o3'),
  target: fc.nat(60),
  class: some(...eventClasses),
  category: some('a', 'b', 'c'),
  tier: some(1, 2, 3),
});

const messageOnly = new Set(['sent', 'delivered', 'opened', 'clicked', 'bounced']);
const priced = new Set(['converted', 'purchase', 'view', 'cart', 'refund']);
const ordered = new Set(['converted', 'purchase', 'refund', 'cancel']);
const categorised = new Set(['converted', 'purchase', 'view', 'cart', 'click', 'clicked']);

function isAlone({ by, type }: Told): boolean {
  return by === 'recipient' && !messageOnly.has(type);
}

/** The fields that both the service and the reference read. */
function fieldsOf(told: Told, i: number) {
  const { type, hours, cents, currency, order, target, category, tier } = told;
  const size = cents === undefined ? undefined : type === 'refund' ? Math.abs(cents) : cents;
  const needsOrder = type === 'cancel' || (type === 'refund' && size === undefined);
  return {
    id: `e${i}`,
    type,
    at: start + hours * hour,
    value: priced.has(type) ? size : undefined,
    currency: priced.has(type) && size !== undefined ? currency : undefined,
    order: ordered.has(type) ? (order ?? (needsOrder ? 'o1' : undefined)) : undefined,
    target: type === 'void' ? `e${target}` : undefined,
    class: type === 'opened' || type === 'clicked' ? told.class : undefined,
    category: categorised.has(type) ? category : undefined,
    properties: tier === undefined ? undefined : { tier },
  };
}

/** The event as somebody would post it. @param answers message ids that have been given out so far, by `name`. */
export function toPosted(
  ctx: Context,
  told: Told,
  i: number,
  experiments: readonly string[],
  answers: ReadonlyMap<string, string>,
): object {
  const { value, currency, at, ...fields } = fieldsOf(told, i);
  const key = experiments[told.experiment]!;
  const recipient = people[told.person]!;
  const wave = waves[told.wave]!;
  const messageId = ctx.pseudonyms.messageId(key, ctx.pseudonyms.recipientKey(recipient), wave);
  const by = told.by === 'recipient' && !isAlone(told) ? 'answer' : told.by;
  const subject = {
    recipient: { recipient },
    name: { experiment: key, recipient, ...(wave !== '' && { wave }) },
    id: { messageId },
    'wrong hint': { messageId: `${messageId}.1` },
    answer: { messageId: answers.get(nameOf(told.experiment, recipient, wave)) ?? messageId },
  }[by];
  const text =
    value === undefined ? undefined : currency === 'JPY' ? String(value) : (value / 100).toFixed(2);
  const event = { ...fields, ...subject, at: new Date(at).toISOString(), value: text, currency };
  return Object.fromEntries(Object.entries(event).filter(([, one]) => one !== undefined));
}

export function nameOf(experiment: number, recipient: string, wave: string): string {
  return `${experiment} ${recipient} ${wave}`;
}

/** The cells that all of this comes to, by the reference; like those of `storedCells`. */
export async function naiveCells(
  ctx: Context,
  experiments: readonly string[],
  told: readonly Told[],
): Promise<Map<string, string>> {
  const cells = new Map<string, Record<keyof CellSums, bigint>>();
  for (const [e, key] of experiments.entries()) {
    const experiment = await findExperiment(ctx, key);
    for (const [p, person] of people.entries()) {
      const recipientKey = ctx.pseudonyms.recipientKey(person);
      const place = (await ctx
        .db('enrolments')
        .where({ experiment: key, recipient_key: recipientKey })
        .first()) as Place | undefined;
      if (place === undefined) continue;
      const given = await ctx.db('messages').where({ enrolment: place.id }).pluck<string[]>('wave');
      const raw = told.flatMap((one, i): RawEvent[] => {
        if (one.person !== p) return [];
        const { value, category, properties, ...fields } = fieldsOf(one, i);
        const alone = isAlone(one);
        if (!alone && (one.experiment !== e || !given.includes(waves[one.wave]!))) return [];
        const event = {
          ...fields,
          wave: alone ? undefined : waves[one.wave]!,
          cents: value === undefined ? undefined : BigInt(value),
          properties: { ...properties, ...(category !== undefined && { category }) },
        };
        return [
          Object.fromEntries(
            Object.entries(event).filter(([, field]) => field !== undefined),
          ) as unknown as RawEvent,
        ];
      });
      addTo(cells, experiment, place, raw);
    }
  }
  return asText(cells);
}

interface Place {
  id: string;
  arm: number;
  fold: number;
  allocation_version: number;
  cohorts: Record<string, string>;
  enrolled_at: Date;
}

function addTo(
  cells: Map<string, Record<keyof CellSums, bigint>>,
  experiment: Experiment,
  place: Place,
  raw: RawEvent[],
): void {
  const facts = naiveFacts(experiment, place.enrolled_at.getTime(), raw);
  const day = place.enrolled_at.toISOString().slice(0, 10);
  const count = (
    metric: string,
    cohort: string,
    value: string,
    uncut: bigint,
    d: bigint,
    x: bigint,
    cap?: number,
  ) => {
    const key = [
      experiment.key,
      metric,
      place.arm,
      place.allocation_version,
      cohort,
      value,
      place.fold,
      day,
    ].join('|');
    const cell =
      cells.get(key) ??
      (Object.fromEntries(cellSumNames.map((name) => [name, 0n])) as Record<keyof CellSums, bigint>);
    const y = cap !== undefined && uncut > BigInt(cap) ? BigInt(cap) : uncut;
    const added: Record<keyof CellSums, bigint> = {
      n: 1n, nonZero: y === 0n ? 0n : 1n, sum: y, sumSquares: y ** 2n, sumCubes: y ** 3n, sumD: d, sumDD: d * d, sumYD: y * d,
      sumX: x, sumXX: x * x, sumYX: y * x, sumDX: d * x, capped: uncut > y ? 1n : 0n, excess: uncut - y,
    }; // prettier-ignore
    for (const name of cellSumNames) cell[name] += added[name];
    cells.set(key, cell);
  };
  experiment.metrics.forEach((metric, i) => {
    for (const [cohort, value] of [['', ''], ...Object.entries(place.cohorts)] as [string, string][]) {
      count(metric.key, cohort, value, facts.y[i]!, facts.d[i]!, facts.x[i]!, metric.cap);
    }
  });
  stations.forEach(({ key }, i) => count(key, '', '', facts.stations[i] ? 1n : 0n, 0n, 0n));
}

function asText(cells: ReadonlyMap<string, CellSums>): Map<string, string> {
  const held = [...cells].filter(([, sums]) => cellSumNames.some((name) => sums[name] !== 0n));
  return new Map(
    held
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, sums]) => [key, cellSumNames.map((name) => `${name} ${sums[name]}`).join(', ')]),
  );
}

/** The cells as they are stored, in a form that can be compared; those of nothing but zeros are no cells. */
export async function storedCells(db: Knex, experiments: readonly string[]): Promise<Map<string, string>> {
  const cells = new Map<string, CellSums>();
  for (const key of experiments) {
    for (const { sums, metric, arm, allocationVersion, cohort, cohortValue, fold, day } of await selectCells(
      db,
      key,
    )) {
      cells.set([key, metric, arm, allocationVersion, cohort, cohortValue, fold, day].join('|'), sums);
    }
  }
  return asText(cells);
}
