import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Knex } from 'knex';
import { lendConnection } from './database/lend-connection.js';
import { PostulateError } from './errors.js';
import {
  Interrupted,
  type Learner,
  type LearnerAnswers,
  LearnerDied,
  type LearnerTask,
} from './flows/learner.js';
import type { TravellingError, WorkerTask, WorkerWord } from './learning-worker.js';
import type { Tell } from './strategies/strategy.js';

export interface ThreadOptions {
  /** The server that the thread connects to; undefined: it borrows the connection of `db`. */
  readonly databaseUrl: string | undefined;
  readonly db: Knex;
  /** Beyond it the thread ends, and nothing but the thread. Large arrays of numbers do not count. */
  readonly mostMegabytes?: number;
}

export interface LearningThread extends Learner {
  /** Ends what is going on and waits for it; nothing more is taken on. */
  close(): Promise<void>;
}

/** Two million events take half a gigabyte, and models made of them as much again. */
const usualMegabytes = 2_048;

/** Learns in threads of their own, one task at a time, so that those who are served never wait for it. */
export function learningThread(options: ThreadOptions): LearningThread {
  const ender = new AbortController();
  const background = new Set<Promise<unknown>>();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get isClosing() {
      return ender.signal.aborted;
    },
    run(task, tell, signal) {
      const either = AbortSignal.any([signal, ender.signal]);
      const mine = turn.then(() => inThread(options, task, tell, either));
      turn = mine.catch(() => undefined);
      return mine;
    },
    background(work) {
      const held = work.catch(() => undefined).finally(() => background.delete(held));
      background.add(held);
    },
    async close() {
      ender.abort();
      await turn;
      await Promise.all(background);
    },
  };
}

async function inThread<T extends LearnerTask>(
  { databaseUrl, db, mostMegabytes = usualMegabytes }: ThreadOptions,
  task: T,
  tell: Tell,
  signal: AbortSignal,
): Promise<LearnerAnswers[T['do']]> {
  if (signal.aborted) throw interrupted();
  const workerData: WorkerTask = { task, databaseUrl };
  const worker = startWorker(workerData, mostMegabytes);
  const takeBack = databaseUrl === undefined ? lendConnection(db, worker) : () => Promise.resolve();
  const end = (): void => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  try {
    return (await answerOf(worker, tell, signal)) as LearnerAnswers[T['do']];
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
    await takeBack();
  }
}

function answerOf(worker: Worker, tell: Tell, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.on('message', (word: WorkerWord | object) => {
      if (!('said' in word)) return;
      if (word.said === 'told') tell(word.step, word.share);
      else if (word.said === 'done') resolve(word.answer);
      else reject(arrived(word.error));
    });
    worker.once('error', (error) => reject(new LearnerDied(whyDied(error), { cause: error })));
    worker.once('exit', () =>
      reject(signal.aborted ? interrupted() : new LearnerDied('Its thread ended without an answer.')),
    );
  });
}

const interrupted = (): Interrupted => new Interrupted('It was ended before it was done.');

function whyDied(error: unknown): string {
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
    return 'It needed more memory than it may have. Learn from a shorter window, or from fewer kinds of events.';
  return `Its thread failed: ${error instanceof Error ? error.message : String(error)}.`;
}

function arrived({ message, stack, postulate }: TravellingError): Error {
  if (postulate) return new PostulateError(postulate.kind, postulate.code, message, postulate.problems);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Run from sources (tests, `npm run dev`), the thread must first learn from tsx to read them: Node 20 cannot. */
function startWorker(workerData: WorkerTask, mostMegabytes: number): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: mostMegabytes };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./learning-worker.js', import.meta.url), { workerData, resourceLimits });
  const home = createRequire(import.meta.url).resolve('tsx/package.json');
  const tsx = new URL('dist/esm/api/index.mjs', pathToFileURL(home)).href;
  const file = new URL('./learning-worker.ts', import.meta.url).href;
  const first = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(file)})))`;
  return new Worker(first, { eval: true, workerData, resourceLimits });
}
