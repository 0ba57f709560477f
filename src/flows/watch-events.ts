import type { StoredExperiment } from '../experiments/experiment.js';
import { badInput } from '../errors.js';
import { eventCounts, type EventCounts } from '../database/questions/event-counts.js';
import { eventExists, latestEvents, type LatestEvents } from '../database/questions/latest-events.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';

export { MOST_LOOKED } from '../database/questions/latest-events.js';

export interface FeedQuestion {
  readonly limit: number;
  /** Only events that arrived after this one. */
  readonly after?: string;
}

export interface EventFeed extends LatestEvents {
  readonly experiment: StoredExperiment;
  readonly asOf: Date;
}

/**
 * The events of an experiment that arrived last.
 *
 * @throws not_found `experiment_not_found`; bad_input `event_unknown` when nothing has the id in `after`.
 */
export async function watchEvents(
  ctx: Pick<Context, 'db' | 'clock'>,
  key: string,
  question: FeedQuestion,
): Promise<EventFeed> {
  const experiment = await findExperiment(ctx, key);
  const { after } = question;
  if (after !== undefined && (after.includes('\0') || !(await eventExists(ctx.db, after)))) {
    throw badInput('event_unknown', 'There is no event with the id given in "after"; leave it out.', [
      { path: 'after', message: 'use the id of an event of an earlier answer' },
    ]);
  }
  return { experiment, asOf: ctx.clock(), ...(await latestEvents(ctx.db, key, question)) };
}

/** What arrived for an experiment, counted. @throws not_found `experiment_not_found`. */
export async function countEvents(
  ctx: Pick<Context, 'db' | 'clock'>,
  key: string,
): Promise<EventCounts & { readonly asOf: Date }> {
  await findExperiment(ctx, key);
  const asOf = ctx.clock();
  return { asOf, ...(await eventCounts(ctx.db, key, asOf)) };
}
