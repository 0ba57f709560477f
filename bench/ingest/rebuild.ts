import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { enrol, makeEvents, openWorld } from './world.js';

/** Making all facts and cells again against one aggregation of the same raw events on the server, and how both grow. */

const sizes = (process.env['EVENTS'] ?? '100000,300000,1000000').split(',').map(Number);
const eventsPerRecipient = 5;

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

for (const total of sizes) {
  const world = await openWorld();
  try {
    const { ctx, database } = world;
    const ids = await enrol(ctx, 'bench', total / eventsPerRecipient);
    const events = makeEvents(ids, total);
    for (let i = 0; i < total; i += 5_000) await recordEvents(ctx, events.slice(i, i + 5_000));
    await database.knex.raw('vacuum analyze');
    let start = performance.now();
    await database.knex.transaction(async (trx) => {
      await trx.raw("set local work_mem = '128MB'");
      await trx.raw(aggregation);
    });
    const one = (performance.now() - start) / 1_000;
    start = performance.now();
    const [result] = await rebuild(ctx);
    const ours = (performance.now() - start) / 1_000;
    const sizesOf = await database.knex.raw<{ rows: { name: string; bytes: number }[] }>(
      `select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class
       where relname in ('events', 'enrolments', 'messages', 'identities', 'decisions', 'profiles', 'cells')`,
    );
    const bytes = Object.fromEntries(sizesOf.rows.map((row) => [row.name, row.bytes]));
    const perRecipient = Object.entries(bytes)
      .filter(([name]) => name !== 'events' && name !== 'cells')
      .reduce((sum, [, size]) => sum + size, 0);
    console.log(
      `${total} events: aggregation ${one.toFixed(2)} s, rebuild ${ours.toFixed(2)} s, ${(ours / one).toFixed(2)} times; ` +
        `${((bytes['events'] ?? 0) / total).toFixed(0)} bytes an event, ${(perRecipient / ids.length).toFixed(0)} a recipient, ` +
        `${result?.cells} cells, ${result?.differenceCount} differences`,
    );
  } finally {
    await world.close();
  }
}
