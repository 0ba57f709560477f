import type { Knex } from 'knex';
import { selectCatalogueSnapshot, selectSnapshotInfos } from '../database/catalogue-snapshots.js';
import {
  type LearnedFromExperiment,
  type LearnedInfo,
  type LearnedState,
  selectLearnedInfos,
  selectLearnedState,
} from '../database/learned-states.js';
import { selectModelsInUse } from '../database/model-promotions.js';
import { countIdentities } from '../database/identities.js';
import { selectStrategyVersions, type StrategyVersion } from '../database/strategy-versions.js';
import { badInput, conflict, notFound } from '../errors.js';
import { type CatalogueSnapshot, snapshotOf } from '../strategies/catalogue.js';
import { contentHash } from '../strategies/content-hash.js';
import type { Judgement } from '../strategies/judge-model.js';
import type { Measure } from '../strategies/model-report.js';
import type { Json, LearningLog, LearningNeeds, StrategyKind, Tell } from '../strategies/strategy.js';
import type { Context } from './context.js';
import { ifUsable } from './if-usable.js';
import { keepModel } from './keep-model.js';
import { loadLearningLog } from './load-learning-log.js';
import { kindOf } from './load-parts.js';
import { loadTrials } from './load-trials.js';
import { refuseFuture } from './refuse-future.js';

export interface LearnOptions {
  /** Nothing that happened at it or later is learned from; now, unless said. */
  readonly clock?: Date;
  /** What chance begins with, for kinds that use any. */
  readonly seed?: string;
  /** Content hash of the snapshot; the newest, unless said. */
  readonly catalogue?: string;
  /** With so many events it is enough: recipients beyond are left out. */
  readonly mostEvents?: number;
  /** Who asked for it, as the record of promotions shows it. */
  readonly by?: string;
  /** Nobody else is served yet: what recipients did is read without pauses. */
  readonly isAlone?: boolean;
}

export interface Learned extends LearnedInfo {
  /** `name@version` of the strategy. */
  readonly of: string;
}

/** A model, and whether it took the place of the one in use. */
export interface LearnedAndJudged extends Learned {
  readonly judgement: Judgement;
}

/** Half a gigabyte of memory; more would tell no strategy anything else. */
const enoughEvents = 2_000_000;

/**
 * Lets a strategy version learn from everybody's history, and keeps what it has learned as a model. The first model of a
 * version is promoted, a later one if it does better than the one in use on the same hold-out. The same events, clock and
 * seed give the same. Of more events than memory holds it learns from a sample of recipients, and says so. Nothing is
 * written before the end: what ends early or fails has changed nothing.
 *
 * @param reference `name`, for the newest version, `name@version`, or `sha256:…`.
 * @throws not_found `strategy_not_found`, `snapshot_not_found`; bad_input `learns_nothing`, `invalid_clock`; conflict
 * `no_snapshot`, and what the kind refuses to learn from.
 */
export async function learnStrategy(
  ctx: Pick<Context, 'db' | 'clock'>,
  reference: string,
  options: LearnOptions = {},
  tell: Tell = () => undefined,
): Promise<LearnedAndJudged> {
  const { seed = '', catalogue, by = 'postulate' } = options;
  const clock = options.clock ?? ctx.clock();
  refuseFuture(clock, ctx.clock());
  const version = await findLearner(ctx.db, reference);
  const { name, version: number, hash: strategy, definition } = version;
  const of = `${name}@${number}`;
  const kind = kindOf(version) as Learner;
  const snapshot = await findSnapshot(ctx.db, version, catalogue);
  const { log, source } = await loadLog(ctx.db, version, snapshot, clock, tell, options);

  tell('learning', 0);
  const learned = kind.learn(definition, log, clock, seed, tell);
  if ('refused' in learned) throw conflict(learned.code, `"${of}" learned nothing: ${learned.reason}`);
  const content = { strategy, state: learned.state, clock: clock.toISOString(), seed, source };
  const hash = contentHash(content);

  tell('comparing with the model in use', 0);
  const champion = await championOf(ctx.db, version);
  const isOther = champion && champion.hash !== hash;
  const lesson = { kind, definition, log, clock, seed };
  const measured = isOther ? measureBoth(lesson, learned.state, champion.state) : undefined;
  const parent = champion?.hash ?? null;
  const model = { ...content, clock, hash, name, parent, report: learned.report };
  const kept = await keepModel(ctx, model, { champion, measured, by });
  return { ...kept, of };
}

/** What a model is learned from, and measured on. */
interface Lesson {
  readonly kind: Learner;
  readonly definition: unknown;
  readonly log: LearningLog;
  readonly clock: Date;
  readonly seed: string;
}

/**
 * The new model and the one in use on the same hold-out, where the kind has a measure. One in use that cannot be read any
 * more has none, and so gives way.
 */
