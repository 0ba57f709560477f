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
  readonly hasDenominators: boolean;
  readonly hasCovariates: boolean;
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
    hasDenominators: experiment.metrics.some(({ denominator }) => denominator !== undefined),
    hasCovariates: experiment.metrics.some(({ covariateMs }) => covariateMs !== undefined),
    conversionWindow: { from: 'send', delay: 0, length: longest },
  };
}

/** @param history in order; @param enrolledAt milliseconds since 1970. */
export function factsOf(rules: FactRules, enrolledAt: number, history: readonly HistoryEvent[]): Facts {
  const happenings = happeningsOf(rules.experiment, history);
  const sends = sendsOf(happenings);
  const timeline: Timeline = { enrolledAt, sends };
  const past: Past = { happenings, enrolledAt, currency: rules.experiment.currency };
  const d = rules.hasDenominators
    ? rules.metrics.map(({ metric, window }) => denominatorOf(metric, window, timeline, past))
    : none;
  return {
    lastSentAt: sends.times.at(-1),
    stations: stationsOf(rules, timeline, past),
    y: rules.metrics.map(({ metric, window }, i) =>
      isOutside(metric, d[i]) ? 0 : measured(metric, window, metric.gapMs ?? 0, timeline, past),
    ),
    d,
    x: rules.hasCovariates ? rules.metrics.map(({ metric }) => covariateOf(metric, timeline, past)) : none,
  };
}

function stationsOf(rules: FactRules, timeline: Timeline, past: Past): number {
  let bits = measured(conversion, rules.conversionWindow, 0, timeline, past) === 1 ? convertedBit : 0;
  for (const { type } of past.happenings) bits |= stationBits[type];
  return bits;
}

function denominatorOf({ denominator }: Metric, window: Window, timeline: Timeline, past: Past): number {
  return denominator ? measured(denominator, among(denominator, window), 0, timeline, past) : 0;
}

function covariateOf(metric: Metric, timeline: Timeline, past: Past): number {
  const { covariateMs, gapMs = 0 } = metric;
  if (covariateMs === undefined) return 0;
  const before: Window = { from: 'assignment', delay: -covariateMs, length: covariateMs };
  return measured(metric, before, gapMs, timeline, past);
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
