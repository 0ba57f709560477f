import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/database/folder-lock.js';

const child = fileURLToPath(new URL('./child-hold-folder.ts', import.meta.url));

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postulate-lock-'));
  children = [];
});
afterEach(() => {
  for (const process of children) process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const lockFile = (): string => join(folder, 'postulate.lock');
type Holder = { token: string; pid: number; startedAt: string | null; machine: string };
const holder = (): Holder => JSON.parse(readFileSync(lockFile(), 'utf8')) as Holder;
const writeHolder = (changes: Partial<Holder>): void => {
  writeFileSync(lockFile(), JSON.stringify({ ...holder(), ...changes }));
};

function start(): { process: ChildProcess; answer: Promise<string> } {
  const process = spawn('node', ['--import', 'tsx', child, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(process);
  const answer = once(createInterface(process.stdout), 'line').then(([line]) => String(line));
  return { process, answer };
}

/** Leaves behind the lock of a process that was killed. */
async function leaveStaleLock(): Promise<void> {
  const { process, answer } = start();
  expect(await answer).toBe('held');
  process.kill('SIGKILL');
  await once(process, 'exit');
}

describe('the lock of the data folder', () => {
  test('is released, and then free for others', async () => {
    (await lockFolder(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
    (await lockFolder(folder)).release();
  });

  test('refuses a second holder in the same process', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(/in use by this process itself: stop that one first/);
    lock.release();
  });

  test('refuses another process with a sentence that names the holder', async () => {
    const { process, answer } = start();
    expect(await answer).toBe('held');
    await expect(lockFolder(folder)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'data_folder_in_use',
      message: `The data folder ${folder} is in use by process ${process.pid}: stop that one first, or give this one another folder with POSTULATE_DATA_DIR.`,
    });
    process.stdin!.end();
    await once(process, 'exit');
    (await lockFolder(folder)).release();
  });

  test('is taken over at once after kill -9', async () => {
    await leaveStaleLock();
    const lock = await lockFolder(folder);
    expect(holder().pid).toBe(process.pid);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('goes to exactly one of several processes that find it stale', async () => {
    await leaveStaleLock();
    const answers = await Promise.all(Array.from({ length: 6 }, () => start().answer));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('refused The data folder'))).toHaveLength(5);
    expect(readdirSync(folder)).toEqual(['postulate.lock']);
  });

  test('goes to exactly one of many racers, again and again', async () => {
    for (let round = 0; round < 30; round += 1) {
      const first = await lockFolder(folder);
      writeHolder({ startedAt: '1' });
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
      const winners = results.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const { value } of winners) value.release();
      first.release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test('survives a crash in the middle of a takeover', async () => {
    const lock = await lockFolder(folder);
    writeHolder({ startedAt: '1' });
    const dead = holder();
    const guard = { ...dead, token: '00000000-0000-4000-8000-000000000000' };
    writeFileSync(`${lockFile()}.${dead.token}`, JSON.stringify(guard));
    const next = await lockFolder(folder);
    expect(holder().token).not.toBe(dead.token);
    next.release();
    lock.release();
  });

  test.runIf(process.platform === 'linux')('is not fooled by a process number used again', async () => {
    const lock = await lockFolder(folder);
    writeHolder({ startedAt: '1' });
    (await lockFolder(folder)).release();
    lock.release();
  });

  test('is taken over when it was torn by a power cut', async () => {
    writeFileSync(lockFile(), '{"token":');
    (await lockFolder(folder, { watchMs: 200 })).release();
  });

  test('of another machine is believed as long as it shows life', async () => {
    const lock = await lockFolder(folder);
    writeHolder({ machine: 'elsewhere', pid: 1 });
    await expect(lockFolder(folder, { watchMs: 3000 })).rejects.toThrow(
      /in use by process 1 on another machine or in another container/,
    );
    lock.release();
  });

  test('of another machine is taken over when it shows no life', async () => {
    const lock = await lockFolder(folder);
    lock.release();
    writeFileSync(
      lockFile(),
      JSON.stringify({
        token: '00000000-0000-4000-8000-000000000000',
        pid: 1,
        startedAt: null,
        machine: 'elsewhere',
      }),
    );
    utimesSync(lockFile(), 1, 1);
    (await lockFolder(folder, { watchMs: 300 })).release();
  });

  test('tells its holder when it was taken away', async () => {
    let lost = 0;
    const lock = await lockFolder(folder, { onLost: () => (lost += 1) });
    rmSync(lockFile());
    await expect.poll(() => lost, { timeout: 5000 }).toBe(1);
    await sleep(1200);
    expect(lost).toBe(1);
    lock.release();
  });
});
