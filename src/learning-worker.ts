/**
 * The thread that learns. With a PostgreSQL server it has a connection of its own; the embedded database it borrows from the
 * thread that serves. It does one task and ends; what it has to say travels as messages.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { borrowConnection } from './database/borrow-connection.js';
import { openDatabase } from './database/open.js';
import { PostulateError } from './errors.js';
import type { LearnerTask } from './flows/learner.js';
import { performTask } from './flows/perform-task.js';

export interface WorkerTask {
  readonly task: LearnerTask;
  /** Undefined: the connection is borrowed. */
  readonly databaseUrl: string | undefined;
}

export type WorkerWord =
  | { readonly said: 'told'; readonly step: string; readonly share: number }
  | { readonly said: 'done'; readonly answer: unknown }
  | { readonly said: 'failed'; readonly error: TravellingError };

/** An error as it passes from thread to thread. */
export interface TravellingError {
  readonly message: string;
  readonly stack?: string;
  /** What makes it a `PostulateError`, where it is one. */
  readonly postulate?: Pick<PostulateError, 'kind' | 'code' | 'problems'>;
}

const tellEveryMs = 100;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function work(port: MessagePort, { task, databaseUrl }: WorkerTask): Promise<void> {
  giveWay();
  const say = (word: WorkerWord): void => port.postMessage(word);
  const database =
    databaseUrl === undefined ? undefined : await openDatabase({ databaseUrl, dataDir: '' }, quiet);
  const db = database?.knex ?? borrowConnection(port);
  let toldAt = -Infinity;
  try {
    const answer = await performTask({ db, clock: () => new Date() }, task, (step, share) => {
      const now = performance.now();
      if (now - toldAt < tellEveryMs) return;
      toldAt = now;
      say({ said: 'told', step, share });
    });
    say({ said: 'done', answer });
  } catch (error) {
    say({ said: 'failed', error: travelling(error) });
  } finally {
    await database?.close();
    port.close();
  }
}

/** On Linux a thread has a niceness of its own: where there are too few cores, those who are served come first. */
function giveWay(): void {
  if (process.platform === 'linux') setPriority(0, 10);
}

function travelling(error: unknown): TravellingError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const postulate = error instanceof PostulateError && {
    postulate: { kind: error.kind, code: error.code, problems: error.problems },
  };
  return { message, ...(stack !== undefined && { stack }), ...(postulate || {}) };
}

if (parentPort !== null) await work(parentPort, workerData as WorkerTask);
