import type { Knex } from 'knex';
import type { ModelReport } from '../strategies/model-report.js';
import type { Json } from '../strategies/strategy.js';

/** What a strategy version had learned, without the state itself. */
export interface LearnedInfo {
  readonly hash: string;
  /** Name of its strategy, and the how manieth model of that name: together the id of the model. */
  readonly name: string;
  readonly number: number;
  /** Content hash of the strategy version. */
  readonly strategy: string;
  /** Content hash of the model that was in use when it was made. */
  readonly parent: string | null;
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
  /** From the first event to the clock (ISO 8601). Missing, like `experiments`, of models from before it was kept. */
  readonly window?: { readonly from?: string; readonly until: string };
  /** What it learned from happened in part because of these. */
  readonly experiments?: readonly LearnedFromExperiment[];
}

/** An arm of an experiment, with how many of its recipients did something after they were enrolled that was learned from. */
export interface LearnedFromExperiment {
  readonly key: string;
  readonly arm: string;
  readonly recipients: number;
}

export interface LearnedState extends LearnedInfo {
  readonly state: Json;
  /** Null: it was made before there were reports. */
  readonly report: ModelReport | null;
}

interface Row {
  hash: string;
  name: string;
  number: number;
  strategy: string;
  parent: string | null;
  report: ModelReport | null;
  state: Json;
  clock: Date;
  seed: string;
  source: LearningSource;
  created_at: Date;
}

/** The same again is what is there already. */
export async function insertLearnedState(
  db: Knex,
  learned: Omit<LearnedState, 'number' | 'createdAt' | 'clock'> & {
    readonly clock: Date;
    readonly createdAt: Date;
  },
): Promise<LearnedInfo> {
  const { hash, name, strategy, parent, state, report, clock, seed, source, createdAt } = learned;
  // Two that learn at the same time must not get the same number.
  await db.raw(
    `with turn as materialized (select pg_advisory_xact_lock(hashtext('learned_states'), hashtext(?)))
     insert into learned_states (hash, name, number, strategy, parent, state, report, clock, seed, source, created_at)
     select ?, ?, (select coalesce(max(number), 0) + 1 from learned_states where name = ?), ?, ?, ?::json, ?::json, ?, ?, ?::json, ?
     from turn on conflict (hash) do nothing`,
    [
      ...[name, hash, name, name, strategy, parent],
      ...[JSON.stringify(state), JSON.stringify(report), clock, seed, JSON.stringify(source), createdAt],
    ],
  );
  const row = await infos(db).where({ hash }).first();
  if (!row) throw new Error(`learned state ${hash} vanished while it was being stored`);
  return toInfo(row);
}

/** The how manieth of a name: `tea-picks/3`. */
export async function selectModel(db: Knex, name: string, number: number): Promise<LearnedState | undefined> {
  const row = await db<Row>('learned_states').where({ name, number }).first();
  return row && { ...toInfo(row), state: row.state, report: row.report };
}

/** All models, or those of one name, page by page, the newest first; with their reports, without their states. */
export async function selectModels(
  db: Knex,
  { name, offset, limit }: { readonly name?: string; readonly offset: number; readonly limit: number },
): Promise<(LearnedInfo & Pick<LearnedState, 'report'>)[]> {
  const query = infos(db)
    .select('report')
    .orderBy('created_at', 'desc')
    .orderBy('name')
    .orderBy('number', 'desc')
    .offset(offset)
    .limit(limit);
  if (name !== undefined) query.where({ name });
  const rows = (await query) as Omit<Row, 'state'>[];
  return rows.map((row) => ({ ...toInfo(row), report: row.report }));
}

export async function selectLearnedState(db: Knex, hash: string): Promise<LearnedState | undefined> {
  const row = await db<Row>('learned_states').where({ hash }).first();
  return row && { ...toInfo(row), state: row.state, report: row.report };
}

/** Newest first, of these strategy versions or of all. */
export async function selectLearnedInfos(db: Knex, strategies?: readonly string[]): Promise<LearnedInfo[]> {
  const query = infos(db).orderBy('created_at', 'desc').orderBy('clock', 'desc').orderBy('hash');
  const rows = await (strategies ? query.whereIn('strategy', strategies) : query.limit(1_000));
  return rows.map(toInfo);
}

/** Those of these hashes, in no order. */
export async function selectInfosByHash(db: Knex, hashes: readonly string[]): Promise<LearnedInfo[]> {
  if (hashes.length === 0) return [];
  return (await infos(db).whereIn('hash', hashes)).map(toInfo);
}

function infos(db: Knex) {
  return db<Row>('learned_states').select(
    ...(['hash', 'name', 'number', 'strategy', 'parent', 'clock', 'seed', 'source', 'created_at'] as const),
  );
}

function toInfo(row: Omit<Row, 'state' | 'report'>): LearnedInfo {
  const { hash, name, number, strategy, parent, seed, source } = row;
  return {
    hash,
    name,
    number,
    strategy,
    parent,
    seed,
    source,
    clock: row.clock.toISOString(),
    createdAt: row.created_at.toISOString(),
  };
}
