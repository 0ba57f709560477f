import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { testLog } from './log.js';
import { templateVersion } from './template-version.js';

const LEFTOVER_MS = 60 * 60 * 1000;
const ROOM_IN_MEMORY = 2 ** 30;

/** A data folder with an empty, migrated embedded database that nobody has open; the caller removes it. */
export async function embeddedDataDir(): Promise<string> {
  const template = await embeddedTemplate();
  const dataDir = mkdtempSync(join(copiesFolder(), 'postulate-test-'));
  cpSync(template, dataDir, { recursive: true });
  return dataDir;
}

/** In memory where there is room: copying a thousand files to a busy disk takes ten times as long. */
function copiesFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > ROOM_IN_MEMORY ? memory : tmpdir();
}

/** Two test processes may both find no template and make one; the first to rename its own wins. */
async function embeddedTemplate(): Promise<string> {
  const template = join(tmpdir(), `postulate-template-${templateVersion()}`);
  if (existsSync(template)) return template;
  removeLeftovers();
  const draft = mkdtempSync(join(tmpdir(), 'postulate-template-draft-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDir: draft }, testLog, {
    durable: false,
  });
  await migrateDatabase(database.knex);
  await database.close();
  try {
    renameSync(draft, template);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
  return template;
}

/** Templates of earlier migrations, and copies left by tests that were killed. */
function removeLeftovers(): void {
  for (const folder of new Set([tmpdir(), copiesFolder()])) {
    for (const name of readdirSync(folder).filter((entry) => /^postulate-(template|test)-/.test(entry))) {
      const path = join(folder, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > LEFTOVER_MS) rmSync(path, { recursive: true, force: true });
    }
  }
}
