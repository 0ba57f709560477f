import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex from 'knex';
import { readConfig } from '../../src/config.js';
import { createApiKey } from '../../src/flows/access.js';
import type { Context } from '../../src/flows/context.js';
import { openService } from '../../src/open-service.js';
import { serverUrl } from './settings.js';

export type StoreKind = 'embedded' | 'postgres';

/** A database of a scenario's own, known by the environment with which the service is started on it. */
export interface Store {
  readonly kind: StoreKind;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** One for all stores: recipients have the same keys everywhere, so that databases can be compared. */
const workspaceKey = '07'.repeat(32);
const common = { POSTULATE_WORKSPACE_KEY: workspaceKey, POSTULATE_DEMO: 'off' };

/** Works in a store that goes away at the end. */
export async function inStore<T>(kind: StoreKind, work: (store: Store) => Promise<T>): Promise<T> {
  const store = kind === 'embedded' ? embeddedStore() : await storeOnServer(serverUrl);
  try {
    return await work(store);
  } finally {
    await store.remove();
  }
}

export function embeddedStore(parent = tmpdir()): Store {
  const folder = mkdtempSync(join(parent, 'postulate-soak-'));
  return {
    kind: 'embedded',
    env: { ...common, POSTULATE_DATA_DIR: folder },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

export async function storeOnServer(server: string): Promise<Store> {
  const name = `postulate_soak_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    kind: 'postgres',
    env: { ...common, DATABASE_URL: url.href },
    remove: () => onServer(server, `drop database if exists ${name} with (force)`),
  };
}

async function onServer(server: string, sql: string): Promise<void> {
  const admin = knex({ client: 'pg', connection: server, pool: { min: 0, max: 1 } });
  try {
    await admin.raw(sql);
  } finally {
    await admin.destroy();
  }
}

const quiet = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => console.error(message, fields),
};

/** Works on the database in this process, as commands do; on the embedded one nobody else may have it open. */
export async function withStore<T>(store: Store, work: (ctx: Context) => Promise<T>): Promise<T> {
  const read = readConfig(store.env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const service = await openService(read.config, quiet);
  try {
    return await work(service.ctx);
  } finally {
    await service.close();
  }
}

export async function makeToken(ctx: Context): Promise<string> {
  return (await createApiKey(ctx, { name: 'soak', scopes: ['admin'] })).token;
}
