import type { Contest } from './contest.js';
import { countText, listText } from './format.js';
import type { MetricReport, ReportEstimate } from './report.js';

/** The wording of verdicts: effect, interval, p and n every time, and never the word that ends a race. */
type MetricWords = Pick<MetricReport, 'title' | 'direction'>;

/** `A did better than B on visit: 18.28% against 10.62%, +7.66 pp (…).` */
export function contestText(outcome: 'better' | 'worse', contest: Contest, metric: MetricWords): string {
  const lower = metric.direction === 'decrease' ? ' (lower is better)' : '';
  return `${contest.name} did ${outcome} than ${contest.against} on ${metric.title}${lower}: ${factsText(contest)}.`;
}

/** The figures of one comparison: levels, difference, interval, uplift, p and n. */
export function factsText(contest: Contest): string {
  const { difference, uplift, test, adjusted, levels, n, percent } = contest;
  if ('refused' in difference) return difference.reason;
  const parts = [
    `${percent} interval ${difference.intervalText}`,
    ...(uplift && !('refused' in uplift) ? [`${uplift.text} relative`] : []),
    ...(adjusted ? [`${adjusted.text} after correction for ${adjusted.family} comparisons`] : plainP(test)),
    `${countText(n)} recipients`,
  ];
  return `${levels === undefined ? '' : `${levels}, `}${difference.text} (${parts.join('; ')})`;
}

function plainP(test: Contest['test']): string[] {
  return 'refused' in test ? [] : [test.text];
}

/** What an undecided interval still allows. */
export function allowedText(contest: Contest): string {
  const { difference } = contest;
  if ('refused' in difference) return '';
  const [low, high] = sides(difference);
  return `That does not prove they are alike: the data still allow anything from ${low} to ${high}.`;
}

function sides(difference: ReportEstimate): [string, string] {
  const [low, high] = difference.intervalText.split(' to ');
  const unit = difference.intervalText.endsWith(' pp') ? ' pp' : '';
  return [`${low ?? ''}${unit}`, high ?? ''];
}

/** A comparison that shows nothing, or that could not be made. */
export function notShownText(contest: Contest, metric: MetricWords): string {
  if ('refused' in contest.test) {
    return `${contest.name} against ${contest.against}: no comparison. ${contest.test.reason}`;
  }
  const alone =
    contest.adjusted && excludesZero(contest.difference)
      ? ` Its own interval excludes no effect, but one of ${contest.adjusted.family} comparisons may do so by chance.`
      : '';
  return `${contest.name}: no difference from ${contest.against} shown on ${metric.title}: ${factsText(contest)}.${alone}`;
}

function excludesZero(estimate: Contest['difference']): boolean {
  if ('refused' in estimate) return false;
  const { lower, upper } = estimate;
  return (lower !== null && lower > 0) || (upper !== null && upper < 0);
}

/** Why a better arm is held back. */
export function guardrailText(
  contest: Contest,
  guardrail: { readonly metric: MetricWords; readonly contests: readonly Contest[] },
): string {
  const same = guardrail.contests.find((one) => one.key === contest.key);
  const facts = same ? factsText(same) : '';
  return `${contest.name} is held back: ${guardrail.metric.title} got worse: ${facts}. A guardrail counts as worse at a one-sided level.`;
}

export function guardrailsInWords(titles: readonly string[]): string {
  return listText(titles);
}

export function namesText(contests: readonly Contest[]): string {
  return listText(contests.map((one) => one.name));
}
