import fc from 'fast-check';

import type { Condition } from '../../../src/profiles/conditions/condition.js';
import type { Behaviour, Profile } from '../../../src/profiles/history.js';

/** Conditions and profiles in which everything that can go wrong comes up often: few values, close times, odd calendars. */

export const segments = new Map<string, Condition>([
  ['buyers@1', { event: 'purchase', measure: 'count', op: 'gte', value: 1, within: '2d' }],
  ['plus@1', { all: [{ segment: 'buyers@1' }, { trait: 'a', op: 'exists' }] }],
]);

const scalar = fc.constantFrom<string | number | boolean>('x', 'xy', 1, 2, 2.5, true);
const number = fc.constantFrom(0, 1, 2, 2.5);
const range = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as [number, number]);

const valueTest = fc.oneof(
  fc.record({ op: fc.constantFrom('exists', 'missing') }),
  fc.record({ op: fc.constantFrom('eq', 'ne'), value: scalar }),
  fc.record({ op: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), value: number }),
  fc.record({ op: fc.constant('between'), value: range }),
  fc.record({
    op: fc.constantFrom('contains', 'starts_with', 'ends_with'),
    value: fc.constantFrom('x', 'y', 'xy'),
  }),
  fc.record({ op: fc.constant('matches'), value: fc.constantFrom('*', 'x*', '?', '*y', '??') }),
);

const within = fc.constantFrom('1h', '24h', '1d', '2d', '30d', '1mo', '2mo', '12mo');

const traitLeaf = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b'), valueTest).map(([trait, test]) => ({ trait, ...test })),
  fc.record({
    trait: fc.constant('since'),
    op: fc.constantFrom('before', 'after'),
    value: fc.constantFrom('2026-03-29', '2026-03-29T02:30', '2026-03-29T01:30:00Z'),
  }),
  fc.record({ trait: fc.constant('since'), op: fc.constant('within_last'), value: within }),
);

const filter = fc
  .tuple(fc.constantFrom('item', 'category', 'value', 'currency', 'size', 'constructor'), valueTest)
  .map(([property, test]) => ({ property, ...test }));

const question = fc.record(
  {
    event: fc.constantFrom('purchase', 'view', 'opened'),
    where: fc.array(filter, { minLength: 1, maxLength: 2 }),
    within,
  },
  { requiredKeys: ['event'] },
);
const order = fc.constantFrom('gt', 'gte', 'lt', 'lte');
const whole = fc.nat(3);
const counted = fc.oneof(
  fc.record({ op: fc.oneof(order, fc.constantFrom('eq', 'ne')), value: whole }),
  fc.tuple(whole, whole).map(([a, b]) => ({ op: 'between', value: [Math.min(a, b), Math.max(a, b)] })),
);
const days = fc.oneof(
  fc.record({ op: order, value: fc.constantFrom(0, 1, 2, 29, 30, 31, 60) }),
  fc.constantFrom({ op: 'between', value: [1, 2] }, { op: 'between', value: [0, 30] }),
);

const eventLeaf = fc.oneof(
  fc.tuple(question, counted).map(([asked, test]) => ({ ...asked, measure: 'count', ...test })),
  fc
    .tuple(question, fc.constantFrom('item', 'size', 'value'), counted)
    .map(([asked, property, test]) => ({ ...asked, measure: 'distinct', property, ...test })),
  fc
    .tuple(question, fc.record({ op: order, value: fc.constantFrom(0, 19.99, 39.98, 20) }))
    .map(([asked, test]) => ({ ...asked, measure: 'sum', property: 'value', currency: 'EUR', ...test })),
  fc
    .tuple(question, counted)
    .map(([asked, test]) => ({ ...asked, measure: 'sum', property: 'size', ...test })),
  fc
    .tuple(question, fc.constantFrom('days_since_last', 'days_since_first'), days)
    .map(([asked, measure, test]) => ({ ...asked, measure, ...test })),
);

const leaf = fc.oneof(
  { weight: 2, arbitrary: traitLeaf },
  { weight: 5, arbitrary: eventLeaf },
  { weight: 1, arbitrary: fc.record({ segment: fc.constantFrom('buyers@1', 'plus@1') }) },
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
}));

/** A condition as it may be written: not yet in its canonical form. */
export const anyCondition: fc.Arbitrary<unknown> = tree;

/** Clocks about the days on which calendars are odd: clocks put forward and back, short months, a leap day. */
export const anyClock = fc
  .tuple(
    fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-31T00:00Z', '2024-02-29T12:00Z', '2026-04-30T22:00Z'),
    fc.integer({ min: -40, max: 40 }),
    fc.constantFrom(0, 1, 1_800_000, 86_399_999),
  )
  .map(([date, hours, ms]) => Date.parse(date) + hours * 3_600_000 + ms); // prettier-ignore

const behaviour = fc.record(
  {
    type: fc.constantFrom('purchase', 'view', 'opened'),
    /** Before the clock, in quarters of an hour and on the edges of windows. */
    ago: fc.oneof(
      fc.integer({ min: -300, max: 300 }).map((quarters) => quarters * 900_000),
      fc.tuple(fc.constantFrom(1, 2, 28, 29, 30, 31, 59, 60, 61, 365), fc.constantFrom(-3_600_000, -1, 0, 1, 3_600_000))
        .map(([day, ms]) => day * 86_400_000 + ms),
    ),
    class: fc.constantFrom('human', 'scanner'),
    value: fc.constantFrom(1999, 2000, 0, 999_999_999_999_999),
    currency: fc.constantFrom('EUR', 'USD'),
    item: fc.constantFrom('x', 'xy'),
    category: fc.constantFrom('x', 'y'),
    properties: fc.constantFrom({ size: 1 }, { size: '1' }, { size: 2.5 }, { size: null }, {}),
  },
  { requiredKeys: ['type', 'ago'] },
); // prettier-ignore

const zones = [
  'Europe/Vienna',
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'no/zone',
];
const traits = fc.record(
  {
    a: fc.oneof(scalar, fc.constant(null)),
    b: scalar,
    since: fc.constantFrom('2026-03-28', '2026-03-29T02:30', '2026-03-01T00:00:00+02:00', 'never', 5),
    timezone: fc.constantFrom(...zones),
  },
  { requiredKeys: [] },
);

export const anyMoment: fc.Arbitrary<{ readonly profile: Profile; readonly clock: number }> = fc
  .tuple(anyClock, traits, fc.array(behaviour, { maxLength: 8 }))
  .map(([clock, known, events]) => ({
    clock,
    profile: {
      traits: known,
      history: events
        .map(({ ago, ...rest }, i): Behaviour => ({ id: `e${i}`, at: clock - ago, ...rest }))
        .sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)),
    },
  }));
