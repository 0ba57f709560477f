import type { Experiment, Factor, Level } from './experiment.js';
import type { ExperimentDraft } from './draft.js';
import { armsOf } from './arms.js';
import { parseDuration } from './duration.js';
import { toEligibility } from './eligibility.js';
import { toCohort } from './to-cohort.js';
import { toMetric } from './to-metric.js';

/** What a draft is pinned to, by the places of a factor and its level. */
interface Pins {
  readonly salt: string;
  readonly strategyHash: (factor: number, level: number) => string | undefined;
  readonly templateHash?: (factor: number, level: number) => string | undefined;
}

/** The finished experiment: defaults filled in, strategies replaced by the hashes they are pinned to. */
export function toExperiment(draft: ExperimentDraft, pins: Pins): Experiment {
  const factors = draft.factors.map((factor, f) => toFactor(factor, f, pins));
  const { plan, currency, exchange, hypothesis, catalogue, eligibility, fallback, featureClock } = draft;
  return {
    key: draft.key,
    title: draft.title ?? draft.key,
    hypothesis,
    salt: draft.salt ?? pins.salt,
    factors,
    control: draft.control ?? armsOf(factors)[0]?.key ?? '',
    allocation: {
      version: 1,
      weights: draft.weights ?? armsOf(factors).map(() => 1),
      traffic: draft.traffic,
    },
    metrics: draft.metrics.map((metric) => toMetric(metric, currency)),
    cohorts: draft.cohorts.map(toCohort),
    currency,
    ...(exchange && { exchange }),
    windowMs: draft.window === undefined ? undefined : parseDuration(draft.window),
    plan,
    ...(catalogue !== undefined && { catalogue }),
    ...(eligibility && { eligibility: toEligibility(eligibility) }),
    ...(fallback && { fallback }),
    ...(featureClock !== undefined && { featureClock: new Date(featureClock).toISOString() }),
  };
}

function toFactor(factor: ExperimentDraft['factors'][number], f: number, pins: Pins): Factor {
  return {
    key: factor.key,
    title: factor.title ?? factor.key,
    levels: factor.levels.map((level, l): Level =>
      withTemplate(pins.templateHash?.(f, l), {
        key: level.key,
        title: level.title ?? level.key,
        strategy: pins.strategyHash(f, l),
        ...(level.learned !== undefined && { learned: level.learned }),
        fallback: level.fallback,
        slots: level.slots,
      }),
    ),
  };
}

/** Slots that more than one factor would set, given what the pinned strategies may set. */
export function slotConflicts(factors: readonly Factor[], strategySlots: readonly string[]): string[] {
  const others = factors
    .filter((factor) => factor.key !== 'strategy')
    .flatMap((factor) => factor.levels.flatMap(slotNames));
  return [...new Set(strategySlots.filter((slot) => others.includes(slot)))];
}

function withTemplate(template: string | undefined, level: Level): Level {
  return template === undefined ? level : { ...level, template };
}

function slotNames(level: Level): string[] {
  return Object.keys(level.slots ?? {});
}
