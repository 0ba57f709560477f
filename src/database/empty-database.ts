import { closeSync, cpSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../package-root.js';

/**
 * Making a new PostgreSQL database takes PGlite some three seconds, copying one 0.1. So the build makes an empty one
 * (`make-empty-database.ts`), and a first start copies it; where it is missing, PGlite makes its own.
 */
export function emptyDatabaseFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return join(packageRoot(), 'dist', `empty-database-${version}`);
}

/** Copies the empty database to a folder and onto the disk. Does nothing where there is none to copy. */
export function copyEmptyDatabase(folder: string): void {
  const source = emptyDatabaseFolder();
  if (!existsSync(join(source, 'PG_VERSION'))) return;
  cpSync(source, folder, { recursive: true });
  // PostgreSQL takes it for granted that what stood there before it started survives a power cut.
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() || process.platform !== 'win32') sync(join(entry.parentPath, entry.name));
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
