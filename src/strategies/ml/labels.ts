import { z } from 'zod';
import { parseDuration, spellDuration } from '../../experiments/duration.js';
import type { Behaviour, History } from '../../profiles/history.js';
import type { LabelSummary } from '../model-report.js';
import type { LearningLog } from '../strategy.js';
import { countsAsHuman } from '../../profiles/features/human.js';
import { happened, type Outcome, outcomeInWords } from './outcome.js';

/** When features and labels are as of, and who is taken. */
export interface Horizon {
  readonly horizon: string;
  /** So many moments to learn at, a horizon apart. */
  readonly cutOffs: number;
  /** Only who did something so shortly before the cut-off; anybody known, unless said. */
  readonly active?: string | undefined;
}

export const durationSchema = z
  .string('must be a duration such as "30d"')
  .regex(/^[1-9]\d{0,3}[hd]$/, 'write a duration as 12h or 30d');

export const horizonFields = {
  horizon: durationSchema.describe('How long after the cut-off it may happen.'),
  cutOffs: z
    .int('must be a whole number')
    .min(1)
    .max(24, 'must be at most 24')
    .default(1)
    .describe(
      'So many moments to learn at, a horizon apart, the last of them two horizons before the clock.',
    ),
  active: durationSchema
    .optional()
    .describe('Learn only from whoever did something so shortly before the cut-off.'),
};

/** Recipients at moments, of whom features are taken; whoever is left out is counted by the reason. */
export interface Rows {
  readonly recipients: readonly string[];
  /** Cut-off of each row. */
  readonly at: Float64Array;
  readonly gaps: ReadonlyMap<string, number>;
}

/** Of longer histories only the newest part is at hand. */
const longestHistory = 10_000;

/**
 * The moments to learn at, the latest first: two horizons before the clock, so that what is learned ends where the hold-out
 * begins, and further back a horizon each.
 */
export function trainingCutOffs({ horizon, cutOffs }: Horizon, clock: number): number[] {
  const step = horizonMs({ horizon });
  return Array.from({ length: cutOffs }, (_, i) => clock - (i + 2) * step);
}

/** The moment of the features that a model is measured on: labels lie in the last horizon before the clock. */
export function holdOutCutOff({ horizon }: Pick<Horizon, 'horizon'>, clock: number): number {
  return clock - horizonMs({ horizon });
}

export function horizonMs({ horizon }: Pick<Horizon, 'horizon'>): number {
  return parseDuration(horizon) ?? 0;
}

/** Who is looked at: the same rule for what is learned from, measured on, watched and scored. */
export interface Population extends Pick<Horizon, 'active'> {
  /** How far back an event makes somebody known, which is as far as the model sees; any, unless given. */
  readonly seenMs?: number | undefined;
  /** Which events make somebody active; any, unless given. */
  readonly isActivity?: ((event: Behaviour) => boolean) | undefined;
}

/**
 * Why somebody cannot be looked at as of a moment; undefined where they can. Nothing at the moment or later has a say.
 *
 * @param moment what the moment is called in the reason.
 */
export function whyNotAmong(
  { active, seenMs = Infinity, isActivity = countsAsHuman }: Population,
  moment = 'cut-off',
): (history: History, hasTraits: boolean, at: number) => string | undefined {
  const activeMs = active === undefined ? undefined : (parseDuration(active) ?? 0);
  return (history, hasTraits, at) => {
    if (history.length >= longestHistory) return 'the history is too long to be read whole';
    const isKnown = hasTraits || history.some((event) => event.at < at && event.at >= at - seenMs);
    if (!isKnown)
      return Number.isFinite(seenMs) && seenMs > 0
        ? `nothing is known of them from the ${spellDuration(seenMs)} before the ${moment}`
        : `not known at the ${moment} yet`;
    if (activeMs === undefined) return undefined;
    const isActive = history.some((event) => event.at < at && event.at >= at - activeMs && isActivity(event));
    return isActive ? undefined : `not active within ${spellDuration(activeMs)} before the ${moment}`;
  };
}

/**
 * Who can be looked at as of these moments, in the order of the recipients. Whether somebody is among them hangs on nothing
 * that they did later: whoever is known by traits alone is there as well.
 */
export function rowsAt(
  { histories, traits }: Pick<LearningLog, 'histories' | 'traits'>,
  population: Population,
  cutOffs: readonly number[],
): Rows {
  const whyNot = whyNotAmong(population);
  const recipients: string[] = [];
  const times: number[] = [];
  const gaps = new Map<string, number>();
  for (const recipient of everybodyIn(histories, traits)) {
    const [history, known] = [histories.get(recipient) ?? [], Object.values(traits.get(recipient) ?? {})];
    for (const at of cutOffs) {
      const hasTraits = known.some((trait) => trait.at < at);
      const reason = whyNot(history, hasTraits, at);
      if (reason !== undefined) {
        gaps.set(reason, (gaps.get(reason) ?? 0) + 1);
        continue;
      }
      recipients.push(recipient);
      times.push(at);
    }
  }
  return { recipients, at: Float64Array.from(times), gaps };
}

/** In the order of the keys. */
function everybodyIn(histories: LearningLog['histories'], traits: LearningLog['traits']): Iterable<string> {
  const others = [...traits.keys()].filter((key) => !histories.has(key));
  if (others.length === 0) return histories.keys();
  return [...histories.keys(), ...others].sort((a, b) => (a < b ? -1 : 1));
}

/** 1 where the outcome happened within the horizon after the cut-off of the row; the other way round where `absent`. */
export function labelsOf(
  { recipients, at }: Rows,
  histories: LearningLog['histories'],
  outcome: Outcome,
  horizon: number,
  absent = false,
): Uint8Array {
  return Uint8Array.from(recipients, (recipient, row) => {
    const from = at[row] as number;
    const is = happened(outcome, histories.get(recipient) ?? [], from, from + horizon);
    return is === absent ? 0 : 1;
  });
}

export function positivesOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0);
}

/** What a model was taught, for people. */
export function labelSummary(
  { horizon }: Pick<Horizon, 'horizon'>,
  [outcome, absent]: readonly [Outcome, boolean],
  cutOffs: readonly number[],
  { gaps, recipients }: Rows,
  labels: Uint8Array,
): LabelSummary {
  const within = spellDuration(horizonMs({ horizon }));
  const words = outcomeInWords(outcome);
  return {
    outcome: absent ? `no ${words} within ${within}` : `${words} within ${within}`,
    horizonMs: horizonMs({ horizon }),
    cutOffs: cutOffs.map((at) => new Date(at).toISOString()),
    rows: recipients.length,
    positives: positivesOf(labels),
    gaps: [...gaps]
      .map(([reason, rows]) => ({ reason, rows }))
      .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)),
  };
}
