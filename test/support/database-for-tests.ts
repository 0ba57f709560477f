import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { emptyTables, openTestDatabase } from './database.js';

/** A database for the tests of a file or group, open from the first to the last of them and empty before each. */
export function databaseForTests(): { readonly knex: Knex } {
  let database: Database | undefined;
  const opened = (): Database => {
    if (database === undefined) throw new Error('The database is open while tests run, not before.');
    return database;
  };
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(() => emptyTables(opened().knex));
  afterAll(() => database?.close());
  return {
    get knex() {
      return opened().knex;
    },
  };
}
