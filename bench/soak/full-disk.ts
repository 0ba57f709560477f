import { chance, shuffled } from './chance.js';
import type { Answer } from './client.js';
import { eventsOf, type SoakEvent, type World } from './events.js';
import { type Outcome, type Say, skipped } from './outcome.js';
import { type PostgresServer, startPostgres, whyNoServer } from './postgres-server.js';
import type { Service } from './service.js';
import { SmallDisk, whyNoMount } from './small-disk.js';
import { onStage, type Stage } from './stage.js';
import { embeddedStore, storeOnServer, type StoreKind } from './store.js';
import { allWork, inParallel, type Work } from './work.js';

export interface FullDiskOptions {
  readonly kind: StoreKind;
  /** Room that is left when ingest begins. */
  readonly freeMb: number;
  readonly seed: number;
}

const sizeMb = 400;
const lanes = 4;
const mostInPost = 200;
const recipients = 200;
/** A row of this many bytes fills a disk quickly. */
const weight = 3_000;
const mb = 1_048_576;

/**
 * The disk runs full during ingest. Posts are refused with a sentence; once there is room the same posts are recorded, each
 * event once.
 */
export async function fullDisk(options: FullDiskOptions, say: Say): Promise<Outcome> {
  const onServer = options.kind === 'postgres';
  const why = (onServer ? whyNoServer() : undefined) ?? whyNoMount();
  if (why !== undefined) return skipped(why);
  const disk = new SmallDisk(sizeMb);
  let server: PostgresServer | undefined;
  try {
    if (onServer) server = await serverOn(disk);
    const store = server ? await storeOnServer(server.url) : embeddedStore(disk.folder);
    return await onStage(store, (stage) => fill(stage, disk, server, options, say));
  } finally {
    await server?.remove();
    disk.remove();
  }
}

/** With small pieces of write-ahead log, or the log alone would fill the disk. */
function serverOn(disk: SmallDisk): Promise<PostgresServer> {
  return startPostgres({
    parent: disk.folder,
    initdb: ['--wal-segsize=1'],
    settings: ['max_wal_size=16MB', 'min_wal_size=16MB'],
  });
}

async function fill(
  stage: Stage,
  disk: SmallDisk,
  server: PostgresServer | undefined,
  { freeMb, seed }: FullDiskOptions,
  say: Say,
): Promise<Outcome> {
  const { violations, ledger } = stage;
  const next = chance(seed);
  const world: World = { seed, recipients, start: new Date() };
  let service = await stage.startService();
  const events = Math.ceil((freeMb * mb * 2) / weight);
  const heavy = eventsOf(world, 0, events).map(heavier);
  const works = shuffled(next, allWork(next, heavy, mostInPost, recipients));
  const run = new DiskRun(stage);
  disk.leave(freeMb);
  say(`${freeMb} MB left`);
  await run.post(service, works, true);
  violations.check(run.refusals.size > 0, 'the disk did not run full');
  say(`full after ${ledger.acknowledged.size} events: ${[...run.refusals.keys()].join('; ')}`);
  const before = ledger.acknowledged.size;
  disk.leave(sizeMb);
  const restarted = await restartDead(server, service, run.sawStop);
  if (restarted) service = await stage.startService();
  await run.post(service, works, false);
  stage.client.close();
  violations.check((await service.end('SIGTERM')) === 0, 'the service did not end in order');
  await stage.check(events);
  const figures = {
    events,
    'acknowledged before the disk was full': before,
    ...run.figures(),
    'service restarted': restarted ? 'yes' : 'no',
    'PostgreSQL restarted': run.sawDown && server ? 'yes' : 'no',
  };
  return { violations: violations.list(), figures };
}

/** The embedded engine ends when its log cannot be written; a server may have ended for the same reason. */
async function restartDead(
  server: PostgresServer | undefined,
  service: Service,
  sawStop: boolean,
): Promise<boolean> {
  if (server) {
    if (!server.isUp()) await server.start();
    return false;
  }
  if (!sawStop) return false;
  await service.end('SIGTERM');
  return true;
}

class DiskRun {
  /** By what they said. */
  readonly refusals = new Map<string, number>();
  sawStop = false;
  sawDown = false;
  readonly #done = new Set<Work>();

  readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async post(service: Service, works: readonly Work[], mayFill: boolean): Promise<void> {
    await inParallel(
      works,
      lanes,
      () => true,
      async (work) => {
        const answer = await this.stage.post(service, work);
        if (answer.isDone) this.#done.add(work);
        else if (mayFill) this.#judge(answer);
        else
          this.stage.violations.add(
            `refused although there was room: ${answer.status} ${JSON.stringify(answer.body)}`,
          );
      },
    );
  }

  #judge({ status, body }: Answer): void {
    const { code, detail } = body as { code?: string; detail?: string };
    const isFull = status === 507 && code === 'database_full';
    const isDown = status === 503 && code === 'database_unavailable';
    this.stage.violations.check(
      isFull || isDown,
      `a full disk was answered with ${status} ${JSON.stringify(body)}`,
    );
    if (isDown) this.sawDown = true;
    if (detail?.includes('restart Postulate') === true) this.sawStop = true;
    const said = `${status} ${code ?? ''}`;
    this.refusals.set(said, (this.refusals.get(said) ?? 0) + 1);
  }

  figures(): Record<string, string | number> {
    return {
      'refused posts': [...this.refusals.values()].reduce((sum, one) => sum + one, 0),
      'refused with': [...this.refusals.keys()].join('; '),
    };
  }
}

function heavier(event: SoakEvent, i: number): SoakEvent {
  const text = (part: number): string => `${i}-${part}-`.padEnd(480, String.fromCharCode(97 + (i % 26)));
  // Each text is another one, so that little of it can be packed.
  return {
    ...event,
    properties: Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((part) => [`p${part}`, noise(text(part), i, part)]),
    ),
  };
}

function noise(text: string, i: number, part: number): string {
  const next = chance(i * 31 + part);
  return Array.from(text, () => Math.floor(next() * 36).toString(36)).join('');
}
