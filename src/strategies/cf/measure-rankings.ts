import { bootstrapMean } from '../../evaluation/bootstrap.js';
import { type RankingMeasure, rankingMeasures } from '../../evaluation/ranking/measures.js';
import type { Measure } from '../model-report.js';

/** A list beside what the recipient did. */
export interface Judged {
  /** Best first; the first ten count. */
  readonly ranked: readonly string[];
  /** At least one. */
  readonly relevant: ReadonlySet<string>;
}

const places = 10;

interface Declared {
  readonly name: string;
  readonly definition: string;
  readonly of: RankingMeasure;
}

const common = `Over the first ${places} places, mean over recipients with something in the hold-out`;

const measures: readonly Declared[] = [
  {
    name: 'nDCG@10',
    definition: `${common}: hits discounted by log2(place + 1), as a share of the best that was possible.`,
    of: 'ndcg',
  },
  { name: 'precision@10', definition: `${common}: hits divided by ${places}.`, of: 'precision' },
  { name: 'recall@10', definition: `${common}: hits divided by all that was done.`, of: 'recall' },
  {
    name: 'MAP@10',
    definition: `${common}: mean of the precision at each hit, divided by at most ${places} that were possible.`,
    of: 'averagePrecision',
  },
];

/**
 * nDCG, precision, recall and MAP at ten with intervals by bootstrap over recipients, and the share of the catalogue that is
 * recommended to anybody.
 *
 * @param items of the catalogue.
 */
export function judgeRankings(judged: readonly Judged[], items: number, seed: string): Measure[] {
  const measured = judged.map(({ ranked, relevant }) => rankingMeasures(ranked, relevant, places));
  return [
    ...measures.map(({ name, definition, of }): Measure => {
      const own = Float64Array.from(measured, (one) => one?.[of] ?? 0);
      if (own.length === 0) return { name, definition, ...nobody };
      const estimate = bootstrapMean(own, `bootstrap ${seed}`);
      // Of one recipient there is a value and no interval.
      if ('refused' in estimate) return { name, definition, value: own[0] as number, higherIsBetter: true };
      const { value, interval } = estimate;
      return { name, definition, value, interval: [interval.lower, interval.upper], higherIsBetter: true };
    }),
    coverageOf(judged, items),
  ];
}

const nobody = {
  refused: true,
  code: 'too_few',
  reason: 'Nobody did anything new with an item in the hold-out: hold out more days, or wait.',
} as const;

function coverageOf(judged: readonly Judged[], items: number): Measure {
  const definition = `Items in the first ${places} places of anybody in the hold-out, as a share of the catalogue.`;
  const name = 'coverage@10';
  if (judged.length === 0 || items === 0) return { name, definition, ...nobody };
  const shown = new Set(judged.flatMap(({ ranked }) => ranked.slice(0, places)));
  return { name, definition, value: shown.size / items, higherIsBetter: true };
}
