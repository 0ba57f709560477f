import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { between, chance, type Chance, shuffled } from './chance.js';
import { undisturbedHash } from './check-store.js';
import { eventsOf, type World } from './events.js';
import type { Outcome, Say } from './outcome.js';
import { type Service, startCli } from './service.js';
import { onStage, type Stage } from './stage.js';
import { inStore, type StoreKind } from './store.js';
import { allWork, inParallel, type Work } from './work.js';

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
  const posted = kills * eventsPerKill;
  const world: World = { seed, recipients: Math.max(50, Math.floor(posted / 10)), start: new Date() };
  const folder = mkdtempSync(join(tmpdir(), 'postulate-soak-file-'));
  const file = join(folder, 'events.ndjson');
  writeFileSync(
    file,
    eventsOf(world, posted, posted + imported)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  try {
    return await inStore(kind, (store) =>
      onStage(store, (stage) => killOften(stage, options, world, file, say)),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killOften(
  stage: Stage,
  { kills, eventsPerKill, imported, seed }: KillServiceOptions,
  world: World,
  file: string,
  say: Say,
): Promise<Outcome> {
  const next = chance(seed);
  const posted = kills * eventsPerKill;
  const events = posted + imported;
  const run = new KillRun(stage, next, file);
  const works = shuffled(next, allWork(next, eventsOf(world, 0, posted), mostInPost, world.recipients));
  for (let kill = 1; kill <= kills; kill += 1) {
    await run.postAndKill(works, between(next, 1, Math.max(1, Math.floor(works.length / kills))));
    say(`kill ${kill} of ${kills}: ${stage.ledger.acknowledged.size} of ${posted} events acknowledged`);
  }
  await run.finish(works);
  await stage.check(events, await undisturbedHash(world, events));
  const figures = { kills, 'kills with calls under way': run.inTheMiddle, events, ...run.imports };
  return { violations: stage.violations.list(), figures };
}

class KillRun {
  inTheMiddle = 0;
  readonly imports = { 'imports killed': 0 };
  readonly #done = new Set<Work>();

  readonly stage: Stage;
  readonly next: Chance;
  readonly file: string;

  constructor(stage: Stage, next: Chance, file: string) {
    this.stage = stage;
    this.next = next;
    this.file = file;
  }

  /** Posts until so many calls are done, kills in the middle of the others, and does the same to an import. */
  async postAndKill(works: readonly Work[], calls: number): Promise<void> {
    const service = await this.stage.startService();
    const beside = this.stage.store.kind === 'postgres' ? this.#killImport() : undefined;
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
    const answer = await this.stage.post(service, work);
    if (answer.isDone) this.#done.add(work);
    else
      this.stage.violations.check(
        answer.status === 0,
        `the service answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    return answer.isDone;
  }

  async #killImport(): Promise<void> {
    const run = startCli(this.stage.store, ['import', 'events', this.file]);
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
    const service = await this.stage.startService();
    await inParallel(
      works,
      lanes,
      () => true,
      async (work) => {
        const isDone = await this.#call(service, work);
        this.stage.violations.check(isDone, `${work.path} failed on a service that was left in peace`);
      },
    );
    this.stage.violations.check((await service.end('SIGTERM')) === 0, 'the service did not end in order');
    const last = await startCli(this.stage.store, ['import', 'events', this.file]).done;
    this.stage.violations.check(last.code === 0, `the import ended with ${last.code}: ${last.output}`);
  }
}
