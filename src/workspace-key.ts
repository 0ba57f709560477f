import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';

/**
 * The key behind all pseudonyms: from the configuration, or from the file `workspace.key` in the data folder, which is
 * made at the first start. Whoever loses it can no longer tell which recipient is which.
 */
export function readWorkspaceKey(
  config: Pick<Config, 'workspaceKey' | 'dataDir'>,
  options: { mayMake: boolean },
): Buffer {
  if (config.workspaceKey !== undefined) return Buffer.from(config.workspaceKey, 'hex');
  const path = join(config.dataDir, 'workspace.key');
  const text = readOwnFile(path) ?? (options.mayMake ? makeKey(config.dataDir, path) : undefined);
  if (text === undefined) {
    throw new Error(
      `The file ${path} is missing: without the key this database was made with nobody would be recognised; restore it from a backup.`,
    );
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new Error(
      `The file ${path} does not hold a workspace key (64 hexadecimal characters); restore it from a backup.`,
    );
  }
  return Buffer.from(text, 'hex');
}

function makeKey(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32).toString('hex');
  // wx: never over a key that is there.
  writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** The text of a file without the line end; undefined when there is none. */
export function readOwnFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}
