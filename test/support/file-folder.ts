import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for the files of a test file, there from the first test to the last. */
export function fileFolder() {
  let path = '';
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'postulate-test-'));
  });
  afterAll(() => rm(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
    /** Writes lines into a file. @returns its path. */
    file: async (name: string, lines: readonly string[]): Promise<string> => {
      const written = join(path, name);
      await writeFile(written, `${lines.join('\n')}\n`);
      return written;
    },
  };
}
