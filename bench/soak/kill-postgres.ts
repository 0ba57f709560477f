import { setTimeout as sleep } from 'node:timers/promises';
import { between, chance, shuffled } from './chance.js';
import { undisturbedHash } from './check-store.js';
import type { Answer } from './client.js';
import { eventsOf, type World } from './events.js';
import { type Outcome, type Say, skipped } from './outcome.js';
import { type PostgresServer, startPostgres, whyNoServer } from './postgres-server.js';
import type { Service } from './service.js';
import { onStage, type Stage } from './stage.js';
import { storeOnServer } from './store.js';
import { allWork, inParallel, type Work } from './work.js';

export interface KillPostgresOptions {
  readonly kills: number;
  readonly eventsPerKill: number;
  readonly seed: number;
}

const lanes = 8;
const mostInPost = 20;
const recoveryMs = 60_000;
/** Before the next call of a lane that was refused. */
const pauseMs = 20;

/**
 * `kill -9` of PostgreSQL, postmaster and backends, in the middle of ingest. The service says 503 meanwhile, is never
 * restarted, and goes on by itself.
 */
export async function killPostgres(options: KillPostgresOptions, say: Say): Promise<Outcome> {
  const why = whyNoServer();
  if (why !== undefined) return skipped(why);
  const server = await startPostgres();
  try {
    const store = await storeOnServer(server.url);
    return await onStage(store, (stage) => killOften(stage, server, options, say));
  } finally {
    await server.remove();
  }
}

async function killOften(
  stage: Stage,
  server: PostgresServer,
  { kills, eventsPerKill, seed }: KillPostgresOptions,
  say: Say,
): Promise<Outcome> {
  const next = chance(seed);
  const events = kills * eventsPerKill;
  const world: World = { seed, recipients: Math.max(50, Math.floor(events / 10)), start: new Date() };
  const service = await stage.startService();
  const works = shuffled(next, allWork(next, eventsOf(world, 0, events), mostInPost, world.recipients));
  const run = new OutageRun(server, service, stage);
  for (let kill = 1; kill <= kills; kill += 1) {
    const calls = between(next, 1, Math.max(1, Math.floor(works.length / kills)));
    await run.postAndKill(works, calls, between(next, 0, 400));
    say(`kill ${kill} of ${kills}: ${stage.ledger.acknowledged.size} of ${events} events acknowledged`);
  }
  await run.postRest(works);
  stage.violations.check(!service.hasEnded(), 'the service has ended');
  await service.end('SIGTERM');
  await stage.check(events, await undisturbedHash(world, events));
  return { violations: stage.violations.list(), figures: { kills, events, ...run.figures() } };
}

class OutageRun {
  readonly #done = new Set<Work>();
  #inTheMiddle = 0;
  #unavailable = 0;
  #longestAnswer = 0;
  #longestRecovery = 0;

  readonly server: PostgresServer;
  readonly service: Service;
  readonly stage: Stage;

  constructor(server: PostgresServer, service: Service, stage: Stage) {
    this.server = server;
    this.service = service;
    this.stage = stage;
  }

  /** Posts; kills the server after so many calls; starts it again after a pause; waits until the service answers again. */
  async postAndKill(works: readonly Work[], calls: number, downMs: number): Promise<void> {
    let open = 0;
    let done = 0;
    let isBack = false;
    let outage: Promise<void> | undefined;
    const during = async (): Promise<void> => {
      if (open > 0) this.#inTheMiddle += 1;
      await this.server.killAll();
      await sleep(downMs);
      await this.server.start();
      isBack = true;
    };
    await inParallel(
      works.filter((work) => !this.#done.has(work)),
      lanes,
      () => !isBack,
      async (work) => {
        open += 1;
        const isDone = await this.#call(work);
        open -= 1;
        if (!isDone) await sleep(pauseMs);
        else if (++done === calls) outage = during();
      },
    );
    await (outage ?? during());
    await this.#awaitRecovery();
  }

  async #awaitRecovery(): Promise<void> {
    const start = performance.now();
    const nothing: Work = { kind: 'events', path: '/v1/events', body: { events: [] }, rows: [] };
    for (;;) {
      // A list without events needs the database all the same: for the key.
      const answer = await this.stage.client.post(this.service.url + nothing.path, nothing.body);
      if (answer.status === 200) break;
      this.#judge(answer);
      if (performance.now() - start > recoveryMs) {
        this.stage.violations.add(`the service did not recover within ${recoveryMs / 1000} s`);
        return;
      }
      await sleep(50);
    }
    this.#longestRecovery = Math.max(this.#longestRecovery, performance.now() - start);
  }

  async postRest(works: readonly Work[]): Promise<void> {
    await inParallel(
      works,
      lanes,
      () => true,
      async (work) => {
        const isDone = await this.#call(work);
        this.stage.violations.check(isDone, `${work.path} failed although the server was left in peace`);
      },
    );
  }

  async #call(work: Work): Promise<boolean> {
    const answer = await this.stage.post(this.service, work);
    this.#longestAnswer = Math.max(this.#longestAnswer, answer.ms);
    if (answer.isDone) this.#done.add(work);
    else this.#judge(answer);
    return answer.isDone;
  }

  /** Anything but a clear 503 is wrong. */
  #judge({ status, type, body }: Answer): void {
    const { code, detail } = body;
    const isClear =
      status === 503 &&
      type.startsWith('application/problem+json') &&
      code === 'database_unavailable' &&
      typeof detail === 'string' &&
      detail.length > 20;
    if (isClear) this.#unavailable += 1;
    else this.stage.violations.add(`the service answered ${status} ${JSON.stringify(body)}`);
  }

  figures(): Record<string, number> {
    return {
      'kills with calls under way': this.#inTheMiddle,
      'answers 503': this.#unavailable,
      'longest answer, ms': Math.round(this.#longestAnswer),
      'longest recovery after the start of PostgreSQL, ms': Math.round(this.#longestRecovery),
    };
  }
}
