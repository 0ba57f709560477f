/** Run as a process of its own: writes rows into an embedded database and names each one that was acknowledged. */
import { openDatabase } from '../../src/database/open.js';
import { testLog } from '../support/log.js';

const { knex: db } = await openDatabase({ databaseUrl: undefined, dataDir: process.argv[2]! }, testLog);
await db.raw('create table if not exists written (id int primary key)');
for (let id = 1; ; id += 1) {
  await db.transaction((trx) => trx.raw('insert into written values (?)', [id]));
  process.stdout.write(`${id}\n`);
}
