import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCampaign } from './campaign.js';
import { between, chance, type Chance, pieces, shuffled } from './chance.js';
import { checkStore, undisturbedHash } from './check-store.js';
import { Client } from './client.js';
import { eventsOf, type World } from './events.js';
import { Ledger } from './ledger.js';
import { type Outcome, type Say, Violations } from './outcome.js';
import { type Service, startCli, startService } from './service.js';
import { makeStore, makeToken, type Store, type StoreKind, withStore } from './store.js';
import { assignments, eventWork, inParallel, type Work } from './work.js';

export interface KillServiceOptions {
  readonly kind: StoreKind;
  readonly kills: number;
  /** Events between two kills, more or less. */
  readonly eventsPerKill: number;
  /** Rows of a file that is imported on the command line, which is killed too. */
  readonly imported: number;
  readonly seed: number;
}

const lanes = 8;
const mostInPost = 20;

/** `kill -9` of the service, and of imports, in the middle of ingest: what was acknowledged is there, and counts once. */
export async function killService(options: KillServiceOptions, say: Say): Promise<Outcome> {
  const { kind, kills, eventsPerKill, imported, seed } = options;
  const next = chance(seed);
  const posted = kills * eventsPerKill;
  const world: World = { seed, recipients: Math.max(50, Math.floor(posted / 10)), start: new Date() };
  const violations = new Violations();
  const ledger = new Ledger(violations);
  const store = await makeStore(kind);
  const folder = mkdtempSync(join(tmpdir(), 'postulate-soak-file-'));
  const file = join(folder, 'events.ndjson');
  writeFileSync(
    file,
    eventsOf(world, posted, posted + imported)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  const run = new KillRun(store, next, ledger, violations, file);
  try {
    await run.begin();
    const works = shuffled(next, [
      ...pieces(next, eventsOf(world, 0, posted), mostInPost).map(eventWork),
      ...assignments(next, world.recipients),
    ]);
    for (let kill = 1; kill <= kills; kill += 1) {
      await run.postAndKill(works, between(next, 1, Math.max(1, Math.floor(works.length / kills))));
      say(`kill ${kill} of ${kills}: ${ledger.acknowledged.size} of ${posted} events acknowledged`);
    }
    await run.finish(works);
    const hash = await undisturbedHash(world, posted + imported);
    const expected = { acknowledged: ledger.acknowledged, events: posted + imported, hash };
    await withStore(store, (ctx) => checkStore(ctx, expected, violations));
    const figures = {
      kills,
      'kills with calls under way': run.inTheMiddle,
      events: posted + imported,
      ...run.imports,
    };
    return { violations: violations.list(), figures };
  } finally {
    await run.end();
    await store.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

class KillRun {
  inTheMiddle = 0;
  readonly imports = { 'imports killed': 0 };
  readonly #done = new Set<Work>();
  #service: Service | undefined;
  #client: Client | undefined;

  readonly store: Store;
  readonly next: Chance;
  readonly ledger: Ledger;
  readonly violations: Violations;
  readonly file: string;

  constructor(store: Store, next: Chance, ledger: Ledger, violations: Violations, file: string) {
    this.store = store;
    this.next = next;
    this.ledger = ledger;
    this.violations = violations;
    this.file = file;
  }

  async begin(): Promise<void> {
    const token = await withStore(this.store, async (ctx) => {
      await startCampaign(ctx);
      return makeToken(ctx);
    });
    this.#client = new Client(token);
  }

  /** Posts until so many calls are done, kills in the middle of the others, and does the same to an import. */
  async postAndKill(works: readonly Work[], calls: number): Promise<void> {
    const service = (this.#service = await startService(this.store));
    const beside = this.store.kind === 'postgres' ? this.#killImport() : undefined;
    let open = 0;
    let done = 0;
    await inParallel(
      works.filter((work) => !this.#done.has(work)),
      lanes,
      () => !service.hasEnded() && done < calls,
      async (work) => {
        open += 1;
        const isDone = await this.#call(service, work);
        open -= 1;
        if (!isDone) return;
        done += 1;
        if (done !== calls) return;
        if (open > 0) this.inTheMiddle += 1;
        void service.end('SIGKILL');
      },
    );
    await service.end('SIGKILL');
    await (beside ?? this.#killImport());
  }

  async #call(service: Service, work: Work): Promise<boolean> {
    if (!this.#client) return false;
    const answer = await this.ledger.post(this.#client, service.url, work);
    if (answer.isDone) this.#done.add(work);
    else
      this.violations.check(
        answer.status === 0,
        `the service answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    return answer.isDone;
  }

  async #killImport(): Promise<void> {
    const run = startCli(this.store, ['import', 'events', this.file]);
    const ended = await Promise.race([
      run.done.then(() => true),
      sleep(between(this.next, 300, 4_000)).then(() => false),
    ]);
    if (!ended) this.imports['imports killed'] += 1;
    run.kill();
    await run.done;
  }

  /** Posts everything again, imports what is left, and stops in order. */
  async finish(works: readonly Work[]): Promise<void> {
    const service = (this.#service = await startService(this.store));
    await inParallel(
      works,
      lanes,
      () => true,
      async (work) => {
        const isDone = await this.#call(service, work);
        this.violations.check(isDone, `${work.path} failed on a service that was left in peace`);
      },
    );
    this.violations.check((await service.end('SIGTERM')) === 0, 'the service did not end in order');
    const last = await startCli(this.store, ['import', 'events', this.file]).done;
    this.violations.check(last.code === 0, `the import ended with ${last.code}: ${last.output}`);
  }

  async end(): Promise<void> {
    this.#client?.close();
    if (this.#service?.hasEnded() === false) await this.#service.end('SIGKILL');
  }
}
