import { type FileHandle, open, stat, truncate } from 'node:fs/promises';
import { badInput } from '../errors.js';
import { quoted } from './closest-name.js';

/** A row that was refused, as the file of refused rows shows it. */
export interface RefusedRow {
  readonly line: number;
  readonly code: string;
  readonly path?: string | undefined;
  readonly message: string;
  /** The row as it was read, or how it begins where it could not be read. */
  readonly row: unknown;
}

/** The NDJSON file of refused rows. It is made when there is one to write. */
export class RefusedFile {
  readonly path: string;
  #bytes: number;
  #file: FileHandle | undefined;

  /** @param bytes size at which an interrupted import left it; what was written after that is written again. */
  constructor(path: string, bytes: number) {
    this.path = path;
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws bad_input when the file cannot be written. */
  async write(rows: readonly RefusedRow[]): Promise<void> {
    if (rows.length === 0) return;
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    try {
      this.#file ??= await this.#open();
      await this.#file.write(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw badInput(
        'cannot_write',
        `The refused rows could not be written to ${quoted(this.path, 200)}: ${reason}. Name another file with --refused.`,
      );
    }
    this.#bytes += Buffer.byteLength(text);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#bytes === 0) return open(this.path, 'w');
    const size = (await stat(this.path).catch(() => undefined))?.size ?? 0;
    if (size > this.#bytes) await truncate(this.path, this.#bytes);
    return open(this.path, 'a');
  }
}
