import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { inTransaction } from '../../src/database/transaction.js';
import { openTestDatabase } from '../support/database.js';

const quick = { baseDelayMs: 1, chance: () => 0.5 };

describe('a transaction', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
    await database.knex.raw('create table account (id int primary key, amount int not null)');
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.knex.raw('truncate account; insert into account values (1, 0), (2, 0)');
  });

  const fail = (code: string) => `do $$ begin raise exception 'made up' using errcode = '${code}'; end $$`;

  test('commits and answers what the work answered', async () => {
    expect(
      await inTransaction(database.knex, async (trx) =>
        trx('account').where({ id: 1 }).update({ amount: 5 }),
      ),
    ).toBe(1);
    expect(await database.knex('account').where({ id: 1 }).first()).toEqual({ id: 1, amount: 5 });
  });

  test.each(['40P01', '40001'])(
    'is tried again after %s, with nothing left of the first try',
    async (code) => {
      let tries = 0;
      const work = inTransaction(
        database.knex,
        async (trx) => {
          tries += 1;
          await trx('account').increment('amount', 1);
          if (tries < 3) await trx.raw(fail(code));
        },
        quick,
      );
      await work;
      expect(tries).toBe(3);
      expect(await database.knex('account').pluck<number[]>('amount')).toEqual([1, 1]);
    },
  );

  test('gives up after its attempts', async () => {
    let tries = 0;
    const work = inTransaction(
      database.knex,
      async (trx) => {
        tries += 1;
        await trx.raw(fail('40P01'));
      },
      { ...quick, attempts: 3 },
    );
    await expect(work).rejects.toMatchObject({ code: '40P01' });
    expect(tries).toBe(3);
  });

  test('is not tried again after any other error', async () => {
    let tries = 0;
    const work = inTransaction(database.knex, async (trx) => {
      tries += 1;
      await trx('account').insert({ id: 1, amount: 0 });
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(tries).toBe(1);
  });

  test('outlives a real deadlock', async ({ skip }) => {
    if (database.kind === 'embedded') skip('the embedded database has one connection and so no deadlocks');
    const both = (first: number, second: number) =>
      inTransaction(database.knex, async (trx) => {
        await trx('account').where({ id: first }).increment('amount', 1);
        await trx.raw('select pg_sleep(0.1)');
        await trx('account').where({ id: second }).increment('amount', 1);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect(await database.knex('account').pluck<number[]>('amount')).toEqual([2, 2]);
  });
});
