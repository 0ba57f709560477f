import { recordEvents } from '../../src/flows/record-events.js';
import { bareInsert, type Incoming } from './bare.js';
import { enrol, makeEvents, openWorld } from './world.js';

/** Recording events, with facts and cells, against the bare idempotent insert of the same rows. */

const recipients = Number(process.env['RECIPIENTS'] ?? 200_000);
const total = Number(process.env['EVENTS'] ?? 300_000);
const batch = 5_000;

const world = await openWorld();
try {
  const { ctx, database } = world;
  const ids = await enrol(ctx, 'bench', recipients);
  await database.knex.raw('create table bare (like events including defaults)');
  await database.knex.raw('alter table bare add primary key (id)');
  await database.knex.raw('vacuum analyze');
  const events = makeEvents(ids, total) as Incoming[];
  const sums = { bare: 0, ours: 0 };
  let shown = 0;
  for (let i = 0; i < total; i += batch) {
    const rows = events.slice(i, i + batch);
    let start = performance.now();
    await bareInsert(database.knex, rows);
    sums.bare += performance.now() - start;
    start = performance.now();
    const answers = await recordEvents(ctx, rows);
    sums.ours += performance.now() - start;
    if (answers.some((answer) => answer.status !== 'recorded'))
      throw new Error(JSON.stringify(answers.find((a) => a.status !== 'recorded')));
    if ((i + batch) % (total / 5) === 0) {
      const n = (i + batch - shown) / batch;
      console.log(
        `${i + batch} events: bare ${(sums.bare / n).toFixed(1)} ms, ours ${(sums.ours / n).toFixed(1)} ms a batch, ratio ${((100 * sums.bare) / sums.ours).toFixed(1)} %`,
      );
      sums.bare = 0;
      sums.ours = 0;
      shown = i + batch;
    }
  }
} finally {
  await world.close();
}
