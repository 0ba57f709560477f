import type { Figure } from '../evaluation/figure.js';
import type { CandidatesAnswer } from '../flows/compare-candidates.js';
import { type Column, textTable, wrap } from '../reports/text-table.js';
import type { ComparedUplift } from '../strategies/model-report.js';
import { learnedFrom } from './learned-from.js';
import { shortJson } from './propensity-text.js';

const width = 100;
const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });
const count = (value: number): string => value.toLocaleString('en-US');

/** Who was learned from, the candidates beside the best single column, what could not learn, and what it comes to. */
export function upliftSections(answer: CandidatesAnswer, uplift: ComparedUplift): string[][] {
  return [
    trial(answer, uplift),
    candidates(uplift),
    uplift.failed.flatMap(({ name, estimator, reason }) =>
      wrap(`${name} by ${estimator} could not be compared: ${reason}`, width),
    ),
    uplift.verdict.flatMap((line) => wrap(line, width)),
  ];
}

function trial(
  answer: CandidatesAnswer,
  { experiment, metric, arms, heldOut, open }: ComparedUplift,
): string[] {
  const rows = arms.map(({ arm, recipients, outcomes }, i) => [
    ...[i === 0 ? 'treated' : 'control', arm, count(recipients), count(outcomes)],
    `${((100 * outcomes) / recipients).toFixed(1)} %`,
  ]);
  const others = `${count(heldOut)} held out to measure a model on, ${count(open)} whose window is still open`;
  return [
    ...learnedFrom(answer),
    ...wrap(`Experiment ${experiment}, metric ${metric}; features as of the enrolment.`, width),
    '',
    ...textTable([left('Arm'), left(''), right('recipients'), right('with it'), right('share')], rows),
    '',
    ...wrap(`Left out: ${others}.`, width),
  ];
}

function candidates({ rows, folds, foldsHash, top }: ComparedUplift): string[] {
  const columns = [
    ...[left('candidate'), left('estimator'), right('Qini'), right('95 %')],
    ...[
      right(`uplift@${top * 100}%`),
      right('95 %'),
      right('against column'),
      right('95 %'),
      left('settings'),
    ],
  ];
  const cells = rows.map(({ name, estimator, settings, columns: chosen, qini, upliftAt, difference }) => [
    ...[name, estimator ?? '', ...both(qini), ...both(upliftAt)],
    ...(difference ? both(difference) : ['', '']),
    settings === undefined ? (chosen ?? []).join('; ') : shortJson(settings),
  ]);
  return [
    ...wrap(
      `Candidates, by Qini of everybody's score from a model that did not learn from them (${folds} folds ${foldsHash.slice(0, 15)}…)`,
      width,
    ),
    ...textTable(columns, cells),
  ];
}

function both(figure: Figure): string[] {
  if ('refused' in figure) return ['refused', ''];
  const ends = figure.interval?.map((end) => end.toFixed(4)).join(' to ');
  return [figure.value.toFixed(4), ends ?? ''];
}
