import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../src/engagement/parse-event.js';
import { isPlainEvent } from '../../src/engagement/plain-event.js';

/** Long and short enough to fall on both sides of every limit. */
const text = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc
    .constantFrom(0, 1, 40, 41, 64, 65, 100, 101, 200, 201, 256, 257, 500, 501, 4_000, 4_001)
    .map((n) => 'x'.repeat(n)),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-02-29T10:00:00Z',
    '2024-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-03-01T10:00:00+01:00',
    '2026-03-01T10:00Z',
    '2026-03-01 10:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T10:00:00.123456789Z',
    '2026-03-01T10:00:00z',
    '2026-03-01T10:00:00Z\n',
  ),
);
const odd = fc.oneof(
  text,
  time,
  fc.double(),
  fc.constantFrom(null, undefined, true, NaN, Infinity, -0, 1n, [], {}, 'human'),
);
const properties = fc.oneof(
  fc.dictionary(
    fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('__proto__', 'toString', 'a.b', 'x'.repeat(65))),
    odd,
  ),
  fc
    .integer({ min: 29, max: 32 })
    .map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, i]))),
  fc.constant(JSON.parse('{"__proto__": 1}') as object),
  fc.constant(Object.create(null) as object),
);
const plain = fc.record(
  {
    id: text,
    type: fc.constantFrom('opened', 'my type: a/b', '1st', '', 'opened\n'),
    messageId: text,
    experiment: text,
    recipient: text,
    wave: text,
    at: time,
    value: fc.oneof(text, fc.double()),
    currency: fc.constantFrom('EUR', 'eur', 'EURO', 'EUR\n'),
    order: text,
    item: text,
    category: text,
    class: fc.constantFrom('human', 'scanner', 'Human', ''),
    url: text,
    target: text,
    properties,
  },
  { requiredKeys: [] },
);
/** Good in all, so that the few fields that are put in decide. */
const good = { id: 'e1', type: 'opened', messageId: 'm_1', at: '2026-03-01T10:00:00Z' };
const names = [...Object.keys(eventSchema.shape), '__proto__', 'Id', ''];
const nearly = fc
  .tuple(plain, fc.subarray(names, { maxLength: 2 }))
  .map(([fields, some]) => ({ ...good, ...pick(fields, some) }));
const spoilt = fc
  .record({ field: fc.constantFrom(...names), value: fc.oneof(odd, properties) })
  .map(
    ({ field, value }) => JSON.parse(JSON.stringify({ ...good, [field]: value }, textOfBigints)) as object,
  );

function pick(fields: Readonly<Record<string, unknown>>, some: readonly string[]): object {
  return Object.fromEntries(some.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
}

function textOfBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

describe('a plain event', () => {
  it('is one for the schema too, which gives it back as it is', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.oneof(nearly, nearly, spoilt, plain, odd, properties), (input) => {
        if (!isPlainEvent(input)) return;
        found += 1;
        const parsed = eventSchema.parse(input);
        expect(parsed).toEqual(input);
        expect(Object.keys(parsed).sort()).toEqual(Object.keys(input).sort());
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('is every good row that JSON or a file can hold', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, spoilt), (input) => {
        const parsed = eventSchema.safeParse(input);
        if (parsed.success) expect(isPlainEvent(JSON.parse(JSON.stringify(parsed.data)))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has no inherited fields', () => {
    class Row {
      readonly id = 'e1';
      readonly type = 'opened';
      readonly at = good.at;
    }
    expect(isPlainEvent(Object.create(good))).toBe(false);
    expect(isPlainEvent(new Row())).toBe(false);
    expect(isPlainEvent(good)).toBe(true);
  });
});
