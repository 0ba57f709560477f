import type { Figure } from '../figure.js';
import { type RefusalCode, type OrRefusal, refuse } from '../refusal.js';
import type { Random } from '../random.js';
import { percentileInterval, resampleCounts } from '../resample.js';
import { upliftAreas } from './areas.js';
import { type Ranking, rankingOf } from './ranking.js';
import { type TopRule, upliftAt } from './uplift-at.js';
import { isBinary, type TrialOutcomes, unfitForUplift } from './trial-outcomes.js';

/** How well a ranking of recipients tells those who gain by a treatment from the others. */
export interface RankingFigures {
  /** Normalised; see `UpliftAreas`. */
  readonly qini: Figure;
  readonly upliftAuc: Figure;
  readonly qiniArea: Figure;
  /** Among the first of all, and among the first of each arm. */
  readonly upliftAt: Readonly<Record<TopRule, Figure>>;
}

export interface MeasuredRankings {
  readonly rankings: readonly RankingFigures[];
  /**
   * How much the Qini of the first of a pair is above that of the second; of the area where outcomes are not binary. Intervals
   * are of the same samples, so that what both have in common takes no part in them.
   */
  readonly differences: readonly Figure[];
}

export interface Resampling {
  /** How many samples are drawn. */
  readonly samples: number;
  /** Confidence level in (0, 1). */
  readonly level: number;
}

/** Enough for two digits of an interval's ends. */
export const usualResampling: Resampling = { samples: 500, level: 0.95 };

export interface RankingOptions {
  /** How many are on top, in (0, 1]. */
  readonly share: number;
  readonly resampling: Resampling;
  readonly random: Random;
  /** Whether a perfect ranking knows of recipients who are harmed; yes unless given. */
  readonly negativeEffect?: boolean;
  /** Places of rankings that are to be compared. */
  readonly pairs?: readonly (readonly [number, number])[];
}

/** Figures of one ranking, as numbers in a row. */
const figureNames = ['qini', 'upliftAuc', 'qiniArea', 'overall', 'by_group'] as const;
type FigureName = (typeof figureNames)[number];
const width = figureNames.length;
const placeOf = (ranking: number, name: FigureName): number => ranking * width + figureNames.indexOf(name);

/**
 * Measures rankings of the same recipients, with percentile intervals by bootstrap over recipients, the same samples for all.
 * Refuses the whole for `invalid_input`, `empty_arm` and `no_variation`; single figures for `not_binary` and `empty_arm`.
 *
 * @param scores of each ranking for each recipient; higher is treated first.
 */
export function measureRankings(
  scores: readonly Float64Array[],
  trial: TrialOutcomes,
  options: RankingOptions,
): OrRefusal<MeasuredRankings> {
  const unfit = unfitForUplift(trial, ...scores);
  if (unfit) return unfit;
  if (!(options.share > 0 && options.share <= 1)) {
    return refuse('invalid_input', 'The share on top must be above 0 and at most 1.');
  }
  const rankings = scores.map((one) => rankingOf(one, trial));
  const binary = isBinary(trial.outcomes);
  const numbers = resampled(rankings, trial.treated.length, binary, options);
  const { level } = options.resampling;
  const figure = (ranking: number, name: FigureName): Figure => {
    const place = placeOf(ranking, name);
    const [value, drawn] = [numbers.values[place] as number, numbers.drawn[place] as Float64Array];
    return figureOf(value, drawn, level, whyNot(name, binary));
  };
  return {
    rankings: rankings.map((_, r) => ({
      qini: figure(r, 'qini'),
      upliftAuc: figure(r, 'upliftAuc'),
      qiniArea: figure(r, 'qiniArea'),
      upliftAt: { overall: figure(r, 'overall'), by_group: figure(r, 'by_group') },
    })),
    differences: (options.pairs ?? []).map(([one, other]) => {
      const name = binary ? 'qini' : 'qiniArea';
      const { value, drawn } = differenceOf(numbers, placeOf(one, name), placeOf(other, name));
      return figureOf(value, drawn, level, whyNot('qini', binary));
    }),
  };
}

/** The figures of all rankings in a row, `width` of each, and the same in every sample. */
interface Numbers {
  readonly values: readonly number[];
  readonly drawn: readonly Float64Array[];
}

function resampled(
  rankings: readonly Ranking[],
  recipients: number,
  binary: boolean,
  options: RankingOptions,
): Numbers {
  const placed = new Int32Array(recipients);
  const all = (counts?: Int32Array): number[] =>
    rankings.flatMap((ranking) =>
      numbersOf(ranking, binary, options, counts && byPlace(counts, ranking, placed)),
    );
  const values = all();
  const { samples } = options.resampling;
  const drawn = values.map(() => new Float64Array(samples));
  let sample = 0;
  resampleCounts(recipients, samples, options.random, (counts) => {
    for (const [f, one] of all(counts).entries()) (drawn[f] as Float64Array)[sample] = one;
    sample += 1;
  });
  return { values, drawn };
}

/** Of a place that there is not, no number. */
function differenceOf({ values, drawn }: Numbers, mine: number, theirs: number) {
  const others = drawn[theirs];
  return {
    value: (values[mine] ?? NaN) - (values[theirs] ?? NaN),
    drawn: (drawn[mine] ?? new Float64Array()).map((x, s) => x - (others?.[s] ?? NaN)),
  };
}

function numbersOf(
  ranking: Ranking,
  binary: boolean,
  { share, negativeEffect = true }: RankingOptions,
  counts?: Int32Array,
): number[] {
  const areas = upliftAreas(ranking, binary, { negativeEffect, ...(counts && { counts }) });
  return [
    areas.qini,
    areas.upliftAuc,
    areas.qiniArea,
    upliftAt(ranking, share, 'overall', counts),
    upliftAt(ranking, share, 'by_group', counts),
  ];
}

/** In the order of the ranking, in the array that is given. */
function byPlace(counts: Int32Array, { order }: Ranking, into: Int32Array): Int32Array {
  for (let place = 0; place < order.length; place++) into[place] = counts[order[place] as number] as number;
  return into;
}

function figureOf(
  value: number,
  drawn: Float64Array,
  level: number,
  why: readonly [RefusalCode, string],
): Figure {
  if (!Number.isFinite(value)) return refuse(...why);
  const interval = percentileInterval(drawn, level);
  return interval === undefined ? { value } : { value, interval };
}

function whyNot(name: FigureName, binary: boolean): readonly [RefusalCode, string] {
  if (name === 'overall' || name === 'by_group') {
    return ['empty_arm', 'An arm has nobody among the recipients on top.'];
  }
  if (!binary && name !== 'qiniArea') {
    return [
      'not_binary',
      'A perfect ranking, which this is divided by, is known for outcomes of 0 and 1 only.',
    ];
  }
  return ['no_variation', 'A perfect ranking would do no better than chance here.'];
}
