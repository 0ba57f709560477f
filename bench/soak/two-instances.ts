import { chance, shuffled } from './chance.js';
import { undisturbedHash } from './check-store.js';
import { eventsOf, type World } from './events.js';
import type { Outcome, Say } from './outcome.js';
import type { Service } from './service.js';
import { onStage, type Stage } from './stage.js';
import { inStore, type Store, withStore } from './store.js';
import { allWork, inParallel, type Work } from './work.js';

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
export async function twoInstances(options: TwoInstancesOptions, say: Say): Promise<Outcome> {
  return inStore('postgres', (store) => onStage(store, (stage) => postTwice(stage, options, say)));
}

async function postTwice(
  stage: Stage,
  { events, recipients, mostDeadlocks, seed }: TwoInstancesOptions,
  say: Say,
): Promise<Outcome> {
  const { violations } = stage;
  const next = chance(seed);
  const world: World = { seed, recipients, start: new Date() };
  const services = await Promise.all([stage.startService(), stage.startService()]);
  const works = allWork(next, eventsOf(world, 0, events), mostInPost, recipients);
  const waits: number[] = [];
  const start = performance.now();
  const post = (service: Service): Promise<void> =>
    postAll(stage, service, shuffled(next, works), (ms) => {
      waits.push(ms);
      if (waits.length % 500 === 0) say(`${waits.length} of ${2 * works.length} calls`);
    });
  await Promise.all(services.map(post));
  const seconds = (performance.now() - start) / 1_000;
  stage.client.close();
  for (const service of services)
    violations.check((await service.end('SIGTERM')) === 0, 'an instance did not end in order');
  await stage.check(events, await undisturbedHash(world, events));
  const deadlocks = await deadlocksIn(stage.store);
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
}

/** One ledger for both instances: an event that both answer as new was counted twice. */
async function postAll(
  stage: Stage,
  service: Service,
  works: readonly Work[],
  onAnswer: (ms: number) => void,
): Promise<void> {
  await inParallel(
    works,
    lanes,
    () => true,
    async (work) => {
      const { isDone, status, body, ms } = await stage.post(service, work);
      stage.violations.check(isDone, `an instance answered ${status}: ${JSON.stringify(body)}`);
      onAnswer(ms);
    },
  );
}

async function deadlocksIn(store: Store): Promise<number> {
  return withStore(store, async ({ db }) => {
    const found = await db.raw<{ rows: { deadlocks: string }[] }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number(found.rows[0]?.deadlocks);
  });
}
