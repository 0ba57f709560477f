import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { readingProblem, sizeOf } from './open-file.js';

const hashedBytes = 1_000_000;

/**
 * SHA-256 of the first megabyte and the size: recognises a file that was read before, whatever it is called now. A pipe has
 * none, because what is read of it is gone.
 */
export async function fingerprint(path: string): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (size === undefined) return undefined;
  try {
    const file = await open(path, 'r');
    try {
      const head = Buffer.alloc(Math.min(size, hashedBytes));
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      return createHash('sha256').update(head.subarray(0, bytesRead)).update(`:${size}`).digest('hex');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readingProblem(error, path);
  }
}
