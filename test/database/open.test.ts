import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { emptyTables, openTestDatabase } from '../support/database.js';

describe('an open database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  test('gives the same types whatever the server', async () => {
    const { rows } = await database.knex.raw<{ rows: unknown[] }>(
      `select count(*) as count, 1.50::numeric as amount, 0.5::float8 as share, date '2026-02-03' as day,
        timestamptz '2026-02-03 04:05:06+02' as moment, array[1.50::numeric] as amounts, '{"a":1}'::jsonb as data,
        current_setting('timezone') as zone`,
    );
    expect(rows[0]).toEqual({
      count: '1',
      amount: '1.50',
      share: 0.5,
      day: '2026-02-03',
      moment: new Date('2026-02-03T02:05:06Z'),
      amounts: ['1.50'],
      data: { a: 1 },
      zone: 'UTC',
    });
  });

  test('can be emptied between tests', async () => {
    await database.knex.raw('create table "Odd name" (id bigserial)');
    await database.knex.raw('insert into "Odd name" default values');
    await emptyTables(database.knex);
    expect(await database.knex('Odd name')).toEqual([]);
    await database.knex.raw('insert into "Odd name" default values');
    const { rows } = await database.knex.raw<{ rows: unknown[] }>(
      'select (select id from "Odd name") as first, (select count(*) from knex_migrations_lock) as kept',
    );
    expect(rows[0]).toEqual({ first: '1', kept: '1' });
  });
});
