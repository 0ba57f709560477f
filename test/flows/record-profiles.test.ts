import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { inTransaction } from '../../src/database/transaction.js';
import { expireQuarantine } from '../../src/flows/expire-quarantine.js';
import { mergeIntoProfiles } from '../../src/flows/merge-into-profiles.js';
import { recordProfiles } from '../../src/flows/record-profiles.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterEach(async () => {
  await emptyTables(database.knex);
  ctx.setTime('2026-03-01T09:00:00.000Z');
});
afterAll(() => database.close());

interface Stored {
  traits: Record<string, unknown>;
  origins: Record<string, [string, string]>;
}

async function storedProfiles(): Promise<Record<string, Stored>> {
  const rows = await database
    .knex('profiles')
    .join('identities', 'identities.recipient_key', 'profiles.recipient_key')
    .orderBy('recipient_id')
    .select<(Stored & { recipient_id: string })[]>('recipient_id', 'traits', 'origins');
  return Object.fromEntries(
    rows.map(({ recipient_id, traits, origins }) => [recipient_id, { traits, origins }]),
  );
}

describe('recordProfiles', () => {
  it('stores traits with their source and time', async () => {
    const answers = await recordProfiles(
      ctx,
      [
        {
          recipient: 'ada',
          traits: { country: 'AT', orders: 3 },
          at: '2026-02-01T10:00:00+01:00',
          source: 'crm',
        },
        { recipient: 'bob', traits: { vip: true } },
      ],
      { source: 'shop' },
    );
    expect(answers).toEqual([
      { index: 0, id: 'ada', status: 'recorded' },
      { index: 1, id: 'bob', status: 'recorded' },
    ]);
    expect(await storedProfiles()).toEqual({
      ada: {
        traits: { country: 'AT', orders: 3 },
        origins: {
          country: ['crm', '2026-02-01T09:00:00.000Z'],
          orders: ['crm', '2026-02-01T09:00:00.000Z'],
        },
      },
      bob: { traits: { vip: true }, origins: { vip: ['shop', '2026-03-01T09:00:00.000Z'] } },
    });
  });

  it('answers unchanged where a row says nothing new', async () => {
    const row = { recipient: 'ada', traits: { country: 'AT' }, at: '2026-02-02T00:00:00Z' };
    await recordProfiles(ctx, [row]);
    const older = { ...row, traits: { country: 'DE' }, at: '2026-02-01T00:00:00Z' };
    const answers = await recordProfiles(ctx, [row, older, { recipient: 'ada', traits: {} }]);
    expect(answers.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect((await storedProfiles())['ada']?.traits).toEqual({ country: 'AT' });
  });

  it('merges several rows of one recipient in the order of their times', async () => {
    const at = (day: number): string => `2026-02-0${day}T00:00:00Z`;
    const answers = await recordProfiles(ctx, [
      { recipient: 'ada', traits: { plan: 'c', city: null }, at: at(3) },
      { recipient: 'ada', traits: { plan: 'a', city: 'Wien' }, at: at(1) },
      { recipient: 'ada', traits: { plan: 'b' }, at: at(2) },
      { recipient: 'ada', traits: { plan: 'b' }, at: at(2) },
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded', 'unchanged']);
    expect((await storedProfiles())['ada']?.traits).toEqual({ plan: 'c' });
  });

  it('makes a trait unknown with null and does not let an older value back', async () => {
    const give = (plan: string | null, at: string) =>
      recordProfiles(ctx, [{ recipient: 'ada', traits: { plan }, at }]);
    await give('free', '2026-02-01T00:00:00Z');
    await give(null, '2026-02-03T00:00:00Z');
    await give('paid', '2026-02-02T00:00:00Z');
    expect(await storedProfiles()).toEqual({
      ada: { traits: {}, origins: { plan: ['api', '2026-02-03T00:00:00.000Z'] } },
    });
  });

  it('takes identify calls of customer data platforms', async () => {
    const answers = await recordProfiles(ctx, [
      {
        type: 'identify',
        userId: 'ada',
        traits: { email: 'ada@example.com', address: { city: 'Wien', country: 'AT' } },
        timestamp: '2026-02-01T00:00:00.123Z',
        messageId: 'x',
        context: { library: { name: 'analytics.js' } },
        integrations: {},
      },
      { type: 'identify', anonymousId: 'nobody', traits: { plan: 'free' } },
      { type: 'track', userId: 'ada', event: 'Order Completed' },
    ]);
    expect(answers).toMatchObject([
      { id: 'ada', status: 'recorded' },
      { status: 'refused', error: { path: 'recipient' } },
      { status: 'refused', error: { code: 'invalid_profile' } },
    ]);
    expect((await storedProfiles())['ada']).toEqual({
      traits: { email: 'ada@example.com', address_city: 'Wien', address_country: 'AT' },
      origins: {
        email: ['api', '2026-02-01T00:00:00.123Z'],
        address_city: ['api', '2026-02-01T00:00:00.123Z'],
        address_country: ['api', '2026-02-01T00:00:00.123Z'],
      },
    });
  });

  it('lets the given precedence decide', async () => {
    const options = { precedence: { country: ['crm', 'import'] } };
    const at = (day: number): string => `2026-02-0${day}T00:00:00Z`;
    await recordProfiles(
      ctx,
      [{ recipient: 'a', traits: { country: 'AT' }, source: 'crm', at: at(1) }],
      options,
    );
    await recordProfiles(
      ctx,
      [{ recipient: 'a', traits: { country: 'DE' }, source: 'import', at: at(2) }],
      options,
    );
    expect((await storedProfiles())['a']?.traits).toEqual({ country: 'AT' });
  });

  it('merges traits of a request for arms by the same rules', async () => {
    const key = ctx.pseudonyms.recipientKey('ada');
    await recordProfiles(ctx, [
      { recipient: 'ada', traits: { plan: 'free', city: 'Wien' }, at: '2026-03-01T12:00:00Z' },
    ]);
    const rows: { recipientKey: string; givenTraits: Record<string, string> }[] = [
      { recipientKey: key, givenTraits: { plan: 'paid', country: 'AT' } },
      { recipientKey: 'nobody', givenTraits: {} },
    ];
    await inTransaction(ctx.db, (trx) => mergeIntoProfiles(trx, rows, ctx.clock()));
    expect(await storedProfiles()).toEqual({
      ada: {
        traits: { plan: 'free', city: 'Wien', country: 'AT' },
        origins: {
          plan: ['api', '2026-03-01T12:00:00.000Z'],
          city: ['api', '2026-03-01T12:00:00.000Z'],
          country: ['assignment', '2026-03-01T09:00:00.000Z'],
        },
      },
    });
    expect(await database.knex('profiles').where({ recipient_key: 'nobody' })).toEqual([]);
  });

  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
  const hostile: [string, unknown, string | undefined, string][] = [
    ['null', null, undefined, 'invalid_profile'],
    ['a text', '<script>', undefined, 'invalid_profile'],
    ['a list', [], undefined, 'invalid_profile'],
    ['no recipient', { traits: {} }, 'recipient', 'invalid_profile'],
    ['an empty recipient', { recipient: '', traits: {} }, 'recipient', 'invalid_profile'],
    ['a long recipient', { recipient: 'x'.repeat(300), traits: {} }, 'recipient', 'invalid_profile'],
    ['NUL in the recipient', { recipient: 'a\0b', traits: {} }, 'recipient', 'invalid_profile'],
    ['half a surrogate', { recipient: 'a\ud800', traits: {} }, 'recipient', 'invalid_profile'],
    ['a number as recipient', { recipient: 7, traits: {} }, 'recipient', 'invalid_profile'],
    ['no traits', { recipient: 'ada' }, 'traits', 'invalid_traits'],
    ['a field too many', { recipient: 'ada', traits: {}, country: 'AT' }, undefined, 'invalid_profile'],
    ['traits too deep', { recipient: 'ada', traits: { a: deep } }, 'traits.a', 'invalid_traits'],
    [
      'a trait that is a list',
      { recipient: 'ada', traits: { 'a b': [1] } },
      'traits["a b"]',
      'invalid_traits',
    ],
    ['a number too large', { recipient: 'ada', traits: { a: Infinity } }, 'traits.a', 'invalid_traits'],
    ['NUL in a trait', { recipient: 'ada', traits: { a: '\0' } }, 'traits.a', 'invalid_traits'],
    ['a huge trait', { recipient: 'ada', traits: { a: 'x'.repeat(200_000) } }, 'traits.a', 'invalid_traits'],
    [
      'a bad e-mail address',
      { recipient: 'ada', traits: { ok: 1, email: 'x' } },
      'traits.email',
      'invalid_format',
    ],
    [
      'a birth date to come',
      { recipient: 'ada', traits: { birth_date: '2026-03-01' } },
      'traits.birth_date',
      'invalid_format',
    ],
    ['no zone', { recipient: 'ada', traits: {}, at: '2026-03-01T09:00:00' }, 'at', 'invalid_profile'],
    ['1970', { recipient: 'ada', traits: {}, at: '1970-01-01T00:00:00Z' }, 'at', 'invalid_time'],
    ['2999', { recipient: 'ada', traits: {}, at: '2999-01-01T00:00:00Z' }, 'at', 'invalid_time'],
    ['an empty source', { recipient: 'ada', traits: {}, source: '' }, 'source', 'invalid_profile'],
    ['a source with NUL', { recipient: 'ada', traits: {}, source: '\0' }, 'source', 'invalid_profile'],
  ];

  it.each(hostile)(
    'refuses %s and keeps the row in quarantine, beside a good one',
    async (_, row, path, code) => {
      const answers = await recordProfiles(
        ctx,
        [row, { recipient: 'bob', traits: { a: 1e308, '<b>': '\u0007' } }],
        {
          source: 'file',
          lines: [2, 7],
        },
      );
      expect(answers[0]).toMatchObject({ index: 0, status: 'refused', error: { code } });
      expect(answers[0]?.status === 'refused' && answers[0].error.path).toBe(path);
      expect(answers[1]).toEqual({ index: 1, id: 'bob', status: 'recorded' });
      expect((await storedProfiles())['bob']?.traits).toEqual({ a: 1e308, '<b>': '\u0007' });
      expect(Object.keys(await storedProfiles())).toEqual(['bob']);
      const kept = await database.knex('quarantine');
      expect(kept).toMatchObject([{ kind: 'profiles', source: 'file', code, path: path ?? null, line: '2' }]);
      expect(kept[0].row_text.length).toBeLessThanOrEqual(2_000);
    },
  );

  it('keeps at most a hundred refused rows of a call', async () => {
    await recordProfiles(
      ctx,
      Array.from({ length: 300 }, (_, i) => ({ nobody: i })),
    );
    const kept = await database.knex('quarantine').orderBy('id');
    expect(kept).toHaveLength(100);
    expect(kept[99].row_text).toBe('{"nobody":99}');
  });

  it('keeps names of objects apart from traits', async () => {
    const traits = JSON.parse('{"constructor": "x", "toString": "y", "hasOwnProperty": 1}') as object;
    await recordProfiles(ctx, [{ recipient: 'ada', traits }]);
    await recordProfiles(ctx, [{ recipient: 'ada', traits: { valueOf: true } }]);
    expect((await storedProfiles())['ada']?.traits).toEqual({ ...traits, valueOf: true });
  });

  it('loses nothing and locks nobody out when many write at once', async () => {
    const people = Array.from({ length: 40 }, (_, i) => `person-${i}`);
    const writers = Array.from({ length: 8 }, (_, writer) =>
      [...people]
        .sort(
          (a, b) =>
            ((writer * 7 + a.length * 3) % 5) - ((writer * 3 + b.length) % 7) || (writer % 2 ? 1 : -1),
        )
        .map((recipient) => ({
          recipient,
          traits: { [`by_${writer}`]: writer, last: writer },
          source: `w${writer}`,
        })),
    );
    const answers = await Promise.all(writers.map((rows) => recordProfiles(ctx, rows)));
    expect(answers.flat().filter(({ status }) => status === 'refused')).toEqual([]);
    const everything = { ...Object.fromEntries(writers.map((_, i) => [`by_${i}`, i])), last: 7 };
    const stored = await storedProfiles();
    expect(Object.keys(stored)).toHaveLength(40);
    for (const profile of Object.values(stored)) expect(profile.traits).toEqual(everything);
  });

  const row = fc.record({
    recipient: fc.constantFrom('ada', 'bob', 'eve'),
    traits: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 1, true, null)),
    source: fc.constantFrom('crm', 'import'),
    at: fc.integer({ min: 1, max: 4 }).map((day) => `2026-02-0${day}T00:00:00Z`),
  });
  const batched = fc
    .array(row, { minLength: 1, maxLength: 10 })
    .chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2, maxLength: rows.length * 2 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
      ),
    );

  it('makes the same profiles of the same rows, in any order, twice and in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(batched, async ([rows, again, size, atOnce]) => {
        await emptyTables(database.knex);
        await recordProfiles(ctx, rows);
        const once = await storedProfiles();
        await emptyTables(database.knex);
        const batches = Array.from({ length: Math.ceil(again.length / size) }, (_, i) =>
          again.slice(i * size, (i + 1) * size),
        );
        if (atOnce) await Promise.all(batches.map((batch) => recordProfiles(ctx, batch)));
        else for (const batch of batches) await recordProfiles(ctx, batch);
        expect(await storedProfiles()).toEqual(once);
      }),
      { numRuns: 25 },
    );
  });
});

describe('expireQuarantine', () => {
  it('removes what is older than thirty days', async () => {
    await recordProfiles(ctx, ['old']);
    ctx.setTime('2026-03-20T09:00:00.000Z');
    await recordProfiles(ctx, ['young']);
    ctx.setTime('2026-03-31T09:00:00.001Z');
    expect(await expireQuarantine(ctx)).toEqual({ rows: 1 });
    expect(await database.knex('quarantine').pluck('row_text')).toEqual(['young']);
  });

  it('keeps the latest ten thousand', async () => {
    await database.knex.raw(
      `insert into quarantine (kind, source, row_text, code, message, received_at)
       select 'events', 's', i::text, 'c', 'm', '2026-03-01T09:00:00Z' from generate_series(1, 10003) i`,
    );
    expect(await expireQuarantine(ctx)).toEqual({ rows: 3 });
    const [first] = await database.knex('quarantine').orderBy('id').limit(1);
    expect(first.row_text).toBe('4');
  });
});
