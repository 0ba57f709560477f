import { enrolledByExperiment } from '../database/questions/enrolled-by-experiment.js';
import {
  lastImports,
  waitingCounts,
  type ImportState,
  type Waiting,
} from '../database/questions/open-work.js';
import { lastRefills, type RefillState } from '../database/questions/refills.js';
import {
  sourceFreshness,
  yesterdayByNow,
  type SourceCounts,
} from '../database/questions/source-freshness.js';
import { staleness, type Staleness } from '../reports/staleness.js';
import type { Context } from './context.js';

export interface SourceFreshness extends SourceCounts, Staleness {
  /** Rows that had arrived yesterday by this time of day; undefined where they were too many to count. */
  readonly yesterdayByNow?: number;
}

/** A refill and how many recipients it is about. */
export interface RefillProgress extends RefillState {
  readonly enrolled: number;
}

export interface Freshness {
  readonly asOf: Date;
  readonly sources: readonly SourceFreshness[];
  readonly waiting: Waiting;
  readonly imports: readonly ImportState[];
  readonly refills: readonly RefillProgress[];
}

/** How fresh is what Postulate knows, and what is still to be done? */
export async function readFreshness(ctx: Pick<Context, 'db' | 'clock'>): Promise<Freshness> {
  const asOf = ctx.clock();
  const sources = await sourceFreshness(ctx.db, asOf);
  const byNow = await yesterdayByNow(ctx.db, asOf);
  return {
    asOf,
    sources: sources.map((source) => ({
      ...source,
      ...staleness(source, asOf),
      ...(byNow && { yesterdayByNow: byNow.get(source.source) ?? 0 }),
    })),
    waiting: await waitingCounts(ctx.db),
    imports: await lastImports(ctx.db),
    refills: await refillProgress(ctx),
  };
}

/** Open and last refills of one experiment, or of all. */
export async function refillProgress(
  ctx: Pick<Context, 'db'>,
  experiment?: string,
): Promise<RefillProgress[]> {
  const refills = await lastRefills(ctx.db, experiment);
  const enrolled = refills.length === 0 ? new Map<string, number>() : await enrolledByExperiment(ctx.db);
  return refills.map((refill) => ({
    ...refill,
    enrolled: enrolled.get(refill.experiment) ?? 0,
  }));
}
