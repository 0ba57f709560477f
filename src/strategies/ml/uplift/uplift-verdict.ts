import type { Figure } from '../../../evaluation/figure.js';
import type { ComparedUplift, UpliftCandidate } from '../../model-report.js';

/** What a comparison comes to: no more than the intervals of the differences to the single column say. */
export function upliftVerdict({ rows }: Pick<ComparedUplift, 'rows'>): string[] {
  const column = rows.find(({ columns }) => columns);
  const told = rows.flatMap((row) => {
    const ends = row.difference && intervalOf(row.difference);
    return ends ? [{ row, difference: row.difference, lower: ends[0] }] : [];
  });
  const [best] = told;
  if (!column || !best) return ['No learner can be compared with a single column.'];
  const beats = told.filter(({ lower }) => lower > 0).map(({ row }) => nameOf(row));
  const first = `${nameOf(best.row)} has the highest Qini of the ${told.length} candidates`;
  const by = `its difference to the best single column (${(column.columns ?? []).join('; ')}) is ${shown(best.difference)}`;
  const shownTo =
    beats.length === 0
      ? 'None is shown to rank better than a single column.'
      : `Shown to rank better than a single column, each by itself: ${beats.join(', ')}.`;
  return [
    `${first}; ${by}.`,
    shownTo,
    `Intervals are of each by itself: of ${told.length} that are no better than the column some look so by chance, and the best of them flatters. What is chosen is measured once, on the recipients held out.`,
  ];
}

const nameOf = ({ name, estimator }: UpliftCandidate): string => `${name} by ${estimator}`;

function intervalOf(figure: Figure): readonly [number, number] | undefined {
  return 'refused' in figure ? undefined : figure.interval;
}

function shown(figure: Figure | undefined): string {
  if (!figure || 'refused' in figure || !figure.interval) return 'not known';
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
  const [lower, upper] = figure.interval;
  return `${signed(figure.value)}, 95 % from ${signed(lower)} to ${signed(upper)}`;
}
