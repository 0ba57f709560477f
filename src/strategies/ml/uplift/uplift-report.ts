import { againstColumn } from '../../../evaluation/uplift/against-column.js';
import type { Figure } from '../../../evaluation/figure.js';
import {
  measureRankings,
  type RankingFigures,
  usualResampling,
} from '../../../evaluation/uplift/measure-rankings.js';
import { seededRandom } from '../../../evaluation/random.js';
import type { Measure, ModelReport } from '../../model-report.js';
import { missingIn } from '../feature-uses.js';
import type { UpliftModel } from './learner.js';
import { bestColumn, outcomesOf, singleColumns } from './single-columns.js';
import type { TrialLesson } from './trial-lesson.js';

/** Share of the recipients of whom `uplift@` speaks. */
export const upliftTop = 0.3;

const definitions = {
  qini: 'Area between the Qini curve and the line of a random ranking over that of a perfect ranking, points at distinct scores (scikit-uplift).',
  upliftAuc: 'The same of the uplift curve.',
  top: `Treated less control among the first ${upliftTop * 100} % of all that were held out.`,
  everybody: 'Treated less control among all that were held out.',
} as const;

/** How an uplift model does on what was held out, beside every single column and beside treating everybody. */
export function upliftReport(
  learner: string,
  model: UpliftModel,
  { training, holdOut, features, heldOutBy, open }: TrialLesson,
  clock: Date,
  seed: string,
): ModelReport {
  const singles = singleColumns(training.table);
  const best = bestColumn(singles, training);
  // Tables of both parts may know different categories: what the model knows is what counts.
  const scores = [model.predict(holdOut.table), ...singles.map((one) => one.scoresOf(holdOut.table))];
  const place = best ? 1 + singles.indexOf(best) : 0;
  const measured = measureRankings(scores, outcomesOf(holdOut), {
    ...{ share: upliftTop, resampling: usualResampling, random: seededRandom(`${seed}:bootstrap`) },
    pairs: [[0, place]],
  });
  if ('refused' in measured) throw new Error(`the hold-out cannot be measured: ${measured.reason}`);
  const [own, ...others] = measured.rankings;
  const [difference] = measured.differences;
  const columnQini = others[place - 1]?.qini ?? own?.qini;
  const compared = best && own && difference && columnQini;
  return {
    window: { until: clock.toISOString() },
    split: { kind: 'random', note: heldOutNote(heldOutBy) },
    features: usesOf(training.table, features),
    measures: own ? measuresOf(own) : [],
    baselines: [
      { name: 'treat everybody', measures: [everybody(holdOut, seed)] },
      ...singles.map(({ name }, i) => ({ name, measures: [qini(others[i])] })),
    ],
    notes: [
      ...(compared
        ? [againstColumn({ learner, column: best.name, learnerQini: own.qini, columnQini, difference })]
        : []),
      ...(open > 0 ? [`${open} recipients whose window was still open were left out.`] : []),
    ],
  };
}

function usesOf({ columns, rows }: TrialLesson['training']['table'], features: TrialLesson['features']) {
  return columns.map((column, i) => ({
    ...{ name: column.name, title: features.columns[i]?.title ?? column.name, type: column.type },
    missing: missingIn(column) / rows,
  }));
}

const unknown: Figure = { refused: true, code: 'too_few', reason: 'It was not measured.' };

function heldOutNote(by: TrialLesson['heldOutBy']): string {
  const how =
    by === 'fold'
      ? 'Folds 14 to 19 of the experiment are held out'
      : 'Three tenths of the recipients, drawn from the seed, are held out';
  return `${how}: random, so an effect that changes with time looks steadier than it is, which flatters.`;
}

function measuresOf({ qini, upliftAuc, upliftAt }: RankingFigures): Measure[] {
  return [
    measure('Qini', definitions.qini, qini),
    measure('uplift AUC', definitions.upliftAuc, upliftAuc),
    measure(`uplift@${upliftTop * 100}%`, definitions.top, upliftAt.overall),
  ];
}

const qini = (figures: RankingFigures | undefined): Measure =>
  measure('Qini', definitions.qini, figures?.qini ?? unknown);

function everybody(holdOut: TrialLesson['holdOut'], seed: string): Measure {
  const all = measureRankings([new Float64Array(holdOut.table.rows)], outcomesOf(holdOut), {
    ...{ share: 1, resampling: usualResampling, random: seededRandom(`${seed}:everybody`) },
  });
  const figure = 'refused' in all ? all : (all.rankings[0]?.upliftAt.overall ?? unknown);
  return measure('uplift of everybody', definitions.everybody, figure);
}

export function measure(name: string, definition: string, figure: Figure): Measure {
  return 'refused' in figure
    ? { name, definition, ...figure }
    : { name, definition, higherIsBetter: true, ...figure };
}

/** Qini alone, on the rows that were held out. */
export function qiniOf(scores: Float64Array, holdOut: TrialLesson['holdOut'], seed: string): Measure {
  const measured = measureRankings([scores], outcomesOf(holdOut), {
    ...{ share: upliftTop, resampling: usualResampling, random: seededRandom(`${seed}:bootstrap`) },
  });
  const figure = 'refused' in measured ? measured : (measured.rankings[0]?.qini ?? unknown);
  return measure('Qini', definitions.qini, figure);
}
