import type { EventType, Experiment, Measure, Metric } from '../experiments/experiment.js';
import type { Past } from './filters.js';
import { happeningsOf } from './happenings.js';
import type { HistoryEvent } from './history.js';
import { eventKinds } from './kinds/registry.js';
import { measured } from './measure.js';
import { sendsOf, type Timeline, type Window, windowOf } from './windows.js';

/**
 * What the events of one enrolled recipient come to: the integer outcome of each metric before any cap, its denominator
 * and its covariate, in the order of the metrics, and the stations that were reached. Whole numbers that a double holds
 * exactly.
 */
export interface Facts {
  /** When the last message left; milliseconds since 1970. */
  readonly lastSentAt?: number;
  /** A bit per station, see `stations`. */
  readonly stations: number;
  readonly y: readonly number[];
  readonly d: readonly number[];
  readonly x: readonly number[];
}

/** The stations of the funnel, in order: keys of the pseudo-metrics that count them, and events that prove them. */
export const stations = [
  { key: '@sent', event: 'sent' },
  { key: '@delivered', event: 'delivered' },
  { key: '@opened', event: 'opened' },
  { key: '@clicked', event: 'clicked' },
  { key: '@converted', event: 'converted' },
] as const satisfies readonly { key: string; event: EventType }[];

/** What each type of event says about the message, whenever it happened. A conversion is of a message only for so long. */
const stationBits = Object.fromEntries(
  Object.values(eventKinds).map(({ type, proves }) => [
    type,
    stations.reduce((bits, { event }, i) => {
      const reached = event !== 'converted' && (event === type || proves.includes(event));
      return reached ? bits | (1 << i) : bits;
    }, 0),
  ]),
) as Readonly<Record<EventType, number>>;
const convertedBit = 1 << stations.findIndex(({ event }) => event === 'converted');
const conversion: Measure = { event: 'converted', classes: [], count: 'once' };
const none: readonly number[] = [];

/** An experiment as the facts need it, prepared once for many recipients. */
export interface FactRules {
  readonly experiment: Experiment;
  readonly metrics: readonly MetricRules[];
  /** In which a conversion counts for the funnel. */
  readonly conversionWindow: Window;
}

interface MetricRules {
  readonly metric: Metric;
  readonly window: Window;
}

export function factRules(experiment: Experiment): FactRules {
  const longest = experiment.windowMs ?? Math.max(0, ...experiment.metrics.map((m) => m.windowMs ?? 0));
  return {
    experiment,
    metrics: experiment.metrics.map((metric) => ({ metric, window: windowOf(metric, experiment) })),
    conversionWindow: { from: 'send', delay: 0, length: longest },
  };
}

/** @param history in order; @param enrolledAt milliseconds since 1970. */
export function factsOf(rules: FactRules, enrolledAt: number, history: readonly HistoryEvent[]): Facts {
  const happenings = happeningsOf(rules.experiment, history);
  const sends = sendsOf(happenings);
  const lastSentAt = sends.times.at(-1);
  const timeline: Timeline = { enrolledAt, sends };
  const past: Past = { happenings, enrolledAt, currency: rules.experiment.currency };
  const ask = (measure: Measure, window: Window, gapMs = 0): number =>
    measured(measure, window, gapMs, timeline, past);
  const { metrics } = rules;
  const d = hasDenominators(rules)
    ? metrics.map(({ metric, window }) =>
        metric.denominator ? ask(metric.denominator, among(metric.denominator, window)) : 0,
      )
    : none;
  return {
    ...(lastSentAt !== undefined && { lastSentAt }),
    stations:
      happenings.reduce((bits, { type }) => bits | stationBits[type], 0) |
      (ask(conversion, rules.conversionWindow) === 1 ? convertedBit : 0),
    y: metrics.map(({ metric, window }, i) =>
      isOutside(metric, d[i]) ? 0 : ask(metric, window, metric.gapMs),
    ),
    d,
    x: hasCovariates(rules)
      ? metrics.map(({ metric }) =>
          metric.covariateMs === undefined
            ? 0
            : ask(
                metric,
                { from: 'assignment', delay: -metric.covariateMs, length: metric.covariateMs },
                metric.gapMs,
              ),
        )
      : none,
  };
}

/** A delay puts off what is counted, not the messages that it is counted among: those were delivered at once. */
function among({ event }: Measure, window: Window): Window {
  const { from, delay, length } = window;
  return eventKinds[event].of === 'message' ? { from, delay: 0, length: delay + length } : window;
}

/** A share is of those who are in the denominator: who is not in it cannot be in the numerator. */
function isOutside({ type, denominator }: Metric, d: number | undefined): boolean {
  return type === 'proportion' && denominator !== undefined && d === 0;
}

function hasDenominators({ metrics }: FactRules): boolean {
  return metrics.some(({ metric }) => metric.denominator !== undefined);
}

function hasCovariates({ metrics }: FactRules): boolean {
  return metrics.some(({ metric }) => metric.covariateMs !== undefined);
}
