import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchAll } from '../../src/database/fetch-all.js';
import type { Database } from '../../src/database/open.js';
import { openTestDatabase } from '../support/database.js';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.knex.raw('create table seen (i int)');
});
afterAll(() => database.close());

const numbers = 'select i from generate_series(1, ?::int) i';
const toNumber = (rows: { i: number }[]): number[] => rows.map((row) => row.i);

describe('all rows of a query', () => {
  it.each([0, 1, 9, 10, 11, 20, 25])('come batch by batch, each once: %i in tens', async (count) => {
    const batches: number[][] = [];
    await database.knex.transaction(async (trx) => {
      for await (const batch of fetchAll(trx, numbers, [count], 10, toNumber)) batches.push(batch);
    });
    expect(batches.flat()).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(batches.slice(0, -1).every((batch) => batch.length === 10)).toBe(true);
  });

  it('leave room for other statements between batches, and no statement in the way of them', async () => {
    let running = 0;
    const whileRead: number[] = [];
    const whileAsked: number[] = [];
    await database.knex.transaction(async (trx) => {
      const raw = async (sql: string, bindings: Knex.RawBinding[] = []): Promise<unknown> => {
        running += 1;
        return trx.raw(sql, bindings).finally(() => (running -= 1));
      };
      const read = (rows: { i: number }[]): number[] => {
        whileRead.push(running);
        return toNumber(rows);
      };
      for await (const batch of fetchAll({ raw } as unknown as Knex, numbers, [35], 10, read)) {
        whileAsked.push(running);
        await trx.raw('insert into seen select unnest(?::int[])', [batch]);
      }
    });
    expect(whileRead, 'the next one is on its way').toEqual([1, 1, 1, 0]);
    expect(whileAsked).toEqual([0, 0, 0, 0]);
    expect(await database.knex('seen').count()).toEqual([{ count: '35' }]);
  });

  it('may stop being asked for, and an error of the reader is the error', async () => {
    const begun = await database.knex.transaction(async (trx) => {
      for await (const batch of fetchAll(trx, numbers, [100], 10, toNumber)) return batch.length;
      return 0;
    });
    expect(begun).toBe(10);
    const read = async (): Promise<void> => {
      await database.knex.transaction(async (trx) => {
        const fail = (): never[] => {
          throw new Error('cannot be read');
        };
        for await (const batch of fetchAll(trx, numbers, [100], 10, fail)) expect(batch).toEqual([]);
      });
    };
    await expect(read()).rejects.toThrow('cannot be read');
    const broken = database.knex.transaction(async (trx) => {
      const sql = 'select 1 / (15 - i) as i from generate_series(1, 100) i';
      for await (const batch of fetchAll(trx, sql, [], 10, toNumber)) expect(batch).toHaveLength(10);
    });
    await expect(broken).rejects.toThrow('division by zero');
  });
});
