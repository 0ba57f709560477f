import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Config, readConfig } from '../config.js';
import { badInput } from '../errors.js';
import type { Context } from '../flows/context.js';
import { openService } from '../open-service.js';
import { type CommandIo, UsageError } from './command.js';

/**
 * Runs work on the database that the environment names, and closes it whatever happens. The embedded database has
 * one process at a time: while the service runs on it, a command is refused with a sentence.
 */
export async function withService<T>(
  io: CommandIo,
  work: (ctx: Context, config: Config) => Promise<T>,
): Promise<T> {
  const read = readConfig(io.env);
  if (!read.ok) throw badInput('invalid_configuration', read.problems.join('\n'));
  const { databaseUrl, dataDir } = read.config;
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'database'))) {
    const message = `There is no Postulate database in ${dataDir}: start the service there first, or name another folder with POSTULATE_DATA_DIR.`;
    throw badInput('no_database', message);
  }
  const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
  const service = await openService(read.config, log).catch((error: unknown) => {
    throw badInput('not_opened', error instanceof Error ? error.message : String(error));
  });
  try {
    return await work(service.ctx, read.config);
  } finally {
    await service.close();
  }
}

/** For a command without arguments. @throws UsageError */
export function takesNothing(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError('This command takes no arguments.');
}

/** Wipes the line that the counting left. */
export function wipeCount(io: CommandIo): void {
  if (io.stderr.isTTY === true) io.stderr.write('\r\x1b[2K');
}

/** Counts on a terminal as the work goes on, and ends it when the user interrupts. */
export function countRecipients(io: CommandIo): (experiment: string, recipients: number) => void {
  return (experiment, recipients) => {
    io.signal.throwIfAborted();
    if (io.stderr.isTTY === true) {
      io.stderr.write(`\r\x1b[2K${experiment}: ${recipients.toLocaleString('en')} recipients`);
    }
  };
}
