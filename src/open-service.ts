import { v7 as uuidv7 } from 'uuid';
import type { Config } from './config.js';
import { migrateDatabase } from './database/migrate.js';
import { openDatabase, type Database } from './database/open.js';
import { keepKeyFingerprint, readKeyFingerprint } from './database/workspace.js';
import type { Context, Log } from './flows/context.js';
import { keyedPseudonyms } from './flows/pseudonyms.js';
import { learningThread } from './learning-thread.js';
import { scorerPool } from './scorers/scorer-pool.js';
import { readWorkspaceKey } from './workspace-key.js';

/** The database, migrated, and what every flow works with: the same for the server and for the command line. */
export interface Service {
  readonly ctx: Context;
  readonly database: Database;
  /** Ends what is being learned; it changes nothing and may be started again. */
  stopLearning(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error with a sentence for the operator: locked folder, wrong key, unreachable or newer database. */
export async function openService(config: Config, log: Log): Promise<Service> {
  const database = await openDatabase(config, log);
  try {
    await migrateDatabase(database.knex);
    const isNew = (await readKeyFingerprint(database.knex)) === undefined;
    const pseudonyms = keyedPseudonyms(readWorkspaceKey(config, { mayMake: isNew }));
    if (isNew) await keepKeyFingerprint(database.knex, pseudonyms.fingerprint());
    // Read back: another instance may have been first, with another key.
    if ((await readKeyFingerprint(database.knex)) !== pseudonyms.fingerprint())
      throw new Error(wrongKey(config));
    const learner = learningThread({ databaseUrl: config.databaseUrl, db: database.knex });
    const scorers = scorerPool({
      now: () => Date.now(),
      chance: () => Math.random(),
      secrets: config.scorerSecrets,
    });
    const ctx: Context = {
      db: database.knex,
      learner,
      scorers,
      clock: () => new Date(),
      newId: () => uuidv7(),
      pseudonyms,
      log,
    };
    const stopLearning = (): Promise<void> => learner.close();
    const close = async (): Promise<void> => {
      await stopLearning();
      await scorers.close();
      await database.close();
    };
    return { ctx, database, stopLearning, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function wrongKey(config: Config): string {
  const where =
    config.workspaceKey === undefined
      ? `the file workspace.key in ${config.dataDir}`
      : 'POSTULATE_WORKSPACE_KEY';
  return `This database was made with another workspace key than the one in ${where}: with a wrong key nobody would be recognised; give the right one.`;
}
