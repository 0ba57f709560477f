import { hasOneConnection } from '../database/open.js';
import { noteRefillProgress } from '../database/refills.js';
import type { Context } from './context.js';

const pauseMs = 500;

/**
 * Writes down how far a refill is, on a connection of its own: its transaction shows nothing before its end. The embedded
 * database has no second connection, so nothing is written there, and nobody could read it either.
 */
export class RefillNotes {
  readonly #ctx: Context;
  readonly #id: string;
  #writing: Promise<void> | undefined;
  #latest: number | undefined;
  #written: number | undefined;
  #writtenAt = -Infinity;

  /** @param ctx with the database itself, not the transaction. */
  constructor(ctx: Context, id: string) {
    this.#ctx = ctx;
    this.#id = id;
  }

  /** Returns at once. Left out while the last note is fresh. */
  note(recipients: number): void {
    if (hasOneConnection(this.#ctx.db)) return;
    this.#latest = recipients;
    this.#writing ??= this.#isDue() ? this.#write() : undefined;
  }

  /** When nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #isDue(): boolean {
    return this.#latest !== this.#written && this.#ctx.clock().getTime() - this.#writtenAt >= pauseMs;
  }

  async #write(): Promise<void> {
    try {
      do {
        const recipients = this.#latest ?? 0;
        this.#written = recipients;
        this.#writtenAt = this.#ctx.clock().getTime();
        await noteRefillProgress(this.#ctx.db, this.#id, recipients);
      } while (this.#isDue());
    } catch (error) {
      // The work goes on; only those who watch it see nothing.
      this.#ctx.log.warn({ refill: this.#id, err: error }, 'How far a refill is could not be noted.');
    } finally {
      this.#writing = undefined;
    }
  }
}
