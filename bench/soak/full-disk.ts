import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCampaign } from './campaign.js';
import { chance, pieces, shuffled } from './chance.js';
import { checkStore } from './check-store.js';
import { type Answer, Client } from './client.js';
import { eventsOf, type SoakEvent, type World } from './events.js';
import { Ledger } from './ledger.js';
import { type Outcome, type Say, skipped, Violations } from './outcome.js';
import { type PostgresServer, startPostgres, whyNoServer } from './postgres-server.js';
import { type Service, startService } from './service.js';
import { embeddedStore, makeToken, storeOnServer, type StoreKind, withStore } from './store.js';
import { assignments, eventWork, inParallel, type Work } from './work.js';

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
export async function fullDisk({ kind, freeMb, seed }: FullDiskOptions, say: Say): Promise<Outcome> {
  const why = kind === 'postgres' ? (whyNoServer() ?? whyNoMount()) : whyNoMount();
  if (why !== undefined) return skipped(why);
  const disk = new SmallDisk(sizeMb);
  const violations = new Violations();
  const ledger = new Ledger(violations);
  let server: PostgresServer | undefined;
  let service: Service | undefined;
  try {
    if (kind === 'postgres') {
      // Small pieces of write-ahead log, or the log alone would fill the disk.
      server = await startPostgres({
        parent: disk.folder,
        initdb: ['--wal-segsize=1'],
        settings: ['max_wal_size=16MB', 'min_wal_size=16MB'],
      });
    }
    const store = server ? await storeOnServer(server.url) : embeddedStore(disk.folder);
    const next = chance(seed);
    const world: World = { seed, recipients, start: new Date() };
    const token = await withStore(store, async (ctx) => {
      await startCampaign(ctx);
      return makeToken(ctx);
    });
    service = await startService(store);
    const client = new Client(token);
    const events = Math.ceil((freeMb * mb * 2) / weight);
    const heavy = eventsOf(world, 0, events).map(heavier);
    const works = shuffled(next, [
      ...pieces(next, heavy, mostInPost).map(eventWork),
      ...assignments(next, recipients),
    ]);
    const run = new DiskRun(client, ledger, violations);
    disk.leave(freeMb);
    say(`${freeMb} MB left`);
    await run.post(service, works, true);
    violations.check(run.refusals.size > 0, 'the disk did not run full');
    say(`full after ${ledger.acknowledged.size} events: ${[...run.refusals.keys()].join('; ')}`);
    const before = ledger.acknowledged.size;
    disk.leave(sizeMb);
    const restarted = await restartDead(kind, server, service, run.sawStop);
    if (restarted) service = await startService(store);
    await run.post(service, works, false);
    client.close();
    violations.check((await service.end('SIGTERM')) === 0, 'the service did not end in order');
    const expected = { acknowledged: ledger.acknowledged, events };
    await withStore(store, (ctx) => checkStore(ctx, expected, violations));
    const figures = {
      events,
      'acknowledged before the disk was full': before,
      'refused posts': [...run.refusals.values()].reduce((sum, one) => sum + one, 0),
      'refused with': [...run.refusals.keys()].join('; '),
      'service restarted': restarted ? 'yes' : 'no',
      'PostgreSQL restarted': run.sawDown && kind === 'postgres' ? 'yes' : 'no',
    };
    return { violations: violations.list(), figures };
  } finally {
    if (service?.hasEnded() === false) await service.end('SIGKILL');
    await server?.remove();
    disk.remove();
  }
}

/** The embedded engine ends when its log cannot be written; a server may have ended for the same reason. */
async function restartDead(
  kind: StoreKind,
  server: PostgresServer | undefined,
  service: Service,
  sawStop: boolean,
): Promise<boolean> {
  if (kind === 'postgres') {
    if (server && !server.isUp()) await server.start();
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

  readonly client: Client;
  readonly ledger: Ledger;
  readonly violations: Violations;

  constructor(client: Client, ledger: Ledger, violations: Violations) {
    this.client = client;
    this.ledger = ledger;
    this.violations = violations;
  }

  async post(service: Service, works: readonly Work[], mayFill: boolean): Promise<void> {
    await inParallel(
      works,
      lanes,
      () => true,
      async (work) => {
        const answer = await this.ledger.post(this.client, service.url, work);
        if (answer.isDone) this.#done.add(work);
        else if (mayFill) this.#judge(answer);
        else
          this.violations.add(
            `refused although there was room: ${answer.status} ${JSON.stringify(answer.body)}`,
          );
      },
    );
  }

  #judge({ status, body }: Answer): void {
    const { code, detail } = body as { code?: string; detail?: string };
    const isFull = status === 507 && code === 'database_full';
    const isDown = status === 503 && code === 'database_unavailable';
    this.violations.check(
      isFull || isDown,
      `a full disk was answered with ${status} ${JSON.stringify(body)}`,
    );
    if (isDown) this.sawDown = true;
    if (detail?.includes('restart Postulate') === true) this.sawStop = true;
    const said = `${status} ${code ?? ''}`;
    this.refusals.set(said, (this.refusals.get(said) ?? 0) + 1);
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

/** Why no disk can be mounted here; undefined: it can. */
export function whyNoMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'mounting a small disk needs root on Linux';
  try {
    new SmallDisk(1).remove();
    return undefined;
  } catch (error) {
    return `no small disk can be mounted here: ${error instanceof Error ? error.message.split('\n')[0] : ''}`;
  }
}

/** A disk in memory that can be made as good as full. */
class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'postulate-soak-disk-'));
  readonly #ballast = join(this.folder, 'ballast');

  constructor(size: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'postulate-soak', this.folder], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmSync(this.folder, { recursive: true });
      throw error;
    }
    chmodSync(this.folder, 0o755);
  }

  /** Leaves this much room, or all there is. */
  leave(megabytes: number): void {
    rmSync(this.#ballast, { force: true });
    const { bavail, bsize } = statfsSync(this.folder);
    const piece = Buffer.alloc(mb);
    const file = openSync(this.#ballast, 'w');
    for (let free = (bavail * bsize) / mb; free > megabytes; free -= 1) writeSync(file, piece);
    closeSync(file);
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
