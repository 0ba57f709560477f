import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conflict, PostulateError, unavailable } from '../errors.js';

/**
 * PGlite lets two processes open one folder, and then silently loses rows. So the folder is held through a file that
 * names its holder. It is taken by exclusive creation; after a crash the next process sees that the holder is gone and
 * takes over. The holder touches the file every second, for those who cannot see its process (another container or
 * machine on the same disk).
 */
export type FolderLock = { release(): void };

export type LockOptions = {
  /** Called if the file was taken away or replaced: this process must stop writing at once. */
  onLost?: () => void;
  /** How long to watch a holder whose process cannot be seen for a sign of life. */
  watchMs?: number;
};

type Holder = { token: string; pid: number; startedAt: string | null; machine: string };

const FILE_NAME = 'postulate.lock';
const HEARTBEAT_MS = 1_000;
const WATCH_MS = 6_000;
const UNREADABLE: Holder = { token: 'unreadable', pid: 0, startedAt: null, machine: '' };

/** Takes the folder, or throws a conflict that says which process has it. */
export async function lockFolder(folder: string, options: LockOptions = {}): Promise<FolderLock> {
  makeWritable(folder);
  const file = join(folder, FILE_NAME);
  const me: Holder = {
    token: randomUUID(),
    pid: process.pid,
    startedAt: processStart(process.pid),
    machine: thisMachine(),
  };
  await claim(file, me, options.watchMs ?? WATCH_MS);
  const stopHeartbeat = startHeartbeat(file, me, options.onLost);
  return {
    release: () => {
      stopHeartbeat();
      if (readHolder(file)?.token === me.token) rmSync(file, { force: true });
    },
  };
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'it is not a folder' : (code ?? 'no reason given');
    throw unavailable(
      'data_folder_unusable',
      `The data folder ${folder} cannot be written to (${why}): name another with POSTULATE_DATA_DIR, or give this account the right to write there.`,
    );
  }
}

function startHeartbeat(file: string, me: Holder, onLost: (() => void) | undefined): () => void {
  const timer = setInterval(() => {
    try {
      if (readHolder(file)?.token === me.token) {
        touch(file);
        return;
      }
    } catch {
      // The disk is in trouble; the database will say so itself.
      return;
    }
    clearInterval(timer);
    onLost?.();
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * A dead holder is replaced under a second lock whose name contains the dead holder's token, so that of several
 * processes that found it dead only one replaces it, and none replaces its successor. That second lock is an ordinary
 * one: a crash while holding it is mended in the same way.
 */
async function claim(file: string, me: Holder, watchMs: number): Promise<void> {
  for (;;) {
    if (createExclusively(file, me)) return;
    const holder = readHolder(file);
    if (holder === undefined) continue;
    if (await isAlive(file, holder, watchMs)) throw refusal(file, holder);
    if (await replace(file, holder, me, watchMs)) return;
  }
}

async function replace(file: string, dead: Holder, me: Holder, watchMs: number): Promise<boolean> {
  const guard = `${file}.${dead.token}`;
  try {
    await claim(guard, me, watchMs);
  } catch (error) {
    if (!(error instanceof PostulateError)) throw error;
    // Another process is replacing it at this moment; look again a little later.
    await sleep(25);
    return false;
  }
  try {
    if (readHolder(file)?.token !== dead.token) return false;
    const draft = `${file}.${me.token}`;
    writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
    renameSync(draft, file);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

function createExclusively(file: string, me: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  // Whoever was stopped between creating and writing may have been taken for dead meanwhile.
  return readHolder(file)?.token === me.token;
}

/** Undefined if there is no such file. */
function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { token, pid, startedAt, machine } = JSON.parse(text) as Holder;
    if (/^[0-9a-f-]{36}$/.test(token) && Number.isInteger(pid)) return { token, pid, startedAt, machine };
  } catch {
    // Just being written, or torn by a power cut.
  }
  return UNREADABLE;
}

/** Known at once for a process of this machine; otherwise told by the heartbeat. */
async function isAlive(file: string, holder: Holder, watchMs: number): Promise<boolean> {
  if (holder.machine === thisMachine()) {
    if (!processExists(holder.pid) || isZombie(holder.pid)) return false;
    const startedAt = processStart(holder.pid);
    if (startedAt !== null && holder.startedAt !== null) return startedAt === holder.startedAt;
  }
  return showsLife(file, holder, watchMs);
}

async function showsLife(file: string, holder: Holder, watchMs: number): Promise<boolean> {
  const first = lastTouch(file);
  const end = Date.now() + watchMs;
  while (Date.now() < end) {
    await sleep(Math.min(100, watchMs));
    // A change of hands is for the caller to look at again.
    if (readHolder(file)?.token !== holder.token) return false;
    if (lastTouch(file) !== first) return true;
  }
  return false;
}

function refusal(file: string, holder: Holder): Error {
  const folder = dirname(file);
  const where = holder.machine === thisMachine() ? '' : ' on another machine or in another container';
  const who =
    holder.pid === process.pid && where === '' ? 'this process itself' : `process ${holder.pid}${where}`;
  return conflict(
    'data_folder_in_use',
    `The data folder ${folder} is in use by ${who}: stop that one first, or give this one another folder with POSTULATE_DATA_DIR.`,
  );
}

function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

function lastTouch(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells a process from a later one with the same number; null where the system does not say, or for a dead one. */
function processStart(pid: number): string | null {
  return processFields(pid)?.[19] ?? null;
}

/** Killed but not yet fetched by its parent: its files are closed, although its number still exists. */
function isZombie(pid: number): boolean {
  return ['Z', 'X'].includes(processFields(pid)?.[0] ?? '');
}

/** What Linux tells of a process from its state on, which is field 3; its start is field 22. */
function processFields(pid: number): string[] | undefined {
  try {
    // The name in parentheses before may itself hold spaces and parentheses.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

/** Process numbers mean something only within one start of one machine and one container. */
function thisMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
