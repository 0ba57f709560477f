import { setTimeout as sleep } from 'node:timers/promises';
import { startCampaign } from './campaign.js';
import { between, chance, pieces, shuffled } from './chance.js';
import { checkStore, undisturbedHash } from './check-store.js';
import { type Answer, Client } from './client.js';
import { eventsOf, type World } from './events.js';
import { Ledger } from './ledger.js';
import { type Outcome, type Say, skipped, Violations } from './outcome.js';
import { type PostgresServer, startPostgres, whyNoServer } from './postgres-server.js';
import { type Service, startService } from './service.js';
import { makeToken, storeOnServer, withStore } from './store.js';
import { assignments, eventWork, inParallel, type Work } from './work.js';

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
export async function killPostgres(
  { kills, eventsPerKill, seed }: KillPostgresOptions,
  say: Say,
): Promise<Outcome> {
  const why = whyNoServer();
  if (why !== undefined) return skipped(why);
  const next = chance(seed);
  const events = kills * eventsPerKill;
  const world: World = { seed, recipients: Math.max(50, Math.floor(events / 10)), start: new Date() };
  const violations = new Violations();
  const ledger = new Ledger(violations);
  const server = await startPostgres();
  let service: Service | undefined;
  try {
    const store = await storeOnServer(server.url);
    const token = await withStore(store, async (ctx) => {
      await startCampaign(ctx);
      return makeToken(ctx);
    });
    const started = (service = await startService(store));
    const client = new Client(token);
    const works = shuffled(next, [
      ...pieces(next, eventsOf(world, 0, events), mostInPost).map(eventWork),
      ...assignments(next, world.recipients),
    ]);
    const run = new OutageRun(server, started, client, ledger, violations);
    for (let kill = 1; kill <= kills; kill += 1) {
      await run.postAndKill(
        works,
        between(next, 1, Math.max(1, Math.floor(works.length / kills))),
        between(next, 0, 400),
      );
      say(`kill ${kill} of ${kills}: ${ledger.acknowledged.size} of ${events} events acknowledged`);
    }
    await run.postRest(works);
    violations.check(!started.hasEnded(), 'the service has ended');
    await started.end('SIGTERM');
    client.close();
    const hash = await undisturbedHash(world, events);
    const expected = { acknowledged: ledger.acknowledged, events, hash };
    await withStore(store, (ctx) => checkStore(ctx, expected, violations));
    return { violations: violations.list(), figures: { kills, events, ...run.figures() } };
  } finally {
    if (service?.hasEnded() === false) await service.end('SIGKILL');
    await server.remove();
  }
}

class OutageRun {
  readonly #done = new Set<Work>();
  #inTheMiddle = 0;
  #unavailable = 0;
  #longestAnswer = 0;
  #longestRecovery = 0;

  readonly server: PostgresServer;
  readonly service: Service;
  readonly client: Client;
  readonly ledger: Ledger;
  readonly violations: Violations;

  constructor(
    server: PostgresServer,
    service: Service,
    client: Client,
    ledger: Ledger,
    violations: Violations,
  ) {
    this.server = server;
    this.service = service;
    this.client = client;
    this.ledger = ledger;
    this.violations = violations;
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
      const answer = await this.client.post(this.service.url + nothing.path, nothing.body);
      if (answer.status === 200) break;
      this.#judge(answer);
      if (performance.now() - start > recoveryMs) {
        this.violations.add(`the service did not recover within ${recoveryMs / 1000} s`);
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
        this.violations.check(isDone, `${work.path} failed although the server was left in peace`);
      },
    );
  }

  async #call(work: Work): Promise<boolean> {
    const answer = await this.ledger.post(this.client, this.service.url, work);
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
    else this.violations.add(`the service answered ${status} ${JSON.stringify(body)}`);
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
