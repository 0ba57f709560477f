import type { Context } from '../../src/flows/context.js';
import { ingestQueue } from '../../src/flows/ingest-queue.js';
import { rebuild } from '../../src/flows/rebuild.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { enrolAll, startCampaign } from './campaign.js';
import { cellsHash } from './cells-hash.js';
import { between, chance } from './chance.js';
import { eventOf, eventsOf, type SoakEvent, type World } from './events.js';
import { type Outcome, type Say, Violations } from './outcome.js';
import { inStore, type StoreKind, withStore } from './store.js';

export interface ReplayOptions {
  readonly kind: StoreKind;
  readonly events: number;
  readonly recipients: number;
  /** In percent. */
  readonly duplicates: number;
  readonly seed: number;
  /** Also make everything again from the events at the end, and compare. */
  readonly rebuild: boolean;
}

const batch = 5_000;
const lanes = 4;

interface Filled {
  readonly hash: string;
  readonly perSecond: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly rebuilt?: number;
}

/** Many events in order in one database; shuffled, with duplicates, in batches of any size, in another: the same cells. */
export async function replay(options: ReplayOptions, say: Say): Promise<Outcome> {
  const { events, duplicates, recipients, seed } = options;
  const world: World = { seed, recipients, start: new Date() };
  const violations = new Violations();
  const orderlyWay = { what: 'in order', batches: inOrder(events), lanes: 1 };
  const orderly = await fill(options, world, orderlyWay, say);
  const order = shuffledIndices(events, Math.floor((events * duplicates) / 100), seed);
  const wildWay = { what: 'shuffled', batches: wildly(order, seed), lanes };
  const wild = await fill(options, world, wildWay, say);
  violations.check(
    orderly.hash === wild.hash,
    'shuffled events with duplicates made other cells than orderly ones',
  );
  violations.check(orderly.hash !== 'no cells', 'there are no cells');
  for (const { statuses } of [orderly, wild]) {
    const { recorded = 0, refused = 0 } = statuses;
    violations.check(recorded === events, `${recorded} events were answered as recorded, not ${events}`);
    violations.check(refused === 0, `${refused} events were refused`);
  }
  violations.check((orderly.rebuilt ?? 0) + (wild.rebuilt ?? 0) === 0, 'rebuild made differences');
  const figures = {
    'events in order': events,
    'events shuffled, with duplicates': order.length,
    'events/s in order': Math.round(orderly.perSecond),
    'events/s shuffled': Math.round(wild.perSecond),
    cells: orderly.hash,
  };
  return { violations: violations.list(), figures };
}

type Batch = (world: World) => SoakEvent[];

function* inOrder(events: number): Generator<Batch> {
  for (let from = 0; from < events; from += batch) {
    yield (world) => eventsOf(world, from, Math.min(events, from + batch));
  }
}

function* wildly(order: Uint32Array, seed: number): Generator<Batch> {
  const next = chance(seed + 2);
  for (let from = 0; from < order.length;) {
    const part = order.subarray(from, from + between(next, 1, 2 * batch));
    from += part.length;
    yield (world) => Array.from(part, (i) => eventOf(world, i));
  }
}

function shuffledIndices(events: number, duplicates: number, seed: number): Uint32Array {
  const next = chance(seed + 1);
  const order = new Uint32Array(events + duplicates);
  for (let i = 0; i < order.length; i += 1) order[i] = i < events ? i : between(next, 0, events - 1);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}

/** In which order, and how many batches at a time. */
interface Way {
  readonly what: string;
  readonly batches: Generator<Batch>;
  readonly lanes: number;
}

async function fill(options: ReplayOptions, world: World, way: Way, say: Say): Promise<Filled> {
  return inStore(options.kind, (store) =>
    withStore(store, async (opened) => {
      const ctx = { ...opened, clock: () => world.start };
      await startCampaign(ctx);
      const own = { ...world, messageIds: await enrolAll(ctx, world.recipients) };
      if (options.kind === 'postgres') await ctx.db.raw('vacuum analyze');
      say(`${way.what}: ${world.recipients} recipients enrolled`);
      const recorded = await recordAll(ctx, own, way, say);
      const hash = await cellsHash(ctx.db);
      if (!options.rebuild) return { hash, ...recorded };
      const results = await rebuild(ctx);
      const rebuilt = results.reduce((sum, one) => sum + one.differenceCount, 0);
      return { hash, ...recorded, rebuilt };
    }),
  );
}

async function recordAll(
  ctx: Context,
  world: World,
  { what, batches, lanes: atOnce }: Way,
  say: Say,
): Promise<Pick<Filled, 'perSecond' | 'statuses'>> {
  const record = atOnce === 1 ? (rows: readonly unknown[]) => recordEvents(ctx, rows) : ingestQueue(ctx);
  const statuses: Record<string, number> = {};
  const start = performance.now();
  let done = 0;
  let told = 0;
  const perSecond = (): number => (done * 1_000) / (performance.now() - start);
  const lane = async (): Promise<void> => {
    for (const make of batches) {
      const answers = await record(make(world));
      for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
      done += answers.length;
      if (done - told < 250_000) continue;
      told = done;
      say(`${what}: ${done} events, ${Math.round(perSecond())}/s`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { perSecond: perSecond(), statuses };
}
