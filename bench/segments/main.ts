import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoSegments } from '../../seeds/demo-segments.js';
import { migrateDatabase } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { selectNewestSegments } from '../../src/database/segment-versions.js';
import type { Context } from '../../src/flows/context.js';
import { openBench } from '../../src/flows/judge-members.js';
import { keepMembers } from '../../src/flows/keep-members.js';
import { learnerHere } from '../../src/flows/perform-task.js';
import { scorerPool } from '../../src/scorers/scorer-pool.js';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';
import { type Person, readPeople } from '../../src/flows/read-people.js';
import { registerSegment } from '../../src/flows/register-segment.js';

/**
 * Keeping the segments of the demo world up to date, on the embedded database in a new folder: judging alone, everybody anew,
 * how long a small question waits meanwhile, and catching up after 1,000 events. Fails below the aim. RECIPIENTS: 3000.
 */

const recipients = Number(process.env['RECIPIENTS'] ?? 3_000);
const aim = 50_000;
const rounds = 9;
const quiet = { info: () => undefined, warn: () => undefined, error: console.error };

const dataDir = mkdtempSync(join(tmpdir(), 'postulate-bench-'));
const database = await openDatabase({ databaseUrl: undefined, dataDir }, quiet);
try {
  await migrateDatabase(database.knex);
  let ids = 0;
  const ctx: Context = {
    db: database.knex,
    clock: () => new Date(),
    learner: learnerHere({ db: database.knex, clock: () => new Date() }),
    newId: () => `bench-${(ids += 1)}`,
    scorers: scorerPool({ now: () => Date.now(), chance: () => 0.5, secrets: new Map() }),
    pseudonyms: keyedPseudonyms(Buffer.alloc(32, 7)),
    log: quiet,
  };
  await makePeople(ctx);
  for (const segment of demoSegments) await registerSegment(ctx, segment);
  console.log(`| ${recipients} recipients, ${demoSegments.length} segments | |\n| --- | ---: |`);
  await judgeAlone(ctx);
  await rebuild(ctx);
  await catchUp(ctx);
  console.log(`\nNode ${process.version}, ${cpus()[0]?.model.trim() ?? ''}.`);
} finally {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Ten events each on average over a year, one in three recipients in Vienna, the others in UTC. */
async function makePeople({ db, pseudonyms }: Context): Promise<void> {
  for (let start = 0; start < recipients; start += 10_000) {
    const ids = Array.from({ length: Math.min(10_000, recipients - start) }, (_, i) => `r${start + i}`);
    const keys = ids.map((id) => pseudonyms.recipientKey(id));
    await db.raw('insert into identities (recipient_key, recipient_id) select * from unnest(?::text[], ?::text[])', [keys, ids]);
    await db.raw(
      `insert into profiles (recipient_key, traits, origins, updated_at)
       select k, case when n % 3 = 0 then '{"timezone":"Europe/Vienna"}'::jsonb else '{}'::jsonb end, '{}'::jsonb, now()
       from unnest(?::text[]) with ordinality as a (k, n)`,
      [keys],
    );
    await db.raw(
      `insert into events (id, recipient_key, type, at, source, value, currency, received_at)
       select k || '-' || g, k, t.type, now() - (hashint8(n * 100 + g) & 31535999) * interval '1 second', 'bench',
         case when t.type = 'purchase' then 2000 + n % 7000 end, case when t.type = 'purchase' then 'EUR' end, now() - interval '1 hour'
       from unnest(?::text[]) with ordinality as a (k, n) cross join generate_series(1, 19) g
       cross join lateral (select (array['view', 'view', 'view', 'cart', 'purchase'])[1 + (n * 7 + g) % 5] as type) t
       where g <= n % 20`,
      [keys],
    );
  } // prettier-ignore
  await db.raw('analyze');
}

async function judgeAlone(ctx: Context): Promise<void> {
  const bench = await openBench(ctx.db, await selectNewestSegments(ctx.db));
  const clock = ctx.clock();
  const people: Person[] = [];
  for await (const some of readPeople(ctx.db, bench.needs, clock, 3_000)) people.push(...some);
  const rates = Array.from({ length: rounds }, () => {
    // Every history is new, and has to be indexed.
    const fresh = people.map(({ traits, history }) => ({ traits, history: [...history] }));
    const before = process.cpuUsage();
    for (const profile of fresh) bench.outlooks(profile, clock.getTime());
    const { user, system } = process.cpuUsage(before);
    return (people.length * bench.segments.length * 1e6) / (user + system);
  }).sort((a, b) => a - b);
  const [slowest = 0, median = 0, fastest = 0] = [rates[0], rates[rounds >> 1], rates.at(-1)];
  const events = people.reduce((sum, { history }) => sum + history.length, 0) / people.length;
  row(`judgements a second of processor time, ${events.toFixed(1)} events each: median (slowest to fastest round)`, `${thousands(median)} (${thousands(slowest)} to ${thousands(fastest)})`); // prettier-ignore
  if (median < aim) process.exitCode = 1;
}

async function rebuild(ctx: Context): Promise<void> {
  let [busy, longest, asked] = [true, 0, 0];
  const waits = (async () => {
    while (busy) {
      const start = performance.now();
      await ctx.db.raw('select 1');
      longest = Math.max(longest, performance.now() - start);
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  let heap = 0;
  const watch = setInterval(() => (heap = Math.max(heap, process.memoryUsage().heapUsed)), 50);
  const [start, before] = [performance.now(), process.cpuUsage()];
  await keepMembers(ctx);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(watch);
  busy = false;
  await waits;
  row('everybody judged and written, s', seconds.toFixed(1));
  row('the same, s of processor time of all threads, the database among them', ((user + system) / 1e6).toFixed(1));
  row(`longest wait of ${asked} small questions meanwhile, ms`, longest.toFixed(0));
  row('most heap, MB', (heap / 2 ** 20).toFixed(0));
} // prettier-ignore

async function catchUp(ctx: Context): Promise<void> {
  await ctx.db.raw(
    `insert into events (id, recipient_key, type, at, source, received_at)
     select 'new-' || recipient_key, recipient_key, 'view', now(), 'bench', now() from identities order by recipient_key limit 1000`,
  );
  const start = performance.now();
  await keepMembers(ctx);
  row('caught up after 1,000 events of as many recipients, s', ((performance.now() - start) / 1_000).toFixed(1));
  const idle = performance.now();
  await keepMembers(ctx);
  row('and looked at again within the next minute, s', ((performance.now() - idle) / 1_000).toFixed(1));
} // prettier-ignore

function row(what: string, value: string): void {
  console.log(`| ${what} | ${value} |`);
}

function thousands(n: number): string {
  return `${Math.round(n / 1_000)},000`;
}
