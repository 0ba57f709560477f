import { readFileSync } from 'node:fs';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { enrol, makeEvents, openWorld } from './world.js';

/** Making all facts and cells again against one aggregation of the same raw events on the server, and how both grow. */

const sizes = (process.env['EVENTS'] ?? '100000,300000,1000000').split(',').map(Number);
const eventsPerRecipient = 5;
const rounds = Number(process.env['ROUNDS'] ?? 5);

/** First times and money inside the window, per recipient and then per arm: the least that an answer from raw events takes. */
const aggregation = `
  with sends as (
    select m.enrolment, min(v.at) as at from events v join messages m using (message_id) where v.type = 'sent' group by 1
  ), outcomes as (
    select e.id, e.arm, e.fold, e.cohorts ->> 'country' as country,
           bool_or(v.type in ('opened', 'clicked') and v.class = 'human') as opened, bool_or(v.type = 'clicked') as clicked,
           bool_or(v.type = 'converted') as converted, coalesce(sum(v.value) filter (where v.type = 'converted'), 0) as revenue
    from enrolments e
    join messages m on m.enrolment = e.id
    left join sends s on s.enrolment = e.id
    left join events v on v.message_id = m.message_id and v.at >= coalesce(s.at, e.enrolled_at)
      and v.at < coalesce(s.at, e.enrolled_at) + interval '14 days'
    where e.experiment = 'bench' group by e.id, e.arm, e.fold, e.cohorts
  )
  select arm, fold, country, count(*), count(*) filter (where opened), count(*) filter (where clicked),
         count(*) filter (where converted), sum(revenue), sum(revenue * revenue)
  from outcomes group by arm, fold, country`;

interface Cost {
  readonly wall: number;
  /** Of this process, and of the one on the server that serves it: what other work on the machine does not change. */
  readonly cpu: number;
}

/** Seconds that a process of this machine has computed; 0 where it cannot be seen. */
function cpuOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  } catch {
    return 0;
  }
}

async function cost(pid: number, work: () => Promise<unknown>): Promise<Cost> {
  const [start, here, there] = [performance.now(), process.cpuUsage(), cpuOf(pid)];
  await work();
  const wall = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(here);
  return { wall, cpu: (user + system) / 1e6 + cpuOf(pid) - there };
}

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

for (const total of sizes) {
  const world = await openWorld();
  try {
    const { ctx, database } = world;
    const ids = await enrol(ctx, 'bench', total / eventsPerRecipient);
    const events = makeEvents(ids, total);
    for (let i = 0; i < total; i += 5_000) await recordEvents(ctx, events.slice(i, i + 5_000));
    await database.knex.raw('vacuum analyze');
    const server = await database.knex.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
    const pid = server.rows[0]?.pid ?? 0;
    const aggregate = async (workers?: number) => {
      await database.knex.transaction(async (trx) => {
        await trx.raw("set local work_mem = '128MB'");
        if (workers !== undefined) await trx.raw(`set local max_parallel_workers_per_gather = ${workers}`);
        await trx.raw(aggregation);
      });
    };
    const costs: { one: Cost; ours: Cost }[] = [];
    let found = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { wall } = await cost(pid, () => aggregate());
      // What parallel workers compute is not in the figures of the process that they work for.
      const { cpu } = await cost(pid, () => aggregate(0));
      const ours = await cost(pid, async () => {
        for (const { differenceCount } of await rebuild(ctx)) found += differenceCount;
      });
      costs.push({ one: { wall, cpu }, ours });
    }
    const sizesOf = await database.knex.raw<{ rows: { name: string; bytes: number }[] }>(
      `select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class
       where relname in ('events', 'enrolments', 'messages', 'identities', 'decisions', 'profiles', 'cells')`,
    );
    const bytes = Object.fromEntries(sizesOf.rows.map((row) => [row.name, row.bytes]));
    const perRecipient = Object.entries(bytes)
      .filter(([name]) => name !== 'events' && name !== 'cells')
      .reduce((sum, [, size]) => sum + size, 0);
    const of = (which: 'wall' | 'cpu'): string => {
      const one = median(costs.map((each) => each.one[which]));
      const ours = median(costs.map((each) => each.ours[which]));
      const times = costs.map((each) => each.ours[which] / each.one[which]);
      return `${which} ${one.toFixed(2)} s, ${ours.toFixed(2)} s, ${median(times).toFixed(2)} times (${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)})`;
    };
    console.log(
      `${total} events: aggregation, rebuild: ${of('wall')}; ${of('cpu')}; ` +
        `${((bytes['events'] ?? 0) / total).toFixed(0)} bytes an event, ${(perRecipient / ids.length).toFixed(0)} a recipient, ${found} differences`,
    );
  } finally {
    await world.close();
  }
}
