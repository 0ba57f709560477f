import { impossibleLevel } from '../confidence.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type EstimateWithSe, type OrRefusal, type TestResult } from '../result.js';
import { testedEstimate } from '../tested-estimate.js';
import { pool, unfitEffects, type CohortEffect } from './pool.js';
import { compareEffects, type CohortContrast } from './versus-rest.js';

/** The effect in one of several sends of the same experiment, for instance on one day. */
export interface SendEffect extends CohortEffect {
  /** Number of the send, or of the day; any finite number. */
  readonly index: number;
}

export interface EffectTrend {
  /** Change of the effect per step of the index. */
  readonly slope: EstimateWithSe;
  /** Effect at index 0. */
  readonly intercept: CohortEffect;
  readonly test: TestResult;
  /** Effect at the last index according to the line: the one to extrapolate if the effect changes. */
  readonly late: EstimateWithSe;
  /** Pooled effects of the first and the second half of the sends, and how they differ. */
  readonly halves: { readonly first: CohortEffect; readonly second: CohortEffect } & CohortContrast;
}

/**
 * Whether an effect wears off (novelty) or grows over repeated sends: least squares of the effects on the index of the
 * send, weighted by precision, and the second half of the sends against the first (for an odd number of different
 * indexes the middle one is in the second). Sends must not share recipients' outcomes: their effects count as
 * independent. Warns `changing_effect` at p < 0.05: then only `late` says what is to come. Refuses `too_few` (under two
 * sends), `no_variation` (all at one index) and `invalid_input`. Draper & Smith (1998), Applied Regression Analysis,
 * ch. 9.
 */
export function effectTrend(sends: readonly SendEffect[], level: number): OrRefusal<EffectTrend> {
  const unfit = impossibleLevel(level) ?? unfitEffects(sends, 2);
  if (unfit) return unfit;
  if (!sends.every(({ index }) => Math.abs(index) <= 1e15)) {
    return refuse('invalid_input', 'index must be a number of at most 1e15 for every send.');
  }
  const indexes = [...new Set(sends.map(({ index }) => index))].toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [indexes[0], indexes.at(-1)];
  if (first === last) return refuse('no_variation', 'All sends have the same index.');
  const line = fitLine(sends);
  if (!Number.isFinite(line.slope.value) || !(line.slope.se > 0 && line.slope.se < Infinity))
    return refuse('invalid_input', 'The sends are too far apart to be compared.');
  const message = 'The effect is not the same in all sends; only the late effect says what is to come.';
  const { estimate: slope, test } = testedEstimate({ ...line.slope, df: Infinity }, level, 'cohort.trend');
  const warnings = test.p < 0.05 ? [{ code: 'changing_effect', message } as const] : [];
  return {
    slope,
    intercept: line.at(0),
    test: { ...test, warnings },
    late: withInterval(line.at(last), level),
    halves: halves(sends, indexes[Math.floor(indexes.length / 2)] ?? last, level),
  };
}

/** The weighted line, centred so that the effect at its centre and the slope are independent. */
function fitLine(sends: readonly SendEffect[]) {
  // Weights as shares of the largest, so that they stay within the range of doubles.
  const scale = Math.min(...sends.map(({ se }) => se));
  const weights = sends.map(({ se }) => (scale / se) ** 2);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = (of: (send: SendEffect) => number) =>
    sends.reduce((sum, send, i) => sum + ((weights[i] ?? 0) / total) * of(send), 0);
  const [x, y] = [mean(({ index }) => index), mean(({ value }) => value)];
  const spread = mean(({ index }) => (index - x) ** 2);
  const value = mean((send) => (send.index - x) * (send.value - y)) / spread;
  const slope = { value, se: scale / Math.sqrt(total * spread) };
  const ofCentre = scale / Math.sqrt(total);
  const at = (index: number): CohortEffect => ({
    value: y + value * (index - x),
    se: Math.hypot(ofCentre, slope.se * (index - x)),
  });
  return { slope, at };
}

function withInterval({ value, se }: CohortEffect, level: number): EstimateWithSe {
  const half = se * normal.isf((1 - level) / 2);
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

function halves(sends: readonly SendEffect[], middle: number, level: number): EffectTrend['halves'] {
  const early = sends.filter(({ index }) => index < middle);
  const late = sends.filter(({ index }) => index >= middle);
  const [first, second] = [pool(early, 0), pool(late, 0)];
  return { first, second, ...compareEffects(first, second, level, 'cohort.trend') };
}

export const effectTrendMethod = {
  id: 'cohort.trend',
  title: 'Change of an effect over repeated sends',
  needs: ['effects'],
  parameters: [LEVEL],
  reference: 'Draper & Smith (1998)',
  compute: effectTrend,
} as const satisfies Method;
