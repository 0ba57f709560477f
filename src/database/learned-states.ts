import type { Knex } from 'knex';
import type { Json } from '../strategies/strategy.js';

/** What a strategy version had learned, without the state itself. */
export interface LearnedInfo {
  readonly hash: string;
  /** Content hash of the strategy version. */
  readonly strategy: string;
  /** Nothing that happened at it or later was learned from (ISO 8601). */
  readonly clock: string;
  readonly seed: string;
  readonly source: LearningSource;
  readonly createdAt: string;
}

/** What was learned from. */
export interface LearningSource {
  readonly recipients: number;
  readonly events: number;
  /** Content hash of the snapshot. */
  readonly catalogue: string;
  /** There were more recipients: it learned from some of them, drawn by chance. */
  readonly sampled?: true;
}

export interface LearnedState extends LearnedInfo {
  readonly state: Json;
}

interface Row {
  hash: string;
  strategy: string;
  state: Json;
  clock: Date;
  seed: string;
  source: LearningSource;
  created_at: Date;
}

/** The same again is what is there already. */
export async function insertLearnedState(
  db: Knex,
  learned: Omit<LearnedState, 'createdAt' | 'clock'> & { readonly clock: Date; readonly createdAt: Date },
): Promise<LearnedInfo> {
  const { hash, strategy, state, clock, seed, source, createdAt } = learned;
  await db.raw(
    `insert into learned_states (hash, strategy, state, clock, seed, source, created_at)
     values (?, ?, ?::json, ?, ?, ?::json, ?) on conflict (hash) do nothing`,
    [hash, strategy, JSON.stringify(state), clock, seed, JSON.stringify(source), createdAt],
  );
  const row = await infos(db).where({ hash }).first();
  if (!row) throw new Error(`learned state ${hash} vanished while it was being stored`);
  return toInfo(row);
}

export async function selectLearnedState(db: Knex, hash: string): Promise<LearnedState | undefined> {
  const row = await db<Row>('learned_states').where({ hash }).first();
  return row && { ...toInfo(row), state: row.state };
}

/** Newest first, of these strategy versions or of all. */
export async function selectLearnedInfos(db: Knex, strategies?: readonly string[]): Promise<LearnedInfo[]> {
  const query = infos(db).orderBy('created_at', 'desc').orderBy('clock', 'desc').orderBy('hash');
  const rows = await (strategies ? query.whereIn('strategy', strategies) : query.limit(1_000));
  return rows.map(toInfo);
}

function infos(db: Knex) {
  return db<Row>('learned_states').select('hash', 'strategy', 'clock', 'seed', 'source', 'created_at');
}

function toInfo(row: Omit<Row, 'state'>): LearnedInfo {
  const { hash, strategy, seed, source } = row;
  return {
    hash,
    strategy,
    seed,
    source,
    clock: row.clock.toISOString(),
    createdAt: row.created_at.toISOString(),
  };
}
