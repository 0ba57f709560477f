import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { recordItems } from '../../src/flows/record-items.js';
import { emptyTables, openTestDatabase } from '../support/database.js';
import { testContext, type TestContext } from '../support/context.js';

let database: Database;
let ctx: TestContext;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = testContext(database.knex);
});
afterEach(() => emptyTables(database.knex));
afterAll(() => database.close());

const storedItems = (): Promise<Record<string, unknown>[]> => database.knex('items').orderBy('item');

describe('recordItems', () => {
  it('stores an item with its money exact', async () => {
    const answers = await recordItems(
      ctx,
      [
        {
          item: 'sku-1',
          title: 'Red <shoes>',
          category: 'shoes',
          price: '90071992547.41',
          currency: 'EUR',
          priceTier: 3,
          stock: 12,
          attributes: { size: 42, colour: 'red' },
          at: '2026-02-01T10:00:00+01:00',
        },
        { item: 'yen', price: 1980, currency: 'JPY' },
        { item: 'dinar', price: 1.234, currency: 'KWD', source: 'erp' },
        { item: 'bare' },
      ],
      { source: 'shop' },
    );
    expect(answers.map(({ status }) => status)).toEqual(['recorded', 'recorded', 'recorded', 'recorded']);
    expect(await storedItems()).toEqual([
      expect.objectContaining({ item: 'bare', title: null, price: null, attributes: null, source: 'shop' }),
      expect.objectContaining({ item: 'dinar', price: '1234', source: 'erp' }),
      {
        item: 'sku-1',
        title: 'Red <shoes>',
        category: 'shoes',
        price: '9007199254741',
        currency: 'EUR',
        price_tier: 3,
        stock: '12',
        attributes: { colour: 'red', size: 42 },
        source: 'shop',
        updated_at: new Date('2026-02-01T09:00:00.000Z'),
      },
      expect.objectContaining({ item: 'yen', price: '1980', updated_at: ctx.clock() }),
    ]);
  });

  it('lets the later row win as a whole', async () => {
    const give = (at: number, rest: object) =>
      recordItems(ctx, [{ item: 'a', at: `2026-02-0${at}T00:00:00Z`, ...rest }]);
    await give(2, { title: 'two', stock: 2 });
    expect(await give(1, { title: 'one', category: 'shoes' })).toMatchObject([{ status: 'unchanged' }]);
    expect(await give(2, { title: 'two', stock: 2 })).toMatchObject([{ status: 'unchanged' }]);
    expect(await storedItems()).toMatchObject([{ title: 'two', stock: '2', category: null }]);
    expect(await give(3, { category: 'hats' })).toMatchObject([{ status: 'recorded' }]);
    expect(await storedItems()).toMatchObject([{ title: null, stock: null, category: 'hats' }]);
  });

  it('takes the greater source of the same time, also where both say the same', async () => {
    const rows = ['erp', 'shop', 'api'].map((source) => ({
      item: 'a',
      title: 'x',
      at: '2026-02-01T00:00:00Z',
      source,
    }));
    for (const row of rows) await recordItems(ctx, [row]);
    expect(await storedItems()).toMatchObject([{ source: 'shop' }]);
  });

  const hostile: [string, unknown, string | undefined, string][] = [
    ['null', null, undefined, 'invalid_item'],
    ['a list', [], undefined, 'invalid_item'],
    ['no id', { title: 'x' }, 'item', 'invalid_item'],
    ['an empty id', { item: '' }, 'item', 'invalid_item'],
    ['a long id', { item: 'x'.repeat(201) }, 'item', 'invalid_item'],
    ['NUL in the title', { item: 'a', title: '\0' }, 'title', 'invalid_item'],
    ['half a surrogate', { item: 'a', category: '\ud800' }, 'category', 'invalid_item'],
    ['a price without currency', { item: 'a', price: 1 }, 'currency', 'invalid_item'],
    ['a currency without price', { item: 'a', currency: 'EUR' }, 'price', 'invalid_item'],
    ['a currency in small letters', { item: 'a', price: 1, currency: 'eur' }, 'currency', 'invalid_item'],
    ['a fraction of a cent', { item: 'a', price: '1.999', currency: 'EUR' }, 'price', 'invalid_amount'],
    ['a negative price', { item: 'a', price: -1, currency: 'EUR' }, 'price', 'invalid_amount'],
    ['1e308', { item: 'a', price: 1e308, currency: 'EUR' }, 'price', 'invalid_amount'],
    [
      'too many digits',
      { item: 'a', price: Number('12345678901234.567'), currency: 'EUR' },
      'price',
      'invalid_amount',
    ],
    ['an amount in words', { item: 'a', price: 'free', currency: 'EUR' }, 'price', 'invalid_amount'],
    ['NaN', { item: 'a', price: NaN, currency: 'EUR' }, 'price', 'invalid_item'],
    ['half a piece', { item: 'a', stock: 0.5 }, 'stock', 'invalid_item'],
    ['fewer than none', { item: 'a', stock: -1 }, 'stock', 'invalid_item'],
    ['a huge stock', { item: 'a', stock: 1e15 }, 'stock', 'invalid_item'],
    ['a price tier in words', { item: 'a', priceTier: 'high' }, 'priceTier', 'invalid_item'],
    ['nested attributes', { item: 'a', attributes: { b: { c: 1 } } }, 'attributes.b', 'invalid_item'],
    ['attributes that are a list', { item: 'a', attributes: [] }, 'attributes', 'invalid_item'],
    [
      'a prototype',
      JSON.parse('{"item": "a", "attributes": {"__proto__": 1}}'),
      'attributes.__proto__',
      'invalid_item',
    ],
    ['a field too many', { item: 'a', colour: 'red' }, undefined, 'invalid_item'],
    ['2999', { item: 'a', at: '2999-01-01T00:00:00Z' }, 'at', 'invalid_time'],
    ['a time without zone', { item: 'a', at: '2026-01-01' }, 'at', 'invalid_item'],
  ];

  it.each(hostile)(
    'refuses %s beside a good one, with the reason in quarantine',
    async (_, row, path, code) => {
      const answers = await recordItems(ctx, [{ item: 'good' }, row], { lines: [10, 11] });
      expect(answers[0]).toMatchObject({ status: 'recorded' });
      expect(answers[1]).toMatchObject({ index: 1, status: 'refused', error: { code } });
      expect(answers[1]?.status === 'refused' && answers[1].error.path).toBe(path);
      expect(await storedItems()).toMatchObject([{ item: 'good' }]);
      expect(await database.knex('quarantine')).toMatchObject([
        { kind: 'items', code, path: path ?? null, line: '11' },
      ]);
    },
  );

  const row = fc.record({
    item: fc.constantFrom('a', 'b', '😀', '\ue000'),
    title: fc.option(fc.constantFrom('x', 'y', '😀', '\ue000'), { nil: undefined }),
    stock: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    source: fc.constantFrom('erp', 'shop'),
    at: fc.integer({ min: 1, max: 3 }).map((day) => `2026-02-0${day}T00:00:00Z`),
  });
  const batched = fc
    .array(row, { minLength: 1, maxLength: 10 })
    .chain((rows) =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2, maxLength: rows.length * 2 }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );

  it('makes the same catalogue of the same rows, in any order, twice, in any batches and all at once', async () => {
    await fc.assert(
      fc.asyncProperty(batched, async ([rows, again, size]) => {
        await emptyTables(database.knex);
        await recordItems(ctx, rows);
        const once = await storedItems();
        await emptyTables(database.knex);
        const batches = Array.from({ length: Math.ceil(again.length / size) }, (_, i) =>
          again.slice(i * size, (i + 1) * size),
        );
        await Promise.all(batches.map((batch) => recordItems(ctx, batch)));
        expect(await storedItems()).toEqual(once);
      }),
      { numRuns: 25 },
    );
  });
});
