import { readFileSync } from 'node:fs';
import type { Knex } from 'knex';

/** Milliseconds of processor time that this process has taken, and the server for it, where the server is on this machine. */
export interface CpuTime {
  readonly own: number;
  readonly server: number;
}

/** A clock that other work on the machine moves little. Give a pool that has one connection open. */
export async function cpuClock(db: Knex): Promise<() => CpuTime> {
  const { rows } = await db.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
  const path = `/proc/${rows[0]?.pid}/schedstat`;
  return () => {
    const { user, system } = process.cpuUsage();
    return { own: (user + system) / 1_000, server: serverTime(path) };
  };
}

function serverTime(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}
