import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationNames, migrationsFolder } from '../../src/database/migrate.js';

/** Changes whenever the tables would: with a migration file, or with the engine. */
export function templateVersion(): string {
  const folder = migrationsFolder();
  const hash = createHash('sha256').update('1');
  for (const name of migrationNames(folder)) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}
