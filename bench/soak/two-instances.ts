import { startCampaign } from './campaign.js';
import { chance, pieces, shuffled } from './chance.js';
import { checkStore, undisturbedHash } from './check-store.js';
import { Client } from './client.js';
import { eventsOf, type World } from './events.js';
import { Ledger } from './ledger.js';
import { type Outcome, type Say, Violations } from './outcome.js';
import { type Service, startService } from './service.js';
import { makeStore, makeToken, withStore } from './store.js';
import { assignments, eventWork, inParallel } from './work.js';

export interface TwoInstancesOptions {
  readonly events: number;
  readonly recipients: number;
  /** Those that PostgreSQL may find; they are done again by themselves, but cost a second each. */
  readonly mostDeadlocks: number;
  readonly seed: number;
}

const lanes = 6;
const mostInPost = 200;

/** Two instances on one PostgreSQL are given the same calls at the same time in two orders. */
export async function twoInstances(
  { events, recipients, mostDeadlocks, seed }: TwoInstancesOptions,
  say: Say,
): Promise<Outcome> {
  const next = chance(seed);
  const world: World = { seed, recipients, start: new Date() };
  const violations = new Violations();
  // One ledger for both: an event that both answer as new was counted twice.
  const ledger = new Ledger(violations);
  const store = await makeStore('postgres');
  const services: Service[] = [];
  try {
    const token = await withStore(store, async (ctx) => {
      await startCampaign(ctx);
      return makeToken(ctx);
    });
    services.push(...(await Promise.all([startService(store), startService(store)])));
    const client = new Client(token);
    const works = [
      ...pieces(next, eventsOf(world, 0, events), mostInPost).map(eventWork),
      ...assignments(next, recipients),
    ];
    const waits: number[] = [];
    const start = performance.now();
    const post = (service: Service): Promise<void> =>
      inParallel(
        shuffled(next, works),
        lanes,
        () => true,
        async (work) => {
          const answer = await ledger.post(client, service.url, work);
          waits.push(answer.ms);
          violations.check(
            answer.isDone,
            `an instance answered ${answer.status}: ${JSON.stringify(answer.body)}`,
          );
          if (waits.length % 500 === 0) say(`${waits.length} of ${2 * works.length} calls`);
        },
      );
    await Promise.all(services.map(post));
    const seconds = (performance.now() - start) / 1_000;
    client.close();
    for (const service of services)
      violations.check((await service.end('SIGTERM')) === 0, 'an instance did not end in order');
    const hash = await undisturbedHash(world, events);
    const expected = { acknowledged: ledger.acknowledged, events, hash };
    const deadlocks = await withStore(store, async (ctx) => {
      await checkStore(ctx, expected, violations);
      const found = await ctx.db.raw<{ rows: { deadlocks: string }[] }>(
        'select deadlocks from pg_stat_database where datname = current_database()',
      );
      return Number(found.rows[0]?.deadlocks);
    });
    violations.check(deadlocks <= mostDeadlocks, `PostgreSQL found ${deadlocks} deadlocks`);
    waits.sort((a, b) => a - b);
    const figures = {
      events,
      calls: waits.length,
      deadlocks,
      'events/s, both together': Math.round((2 * events) / seconds),
      'median wait, ms': Math.round(waits[waits.length >> 1] ?? 0),
      'longest wait, ms': Math.round(waits.at(-1) ?? 0),
    };
    return { violations: violations.list(), figures };
  } finally {
    for (const service of services) if (!service.hasEnded()) await service.end('SIGKILL');
    await store.remove();
  }
}
