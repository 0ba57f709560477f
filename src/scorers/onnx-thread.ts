import type { Worker } from 'node:worker_threads';
import { workerFrom } from '../worker-from.js';
import type { OnnxAsk, OnnxFault, OnnxWord } from './onnx-words.js';

type Failed = Pick<Extract<OnnxWord, { said: 'failed' }>, 'said' | 'message'> & {
  readonly code: OnnxFault | 'timeout' | 'thread_died';
};
export type ThreadWord = Exclude<OnnxWord, { said: 'failed' }> | Failed;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Asks the thread that holds ONNX models, which is started when it is first needed. */
export class OnnxThread {
  private worker: Worker | undefined;
  private asked = 0;
  private readonly pending = new Map<number, (word: ThreadWord) => void>();
  /** Files that this thread has loaded. */
  readonly files = new Map<string, Promise<ThreadWord>>();

  /**
   * What the thread says. Never rejects; whoever waits no longer than their signal is told that time is over.
   *
   * @param mostMs what takes longer has lost its way: the thread is ended, and started anew for the next.
   */
  ask(ask: WithoutId<OnnxAsk>, signal: AbortSignal, mostMs: number): Promise<ThreadWord> {
    const id = (this.asked += 1);
    const worker = (this.worker ??= this.start());
    worker.ref();
    return new Promise((resolve) => {
      const hanging = setTimeout(() => void worker.terminate(), mostMs);
      const late = (): void =>
        resolve({ said: 'failed', code: 'timeout', message: 'did not answer in time' });
      signal.addEventListener('abort', late, { once: true });
      this.pending.set(id, (word) => {
        clearTimeout(hanging);
        signal.removeEventListener('abort', late);
        this.pending.delete(id);
        // An idle thread keeps no process alive.
        if (this.pending.size === 0) worker.unref();
        resolve(word);
      });
      worker.postMessage({ ...ask, id });
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = workerFrom(import.meta.url, './onnx-worker', {
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (word: OnnxWord) => this.pending.get(word.id)?.(word));
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      this.files.clear();
      const died: ThreadWord = { said: 'failed', code: 'thread_died', message: 'its thread ended' };
      for (const settle of [...this.pending.values()]) settle(died);
    });
    return worker;
  }
}
