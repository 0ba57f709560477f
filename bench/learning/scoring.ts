import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { seededRandom } from '../../src/evaluation/random.js';
import { createApiKey } from '../../src/flows/access.js';
import type { Context } from '../../src/flows/context.js';
import { findScoring, profilesAt } from '../../src/flows/find-scoring.js';
import { learnStrategy } from '../../src/flows/learn-strategy.js';
import { loadParts } from '../../src/flows/load-parts.js';
import { learnerHere } from '../../src/flows/perform-task.js';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { recordItems } from '../../src/flows/record-items.js';
import { registerStrategy } from '../../src/flows/register-strategy.js';
import { scoreRecipients } from '../../src/flows/score-recipients.js';
import { takeSnapshot } from '../../src/flows/take-snapshot.js';
import { scorerPool } from '../../src/scorers/scorer-pool.js';
import { scorerOf } from '../../src/strategies/ml/scorer.js';
import { createApp } from '../../src/web/app.js';

/**
 * One call that scores 10,000 recipients by boosting on the usual features: over HTTP, in process, and its parts alone: reading
 * the histories, working out the features, `predict`. All take turns. Embedded database in a new folder, or DATABASE_URL, which
 * must be empty. RECIPIENTS: 10000; ROUNDS: 15.
 */
const recipients = Number(process.env['RECIPIENTS'] ?? 10_000);
const rounds = Number(process.env['ROUNDS'] ?? 15);
const hour = 3_600_000;
const quiet = { info: () => undefined, warn: () => undefined, error: console.error };
const ids = Array.from({ length: recipients }, (_, i) => `r${i}@example.com`);

const dataDir = mkdtempSync(join(tmpdir(), 'postulate-bench-'));
const databaseUrl = process.env['DATABASE_URL'];
const database = await openDatabase({ databaseUrl, dataDir }, quiet);
try {
  await migrateDatabase(database.knex);
  const ctx = contextOn();
  const events = await fill(ctx);
  await learnStrategy(ctx, 'again', { by: 'bench' });
  const ways = await waysOf(ctx);
  const times = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round += 1) {
    for (const { name, run } of ways) {
      const begun = performance.now();
      await run();
      // The first two rounds let the compiler finish.
      if (round >= 0) times.get(name)?.push(performance.now() - begun);
    }
  }
  console.log(
    `| ${recipients} recipients, ${events} events, ${databaseUrl ? 'PostgreSQL' : 'embedded'} | p50, ms | p95, ms |`,
  );
  console.log('| --- | ---: | ---: |');
  for (const [name, all] of times) console.log(`| ${name} | ${share(all, 0.5)} | ${share(all, 0.95)} |`);
  console.log(
    `\n${rounds} rounds, load ${loadavg()
      .map((one) => one.toFixed(1))
      .join(', ')}, Node ${process.version}.`,
  );
} finally {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit();

function contextOn(): Context {
  let made = 0;
  const clock = () => new Date();
  return {
    ...{ db: database.knex, clock, log: quiet, newId: () => `bench-${(made += 1)}` },
    learner: learnerHere({ db: database.knex, clock }),
    scorers: scorerPool({ now: () => Date.now(), chance: () => 0.5, secrets: new Map() }),
    pseudonyms: keyedPseudonyms(Buffer.alloc(32, 7)),
  };
}

/** 10 events each over half a year, every second one a purchase; every third recipient has 20. */
async function fill(ctx: Context): Promise<number> {
  const random = seededRandom('scoring');
  await recordItems(ctx, [{ item: 'sku-0', category: 'c0' }]);
  await takeSnapshot(ctx);
  let recorded = 0;
  for (let from = 0; from < recipients; from += 500) {
    const events = ids.slice(from, from + 500).flatMap((recipient, n) =>
      Array.from({ length: (from + n) % 3 === 0 ? 20 : 10 }, (_, k) => ({
        ...{ id: `e-${from + n}-${k}`, type: k % 2 === 0 ? 'view' : 'purchase', recipient },
        ...{ item: `sku-${random.below(500)}`, category: `c${random.below(10)}` },
        ...(k % 2 === 1 && { value: '19.90', currency: 'EUR' }),
        at: new Date(Date.now() - (1 + random.below(4_300)) * hour).toISOString(),
      })),
    );
    recorded += events.length;
    await recordEvents(ctx, events);
  }
  const levels = [{ atLeast: 0, slots: { subject: 'Hello' } }];
  const definition = { kind: 'propensity', outcome: { event: 'purchase' }, horizon: '14d', levels };
  await registerStrategy(ctx, { name: 'again', definition });
  return recorded;
}

async function waysOf(ctx: Context): Promise<{ name: string; run: () => unknown }[]> {
  const { token } = await createApiKey(ctx, { name: 'bench', scopes: ['sender'] });
  const app = createApp({ ctx, settings: { publicUrl: 'http://localhost', rateLimitPerMinute: 100_000 } });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/strategies/again/scores`;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const { version, model, scores } = await findScoring(ctx, 'again');
  const { learned } = await loadParts(ctx.db, version, model.hash);
  const scorer = scorerOf(learned);
  const clock = new Date();
  const keys = ids.map((id) => ctx.pseudonyms.recipientKey(id)).sort();
  const profiles = [...(await profilesAt(ctx, keys, scores, clock)).values()];
  const features = () =>
    profiles.map(({ history, traits }) => scorer.features.row(history, clock.getTime(), traits));
  const rows = features();
  return [
    {
      name: 'over HTTP',
      run: async () => {
        const answer = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ recipients: ids }),
        });
        const { recipients: scored } = (await answer.json()) as { recipients: readonly object[] };
        if (scored.filter((one) => 'scores' in one).length !== recipients)
          throw new Error('somebody has no score');
      },
    },
    { name: 'in process', run: () => scoreRecipients(ctx, 'again', ids) },
    { name: 'reading the histories alone', run: () => profilesAt(ctx, keys, scores, clock) },
    { name: `the ${scorer.features.names.length} features alone`, run: features },
    { name: '`predict` alone, on those rows', run: () => scorer.scoreRows(rows) },
  ];
}

function share(times: readonly number[], part: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.ceil(part * sorted.length) - 1] ?? NaN).toFixed(0);
}
