import { randomUUID } from 'node:crypto';
import knex, { type Knex } from 'knex';
import { migrateDatabase } from '../../src/database/migrate.js';
import { openDatabase, type Database } from '../../src/database/open.js';
import { assignRecipients } from '../../src/flows/assign-recipients.js';
import { changeStatus } from '../../src/flows/change-status.js';
import type { Context } from '../../src/flows/context.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { learnerHere } from '../../src/flows/perform-task.js';
import { scorerPool } from '../../src/scorers/scorer-pool.js';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';

const serverUrl = process.env['BENCH_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const quiet = { info: () => undefined, warn: () => undefined, error: console.error };

export interface World {
  readonly ctx: Context;
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
}

/** A database of its own on a real PostgreSQL server. */
export async function openWorld(): Promise<World> {
  const name = `postulate_bench_${randomUUID().replaceAll('-', '')}`;
  await onServer((admin) => admin.raw('create database ??', [name]));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = await openDatabase({ databaseUrl: url.href, dataDir: '' }, quiet);
  await migrateDatabase(database.knex);
  let ids = 0;
  const ctx: Context = {
    db: database.knex,
    clock: () => new Date(),
    learner: learnerHere({ db: database.knex, clock: () => new Date() }),
    newId: () => `bench-${(ids += 1)}`,
    scorers: scorerPool({ now: () => Date.now(), chance: () => 0.5, secrets: new Map() }),
    pseudonyms: keyedPseudonyms(Buffer.alloc(32, 7)),
    log: quiet,
  };
  const close = async (): Promise<void> => {
    await database.close();
    await onServer((admin) => admin.raw('drop database ?? with (force)', [name]));
  };
  return { ctx, database, url: url.href, close };
}

async function onServer(work: (admin: Knex) => PromiseLike<unknown>): Promise<void> {
  const admin = knex({ client: 'pg', connection: serverUrl, pool: { min: 1, max: 1 } });
  try {
    await work(admin);
  } finally {
    await admin.destroy();
  }
}

/** Two strategies times two subject lines, four metrics, one cohort: what a shop would run. */
export function draft(key: string): object {
  const subject = (text: string): object => ({ kind: 'static', slots: { offer: text } });
  return {
    key,
    hypothesis: 'None: only the time is looked at.',
    factors: [
      {
        key: 'strategy',
        levels: [
          { key: 'plain', strategy: subject('Spring') },
          { key: 'other', strategy: subject('Summer') },
        ],
      },
      {
        key: 'subject',
        levels: [
          { key: 'short', slots: { subject: 'Spring' } },
          { key: 'long', slots: { subject: 'Spring is here' } },
        ],
      },
    ],
    metrics: [
      { key: 'open', type: 'proportion', event: 'opened' },
      { key: 'click', type: 'proportion', event: 'clicked' },
      { key: 'order', type: 'proportion', event: 'converted', role: 'primary', direction: 'increase' },
      { key: 'revenue', type: 'money', event: 'converted' },
    ],
    currency: 'EUR',
    cohorts: ['country'],
    window: '14d',
  };
}

const countries = ['DE', 'FR', 'SE', 'AT'];

/** Starts an experiment and enrols this many. @returns their message ids. */
export async function enrol(ctx: Context, key: string, count: number): Promise<string[]> {
  await createExperiment(ctx, draft(key));
  await changeStatus(ctx, key, 'start');
  const ids: string[] = [];
  for (let i = 0; i < count; i += 10_000) {
    const recipients = Array.from({ length: Math.min(10_000, count - i) }, (_, j) => ({
      id: `person-${i + j}@example.org`,
      traits: { country: countries[(i + j) % countries.length] },
    }));
    for (const answer of await assignRecipients(ctx, key, recipients)) {
      if ('messageId' in answer) ids.push(answer.messageId);
    }
  }
  return ids;
}

/** A seeded source of numbers in [0, 1). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const types = ['sent', 'delivered', 'opened', 'opened', 'clicked', 'converted'] as const;

/** Events of these messages in no order: each of another message than its neighbours, as in a campaign that goes out. */
export function makeEvents(messageIds: readonly string[], count: number, seed = 1): object[] {
  const next = chance(seed);
  const start = Date.now();
  return Array.from({ length: count }, (_, i) => {
    const type = types[Math.floor(next() * types.length)] ?? 'sent';
    const classed = type === 'opened' || type === 'clicked';
    return {
      id: `evt-${seed}-${i.toString(36)}-${Math.floor(next() * 1e9).toString(36)}`,
      type,
      messageId: messageIds[Math.floor(next() * messageIds.length)],
      at: new Date(start + Math.floor(next() * 1e9)).toISOString(),
      ...(classed && { class: next() < 0.7 ? 'human' : 'privacy_proxy' }),
      ...(type === 'converted' && { value: (Math.floor(next() * 9_000) / 100).toFixed(2), currency: 'EUR' }),
    };
  });
}
