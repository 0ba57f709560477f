import { convertedHistories, keyOfRecipient } from '../database/questions/converted-histories.js';
import { conversionDelay } from '../engagement/conversion-delay.js';
import { stations } from '../engagement/facts.js';
import { decodeHistory } from '../engagement/history.js';
import type { Experiment, StoredExperiment } from '../experiments/experiment.js';
import type { DelayCount } from '../reports/delay-distribution.js';
import { maturityCurve, type MaturityCurve } from '../reports/maturity-curve.js';
import { refuse, type Refusal } from '../statistics/result.js';
import type { Context } from './context.js';
import { findExperiment } from './find-experiment.js';

export interface Maturity {
  readonly asOf: Date;
  readonly experiment: StoredExperiment;
  /** Recipients with a conversion that the curve rests on. */
  readonly conversions: number;
  /** There are more recipients than were looked at. */
  readonly sampled: boolean;
  readonly curve: MaturityCurve | Refusal;
}

export const mostRecipients = 100_000;
const mostConversions = 20_000;
const batch = 2_000;
const mostBins = 31;
const minute = 60_000;
/** Lengths of a bin, the first with which the window has few enough of them is taken. */
const binLengths = [1, 5, 15, 60, 360, 720, 1_440, 10_080].map((minutes) => minutes * minute);

/**
 * How much of what a full window brings has come in by each age, from the experiment's own conversions: of all recipients,
 * or of as many as one can read while somebody waits.
 *
 * @throws not_found `experiment_not_found`.
 */
export async function loadMaturity(ctx: Pick<Context, 'db' | 'clock'>, key: string): Promise<Maturity> {
  const experiment = await findExperiment(ctx, key);
  const asOf = ctx.clock();
  const windowMs = longestWindow(experiment);
  if (windowMs === 0) {
    const curve = refuse('invalid_input', 'The experiment has no window.');
    return { asOf, experiment, conversions: 0, sampled: false, curve };
  }
  const binMs = binLength(windowMs);
  const { counts, conversions, sampled } = await countDelays(ctx, experiment, { asOf, windowMs, binMs });
  const curve = maturityCurve({
    counts,
    binMs,
    // A bin that is cut by the end of the window belongs to it.
    window: Math.ceil(windowMs / binMs),
    level: 1 - experiment.plan.alpha,
    what: 'first conversions',
  });
  return { asOf, experiment, conversions, sampled, curve };
}

function longestWindow({ windowMs, metrics }: Experiment): number {
  return windowMs ?? metrics.reduce((most, metric) => Math.max(most, metric.windowMs ?? 0), 0);
}

function binLength(windowMs: number): number {
  const whole = binLengths.find((length) => windowMs % length === 0 && windowMs / length <= mostBins);
  return whole ?? binLengths.find((length) => windowMs / length <= mostBins) ?? windowMs;
}

interface Bins {
  readonly asOf: Date;
  readonly windowMs: number;
  readonly binMs: number;
}

async function countDelays(ctx: Pick<Context, 'db'>, experiment: Experiment, bins: Bins) {
  const { key } = experiment;
  const until = await keyOfRecipient(ctx.db, key, mostRecipients);
  const station = 1 << stations.findIndex((one) => one.key === '@converted');
  const tally = new DelayTally(bins);
  let after = '';
  let read = 0;
  while (read < mostConversions) {
    const page = await convertedHistories(ctx.db, key, { station, after, until, limit: batch });
    for (const { enrolledAt, history } of page) {
      tally.add(conversionDelay(experiment, enrolledAt, decodeHistory(history), bins.windowMs));
    }
    read += page.length;
    after = page.at(-1)?.recipientKey ?? after;
    if (page.length < batch) break;
  }
  const sampled = until !== undefined || read >= mostConversions;
  return { counts: tally.counts(), conversions: tally.conversions, sampled };
}

class DelayTally {
  readonly #counts = new Map<string, DelayCount>();
  readonly #bins: Bins;
  conversions = 0;

  constructor(bins: Bins) {
    this.#bins = bins;
  }

  add(found: { readonly start: number; readonly delay: number } | undefined): void {
    if (!found) return;
    const { asOf, binMs } = this.#bins;
    const age = Math.floor((asOf.getTime() - found.start) / binMs);
    // A send dated ahead of now has been watched for no time.
    const bin = { delay: Math.floor(found.delay / binMs), age: Math.max(0, age) };
    const name = `${bin.delay} ${bin.age}`;
    this.#counts.set(name, { ...bin, count: (this.#counts.get(name)?.count ?? 0) + 1 });
    this.conversions += 1;
  }

  counts(): DelayCount[] {
    return [...this.#counts.values()];
  }
}
