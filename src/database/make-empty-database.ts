import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { startEmbedded } from './embedded.js';
import { emptyDatabaseFolder } from './empty-database.js';

/** Run by `npm run build`: makes the empty database that first starts copy, unless it is there already. */
const folder = emptyDatabaseFolder();
if (!existsSync(folder)) {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.startsWith('empty-database-')) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const draft = join(parent, `${basename(folder)}.draft`);
  const server = await startEmbedded({ folder: draft, durable: false });
  await server.close();
  renameSync(draft, folder);
}
