import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { badInput } from '../errors.js';
import { quoted } from './closest-name.js';

/** A file that is there whole or not at all: it is written under another name and renamed at the end. */
export class WholeFile {
  readonly path: string;
  readonly #unfinished: string;
  readonly #file: FileHandle;

  private constructor(path: string, unfinished: string, file: FileHandle) {
    this.path = path;
    this.#unfinished = unfinished;
    this.#file = file;
  }

  /** Makes the folder as well. @throws bad_input when it cannot be written. */
  static async begin(path: string): Promise<WholeFile> {
    // Readers of folders leave out names that begin with a point.
    const unfinished = path.replace(/[^/]*$/, (name) => `.${name}.${process.pid}.tmp`);
    try {
      await mkdir(dirname(path), { recursive: true });
      return new WholeFile(path, unfinished, await open(unfinished, 'w'));
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  readonly write = async (bytes: Uint8Array): Promise<void> => {
    try {
      for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  };

  async commit(): Promise<void> {
    try {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#unfinished, this.path);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#unfinished, { force: true });
  }
}

function cannotWrite(path: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return badInput('cannot_write', `${quoted(path, 200)} could not be written: ${reason}.`);
}
