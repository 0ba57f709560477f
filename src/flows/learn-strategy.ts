import type { Knex } from 'knex';
import { selectCatalogueSnapshot, selectSnapshotInfos } from '../database/catalogue-snapshots.js';
import { insertLearnedState, type LearnedInfo, selectLearnedInfos } from '../database/learned-states.js';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import { identityPage } from '../database/questions/identity-page.js';
import { badInput, conflict, notFound } from '../errors.js';
import type { History, HistoryNeeds } from '../profiles/history.js';
import type { CatalogueSnapshot } from '../strategies/catalogue.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Context } from './context.js';
import { loadHistories } from './load-histories.js';
import { kindOf } from './load-parts.js';

export interface LearnOptions {
  /** Nothing that happened at it or later is learned from; now, unless said. */
  readonly clock?: Date;
  /** What chance begins with, for kinds that use any. */
  readonly seed?: string;
  /** Content hash of the snapshot; the newest, unless said. */
  readonly catalogue?: string;
  /** With so many events it is enough: recipients beyond are left out. */
  readonly mostEvents?: number;
}

export interface Learned extends LearnedInfo {
  /** `name@version` of the strategy. */
  readonly of: string;
}

const pageSize = 1_000;

/** Half a gigabyte of memory; more would tell no strategy anything else. */
const enoughEvents = 2_000_000;

/**
 * Lets a strategy version learn from everybody's history, and keeps what it has learned as a version of its own. The same
 * events, clock and seed give the same. Of more events than memory holds it learns from a sample of recipients, and says so.
 *
 * @param reference `name`, for the newest version, `name@version`, or `sha256:…`.
 * @throws not_found `strategy_not_found`, `snapshot_not_found`; bad_input `learns_nothing`; conflict `no_snapshot`.
 */
export async function learnStrategy(
  ctx: Context,
  reference: string,
  { clock, seed = '', catalogue, mostEvents = enoughEvents }: LearnOptions = {},
  progress?: (recipients: number) => void,
): Promise<Learned> {
  const now = ctx.clock();
  const at = clock ?? now;
  if (at > now)
    throw badInput('invalid_clock', 'The clock lies ahead: nobody knows yet what will have happened.');
  const version = await findVersion(ctx.db, reference);
  const of = `${version.name}@${version.version}`;
  const kind = kindOf(version);
  const { definition } = version;
  if (!kind.learn)
    throw badInput('learns_nothing', `"${of}" is of the kind ${kind.kind}, which learns nothing.`);
  const needs = kind.learnsFrom?.(definition) ?? kind.needs(definition, new Map());
  const snapshot = await findSnapshot(ctx.db, catalogue);
  const { histories, events, sampled } = await everybodysHistory(ctx.db, needs, at, mostEvents, progress);
  const log = { histories, catalogue: snapshot, traits: new Map(), trials: new Map() };
  const learned = kind.learn(definition, log, at, seed);
  if ('refused' in learned) throw conflict(learned.code, `"${of}" learned nothing: ${learned.reason}`);
  const { state, report } = learned;
  const source = {
    ...{ recipients: histories.size, events, catalogue: snapshot.hash },
    ...(sampled && { sampled }),
  };
  const content = { strategy: version.hash, state, clock: at.toISOString(), seed, source };
  const hash = contentHash(content);
  const own = { name: version.name, parent: null, report, clock: at, hash, createdAt: now };
  const info = await insertLearnedState(ctx.db, { ...content, ...own });
  return { ...info, of };
}

/** What strategies have learned, the newest first. */
export async function listLearned(ctx: Context): Promise<Learned[]> {
  const names = new Map(
    (await selectStrategyVersions(ctx.db)).map(({ hash, name, version }) => [hash, `${name}@${version}`]),
  );
  const infos = await selectLearnedInfos(ctx.db);
  return infos.map((info) => ({ ...info, of: names.get(info.strategy) ?? info.strategy }));
}

async function findVersion(db: Knex, reference: string): Promise<StrategyVersion> {
  const versions = await selectStrategyVersions(db);
  const found = versions
    .filter(({ name, version, hash }) => [name, `${name}@${version}`, hash].includes(reference))
    .at(-1);
  if (!found) throw notFound('strategy_not_found', `No strategy version is called "${reference}".`);
  return found;
}

async function findSnapshot(db: Knex, wanted: string | undefined): Promise<CatalogueSnapshot> {
  const hash = wanted ?? (await selectSnapshotInfos(db, 1))[0]?.hash;
  if (hash === undefined) {
    throw conflict(
      'no_snapshot',
      'There is no snapshot of the catalogue to learn from: take one by POST /v1/catalogue/snapshots or postulate catalogue snapshot.',
    );
  }
  const snapshot = await selectCatalogueSnapshot(db, hash);
  if (!snapshot) throw notFound('snapshot_not_found', `There is no snapshot ${hash} of the catalogue.`);
  return snapshot;
}

interface Everybody {
  readonly histories: ReadonlyMap<string, History>;
  readonly events: number;
  /** There were more recipients. Keys are keyed hashes, so the first of them are as good as drawn by chance. */
  readonly sampled?: true;
}

/**
 * Not in one transaction, which would keep others waiting. In the order of the recipient keys; those who did nothing of the kind
 * are left out, and of very long histories the rest.
 */
async function everybodysHistory(
  db: Knex,
  needs: HistoryNeeds,
  clock: Date,
  mostEvents: number,
  progress?: (recipients: number) => void,
): Promise<Everybody> {
  const all = new Map<string, History>();
  let [after, seen, events] = ['', 0, 0];
  let isLeftOut = false;
  for (;;) {
    const keys = await identityPage(db, after, pageSize);
    isLeftOut ||= keys.length > 0 && events >= mostEvents;
    if (keys.length === 0 || isLeftOut) {
      const histories = new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
      return { histories, events, ...(isLeftOut && { sampled: true }) };
    }
    const { histories } = await loadHistories(db, keys, needs, clock);
    for (const [key, history] of histories) {
      if (history.length === 0) continue;
      if (events >= mostEvents) {
        isLeftOut = true;
        break;
      }
      all.set(key, history);
      events += history.length;
    }
    after = keys.at(-1) ?? after;
    seen += keys.length;
    progress?.(seen);
  }
}
