import { reportSums } from '../../src/database/questions/report-sums.js';
import { loadReport } from '../../src/flows/load-report.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { enrol, openWorld } from './world.js';

/** Reading the cells of a small and of a large experiment. The large one is enrolled by SQL. */

const small = 10_000;
const large = Number(process.env['RECIPIENTS'] ?? 10_000_000);
const rounds = 15;

const world = await openWorld();
try {
  const { ctx, database } = world;
  await enrol(ctx, 'small', small);
  await enrol(ctx, 'large', small);
  await database.knex.raw(
    `insert into enrolments (experiment, recipient_key, message_id, arm, fold, allocation_version, cohorts, enrolled_at)
     select 'large', md5('r' || i), 'm_' || md5('m' || i), i % 4, (i / 4) % 20, 1,
            jsonb_build_object('country', (array['DE', 'FR', 'SE', 'AT'])[1 + (i / 80) % 4]), now()
     from generate_series(1, ?::int) i`,
    [large - small],
  );
  let start = performance.now();
  const used = process.cpuUsage();
  await rebuild(ctx);
  const { user, system } = process.cpuUsage(used);
  const sizes = await database.knex.raw<{ rows: { name: string; bytes: number }[] }>(
    `select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class where relname in ('enrolments', 'cells')`,
  );
  const bytes = Object.fromEntries(sizes.rows.map((row) => [row.name, row.bytes]));
  console.log(
    `rebuild of ${large} recipients without events: ${((performance.now() - start) / 1_000).toFixed(1)} s, ` +
      `${((user + system) / 1e6).toFixed(1)} s of this process, memory ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB; ` +
      `enrolments ${((bytes['enrolments'] ?? 0) / large).toFixed(0)} bytes a recipient, cells ${((bytes['cells'] ?? 0) / 2 ** 20).toFixed(1)} MB in all`,
  );
  await database.knex.raw('vacuum analyze cells');
  for (const [what, ask] of [
    ['cells', (key: string) => reportSums(database.knex, key)],
    ['report', (key: string) => loadReport(ctx, key)],
  ] as const) {
    const times: Record<string, number[]> = { small: [], large: [] };
    for (let i = 0; i < rounds; i += 1) {
      for (const key of ['small', 'large']) {
        start = performance.now();
        await ask(key);
        times[key]?.push(performance.now() - start);
      }
    }
    const median = (list: number[] = []): number =>
      [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
    const [a, b] = [median(times['small']), median(times['large'])];
    console.log(
      `${what}: ${small} recipients ${a.toFixed(1)} ms, ${large} recipients ${b.toFixed(1)} ms, ${(b / a).toFixed(2)} times`,
    );
  }
} finally {
  await world.close();
}
