import type { CandidatesAnswer } from '../flows/compare-candidates.js';
import { type Column, printable, textTable, wrap } from '../reports/text-table.js';
import type { ComparedOutcome } from '../strategies/model-report.js';
import { learnedFrom } from './learned-from.js';
import { shortJson } from './propensity-text.js';
import { upliftSections } from './uplift-candidates-text.js';

const width = 100;
const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });
const count = (value: number): string => value.toLocaleString('en-US');

/** A comparison for people to read: what there is to learn from, then one table of candidates. */
export function candidatesAsText(answer: CandidatesAnswer): string {
  const sections = answer.uplift
    ? upliftSections(answer, answer.uplift)
    : [labels(answer), gaps(answer), candidates(answer), reasons(answer.outcomes)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(printable).join('\n'))
    .join('\n\n')}\n`;
}

function labels(answer: CandidatesAnswer): string[] {
  const { outcomes } = answer;
  const [first] = outcomes;
  const cutOffs = (first?.labels.cutOffs ?? []).map((at) => at.slice(0, 16).replace('T', ' '));
  const rows = outcomes.map(({ key, labels: { outcome, rows: all, positives } }) => [
    ...[key, outcome, count(all), count(positives)],
    all === 0 ? '' : `${((100 * positives) / all).toFixed(1)} %`,
  ]);
  return [
    ...learnedFrom(answer),
    ...wrap(
      `Features as of ${cutOffs.join(', ')}; what happened within ${days(first?.labels.horizonMs ?? 0)} after.`,
      width,
    ),
    '',
    ...textTable([left('Predicted'), left(''), right('rows'), right('with it'), right('share')], rows),
  ];
}

function days(ms: number): string {
  const hours = ms / 3_600_000;
  return hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`;
}

/** The same for all outcomes: who is left out is told before anything is predicted. */
function gaps({ outcomes }: CandidatesAnswer): string[] {
  return (outcomes[0]?.labels.gaps ?? []).flatMap(({ reason, rows }) =>
    wrap(`Left out: ${count(rows)} ${rows === 1 ? 'row' : 'rows'}: ${reason}`, width),
  );
}

function candidates({ outcomes }: CandidatesAnswer): string[] {
  const compared = outcomes.flatMap(({ key, comparison }) => (comparison ? [{ key, ...comparison }] : []));
  const [first] = compared;
  if (!first) return [];
  const isSingle = outcomes.length === 1;
  const rows = compared.flatMap(({ key, rows: all }) =>
    all.map(({ name, score, spread, settings }) => [
      ...(isSingle ? [] : [key]),
      ...[name, score.toFixed(5), spread.toFixed(5)],
      settings === null ? 'needs no learning' : shortJson(settings),
    ]),
  );
  const columns = [left('candidate'), right('mean'), right('sd of folds'), left('settings')];
  const hashes = compared.map(({ foldsHash }) => `${foldsHash.slice(0, 15)}…`).join(', ');
  return [
    ...wrap(
      `Candidates, by ${first.measure} in ${first.folds} folds of the rows learned from (folds ${hashes})`,
      width,
    ),
    ...textTable(isSingle ? columns : [left('predicted'), ...columns], rows),
  ];
}

function reasons(outcomes: readonly ComparedOutcome[]): string[] {
  return outcomes.flatMap(({ key, why, comparison }) => [
    ...(why === undefined ? [] : wrap(`${key} is not compared: ${why}`, width)),
    ...(comparison?.failed ?? []).flatMap(({ name, reason }) =>
      wrap(`${name} could not be compared for ${key}: ${reason}`, width),
    ),
  ]);
}