function measureBoth(
  { kind, definition, log, clock, seed }: Lesson,
  state: Json,
  inUse: Json,
): { readonly challenger: Measure; readonly champion: Measure } | undefined {
  const measure = (of: Json): Measure | undefined => kind.measure?.(definition, of, log, clock, seed);
  const challenger = measure(state);
  if (!challenger) return undefined;
  const { name, definition: what } = challenger;
  const read = ifUsable(() => kind.scores?.(definition, inUse));
  const unusable = { name, definition: what, refused: true, code: 'model_unusable' } as const;
  const champion = 'unusable' in read ? { ...unusable, reason: read.unusable } : measure(inUse);
  return champion && { challenger, champion };
}

type Learner = StrategyKind<unknown> & Required<Pick<StrategyKind<unknown>, 'learn'>>;

/** The model in use of a strategy version. */
export async function championOf(db: Knex, { hash }: StrategyVersion): Promise<LearnedState | undefined> {
  const inUse = (await selectModelsInUse(db, [hash])).get(hash);
  return inUse === undefined ? undefined : selectLearnedState(db, inUse);
}

/** What a version learns from, everything of it as it was known at the clock. */
export async function loadLog(
  db: Knex,
  version: StrategyVersion,
  catalogue: CatalogueSnapshot,
  clock: Date,
  tell: Tell,
  { mostEvents = enoughEvents, isAlone = false }: Pick<LearnOptions, 'mostEvents' | 'isAlone'> = {},
): Promise<{ log: LearningLog; source: LearnedInfo['source'] }> {
  const kind = kindOf(version);
  const needs: LearningNeeds =
    kind.learnsFrom?.(version.definition) ?? kind.needs(version.definition, new Map());
  const everybody = Math.max(1, await countIdentities(db));
  const { histories, traits, events, from, experiments, sampled } = await loadLearningLog(
    ...([db, needs, clock] as const),
    {
      ...{ mostEvents, isAlone },
      pageRead: (recipients) => tell('reading what recipients did', Math.min(1, recipients / everybody)),
    },
  );
  const trials = await loadTrials(db, needs.trials ?? [], clock);
  return {
    log: { histories, catalogue, traits, trials },
    source: {
      ...{ recipients: histories.size, events, catalogue: catalogue.hash },
      window: { ...(from !== undefined && { from }), until: clock.toISOString() },
      experiments: withTrials(experiments, trials),
      ...(sampled && { sampled }),
    },
  };
}

/** What an experiment found out is its treated period, whatever its recipients did besides. */
function withTrials(
  experiments: readonly LearnedFromExperiment[],
  trials: LearningLog['trials'],
): LearnedFromExperiment[] {
  const others = experiments.filter(({ key }) => !trials.has(key));
  const learned = [...trials].flatMap(([key, { arms, rows }]) =>
    arms.map((arm, i) => ({ key, arm, recipients: rows.filter((row) => row.arm === i).length })),
  );
  return [...others, ...learned].filter(({ recipients }) => recipients > 0);
}

/** What strategies have learned, the newest first. */
export async function listLearned(ctx: Context): Promise<Learned[]> {
  const names = new Map(
    (await selectStrategyVersions(ctx.db)).map(({ hash, name, version }) => [hash, `${name}@${version}`]),
  );
  const infos = await selectLearnedInfos(ctx.db);
  return infos.map((info) => ({ ...info, of: names.get(info.strategy) ?? info.strategy }));
}

/** Whether a version is of a kind that learns. */
export function learns(version: StrategyVersion): boolean {
  return kindOf(version).learn !== undefined;
}

/** A version that can learn. @throws not_found `strategy_not_found`; bad_input `learns_nothing`. */
export async function findLearner(db: Knex, reference: string): Promise<StrategyVersion> {
  const versions = await selectStrategyVersions(db);
  const found = versions
    .filter(({ name, version, hash }) => [name, `${name}@${version}`, hash].includes(reference))
    .at(-1);
  if (!found) throw notFound('strategy_not_found', `No strategy version is called "${reference}".`);
  const kind = kindOf(found);
  if (!kind.learn) {
    const of = `${found.name}@${found.version}`;
    throw badInput('learns_nothing', `"${of}" is of the kind ${kind.kind}, which learns nothing.`);
  }
  return found;
}

/**
 * The snapshot to learn from. A strategy that chooses no items learns without one where there is none.
 *
 * @throws conflict `no_snapshot`; not_found `snapshot_not_found`.
 */
export async function findSnapshot(
  db: Knex,
  version: StrategyVersion,
  wanted: string | undefined,
): Promise<CatalogueSnapshot> {
  const hash = wanted ?? (await selectSnapshotInfos(db, 1))[0]?.hash;
  if (hash === undefined) {
    const nothing = snapshotOf([]);
    if (nothing.ok && !kindOf(version).references(version.definition).catalogue) return nothing.value;
    throw conflict(
      'no_snapshot',
      'There is no snapshot of the catalogue to learn from: take one by POST /v1/catalogue/snapshots or postulate catalogue snapshot.',
    );
  }
  const snapshot = await selectCatalogueSnapshot(db, hash);
  if (!snapshot) throw notFound('snapshot_not_found', `There is no snapshot ${hash} of the catalogue.`);
  return snapshot;
}
