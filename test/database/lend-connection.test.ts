import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { Knex } from 'knex';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { borrowConnection } from '../../src/database/borrow-connection.js';
import { lendConnection } from '../../src/database/lend-connection.js';
import type { LoanAnswer } from '../../src/database/loan.js';
import type { Database } from '../../src/database/open.js';
import { inTransaction } from '../../src/database/transaction.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

/** A connection that another thread borrows; here both ends are in one, for what travels is the same. */

let database: Database;
let borrowed: Knex;
let takeBack: () => Promise<void>;
let [lender, borrower]: [MessagePort, MessagePort] = [] as never;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyTables(database.knex);
  const { port1, port2 } = new MessageChannel();
  [lender, borrower] = [port1, port2];
  takeBack = lendConnection(database.knex, port1 as unknown as Worker);
  borrowed = borrowConnection(port2);
});
afterEach(async () => {
  await takeBack();
  lender.close();
  borrower.close();
});

const content = (hash: string) => ({ hash, slots: '{}' });
const hashes = async (db: Knex): Promise<string[]> =>
  (await db<{ hash: string }>('contents').select('hash').orderBy('hash')).map(({ hash }) => hash);

describe('a borrowed connection', () => {
  it('answers as the lender would: types, arrays of columns, and how many rows', async () => {
    const text = `select 1::int as n, null as nothing, 'ä€'::text as words, ?::timestamptz as at, array[1, 2] as list, '{"a": [1]}'::json as doc`;
    const at = new Date('2026-03-01T09:00:00.000Z');
    const there = await borrowed.raw<{ rows: object[] }>(text, [at]);
    const here = await database.knex.raw<{ rows: object[] }>(text, [at]);
    expect(there.rows).toEqual(here.rows);
    expect(there.rows[0]).toMatchObject({ n: 1, nothing: null, at, list: [1, 2], doc: { a: [1] } });
    await borrowed('contents').insert([content('a'), content('b')]);
    expect(await borrowed('contents').where({ hash: 'a' }).delete()).toBe(1);
    expect(await hashes(database.knex)).toEqual(['b']);
  });

  it('passes on what the database refuses, with its code, and goes on', async () => {
    await borrowed('contents').insert(content('a'));
    await expect(borrowed('contents').insert(content('a'))).rejects.toMatchObject({
      code: '23505',
      constraint: 'contents_pkey',
    });
    await expect(borrowed.raw('select nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await hashes(borrowed)).toEqual(['a']);
  });

  it('commits a transaction whole, takes one back whole, and lets others in between', async () => {
    await inTransaction(borrowed, (trx) => trx('contents').insert([content('a'), content('b')]));
    const failing = inTransaction(borrowed, async (trx) => {
      await trx('contents').insert(content('c'));
      throw new Error('enough');
    });
    await expect(failing).rejects.toThrow('enough');
    await Promise.all([
      database.knex('contents').insert(content('of the lender')),
      borrowed('contents').insert(content('of the borrower')),
    ]);
    expect(await hashes(database.knex)).toEqual(['a', 'b', 'of the borrower', 'of the lender']);
  });

  it('takes turns: who asks meanwhile waits for the end of the transaction', async () => {
    const order: string[] = [];
    const second = async (): Promise<void> => {
      await borrowed('contents').insert(content('b'));
      order.push('second');
    };
    let waiting: Promise<void> = Promise.resolve();
    await inTransaction(borrowed, async (trx) => {
      await trx('contents').insert(content('a'));
      waiting = second();
      await sleep(50);
      order.push('first');
    });
    await waiting;
    expect(order).toEqual(['first', 'second']);
  });
});

describe('a connection that is taken back', () => {
  it('in the middle of a transaction leaves nothing of it, and the database is free', async () => {
    const open = await borrowed.transaction();
    await open('contents').insert(content('half'));
    await takeBack();
    expect(await hashes(database.knex)).toEqual([]);
    await inTransaction(database.knex, (trx) => trx('contents').insert(content('whole')));
    expect(await hashes(database.knex)).toEqual(['whole']);
  });

  it('is taken back once the statement that runs has ended, and lends nothing more', async () => {
    const answers: LoanAnswer[] = [];
    borrower.on('message', (answer: LoanAnswer) => answers.push(answer));
    borrower.postMessage({ loan: 'acquire', id: 101 });
    const statement = { text: `insert into contents values ('late', '{}')`, values: [] };
    borrower.postMessage({ loan: 'query', id: 102, statement });
    await once(borrower, 'message');
    await takeBack();
    borrower.postMessage({ loan: 'query', id: 103, statement });
    borrower.postMessage({ loan: 'acquire', id: 104 });
    await database.knex('contents').insert(content('after'));
    expect(answers.map(({ id }) => id)).not.toContain(103);
    expect(answers.map(({ id }) => id)).not.toContain(104);
    expect(await hashes(database.knex)).toContain('after');
  });

  it('may be taken back twice, or where nothing was lent', async () => {
    await takeBack();
    await takeBack();
    expect(await hashes(database.knex)).toEqual([]);
  });

  it('refuses a statement that comes without one', async () => {
    borrower.postMessage({ loan: 'query', id: 7, statement: { text: 'select 1', values: [] } });
    const [answer] = (await once(borrower, 'message')) as [LoanAnswer];
    expect(answer).toMatchObject({ loan: 'refusal', id: 7 });
    expect(await hashes(borrowed)).toEqual([]);
  });
});
