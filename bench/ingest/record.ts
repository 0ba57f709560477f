import { recordEvents } from '../../src/flows/record-events.js';
import { bareInsert, type Incoming } from './bare.js';
import { type CpuTime, cpuClock } from './cpu.js';
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
  const cpu = await cpuClock(database.knex);
  const none = { wall: 0, own: 0, server: 0 };
  let sums = { bare: none, ours: none };
  const timed = async (sum: typeof none, work: () => Promise<void>): Promise<typeof none> => {
    const [start, before] = [performance.now(), cpu()];
    await work();
    const after: CpuTime = cpu();
    return {
      wall: sum.wall + performance.now() - start,
      own: sum.own + after.own - before.own,
      server: sum.server + after.server - before.server,
    };
  };
  let shown = 0;
  for (let i = 0; i < total; i += batch) {
    const rows = events.slice(i, i + batch);
    const bare = await timed(sums.bare, () => bareInsert(database.knex, rows));
    const ours = await timed(sums.ours, async () => {
      const answers = await recordEvents(ctx, rows);
      const wrong = answers.find((answer) => answer.status !== 'recorded');
      if (wrong) throw new Error(JSON.stringify(wrong));
    });
    sums = { bare, ours };
    if ((i + batch) % (total / 5) !== 0) continue;
    const n = (i + batch - shown) / batch;
    const each = ({ wall, own, server }: typeof none): string =>
      `${(wall / n).toFixed(1)} ms (processor: Node ${(own / n).toFixed(0)}, server ${(server / n).toFixed(0)})`;
    const share = (of: (sum: typeof none) => number): string =>
      `${((100 * of(bare)) / of(ours)).toFixed(1)} %`;
    console.log(
      `${i + batch} events: bare ${each(bare)}, ours ${each(ours)} a batch, ratio ${share((sum) => sum.wall)}, of processor time ${share((sum) => sum.own + sum.server)}`,
    );
    sums = { bare: none, ours: none };
    shown = i + batch;
  }
} finally {
  await world.close();
}
