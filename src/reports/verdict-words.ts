import type { Contest } from './contest.js';
import { countText, listText, pText } from './format.js';
import type { Concern } from './guardrail.js';
import type { MetricReport } from './report-metric.js';
import type { ReportEstimate } from './report-figures.js';

/** The wording of verdicts: effect, interval, p and n every time, and never the word that ends a race. */
export interface MetricWords extends Pick<MetricReport, 'title' | 'direction'> {
  /** What effects are averaged over, as the end of a clause; of factor levels only. */
  readonly over?: string;
}

/** `visit (lower is better), averaged over the other factor`. */
function onMetric({ title, direction, over }: MetricWords): string {
  return `${title}${direction === 'decrease' ? ' (lower is better)' : ''}${over ?? ''}`;
}

/** `A did better than B on visit: 18.28% against 10.62%, +7.66 pp (…).` */
export function contestText(outcome: 'better' | 'worse', contest: Contest, metric: MetricWords): string {
  return `${contest.name} did ${outcome} than ${contest.against} on ${onMetric(metric)}: ${factsText(contest)}.`;
}

/** `B and C each did better than A on visit.`, the baselines named where they are not the same. */
export function eachText(
  outcome: 'better' | 'worse',
  contests: readonly Contest[],
  metric: MetricWords,
): string {
  const against = [...new Set(contests.map((one) => one.against))];
  if (against.length === 1)
    return `${namesText(contests)} each did ${outcome} than ${against.join('')} on ${onMetric(metric)}.`;
  const names = listText(contests.map((one) => `${one.name} (rather than ${one.against})`));
  return `${names} each did ${outcome} on ${onMetric(metric)}.`;
}

/** The figures of one comparison: levels, difference, interval, uplift, p and n. */
export function factsText(contest: Contest, sides: 'two-sided' | 'one-sided' = 'two-sided'): string {
  const { difference, uplift, levels, n, percent } = contest;
  if ('refused' in difference) return difference.reason;
  const parts = [
    `${percent} interval ${difference.intervalText}`,
    ...(uplift && !('refused' in uplift) ? [`${uplift.text} relative`] : []),
    ...(sides === 'one-sided' ? oneSidedP(contest) : decidingP(contest)),
    `${countText(n)} recipients`,
  ];
  return `${levels === undefined ? '' : `${levels}, `}${difference.text} (${parts.join('; ')})`;
}

export function decidingP({ test, adjusted }: Contest): string[] {
  if (adjusted) return [`${adjusted.text} after correction for ${adjusted.family} comparisons`];
  return 'refused' in test ? [] : [test.text];
}

/** The p that harm is judged by. */
function oneSidedP({ test }: Contest): string[] {
  return 'refused' in test ? [] : [`one-sided ${pText(test.p / 2)}`];
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

/** One comparison that is all there is, and shows nothing. */
export function noDifferenceText(contest: Contest, metric: MetricWords): string {
  return `No difference shown on ${onMetric(metric)} between ${contest.name} and ${contest.against}: ${factsText(contest)}. ${allowedText(contest)}`;
}

/** Several comparisons that all show nothing. */
export function noneOfText(contests: readonly Contest[], metric: MetricWords): string {
  const n = countText(Math.max(...contests.map((one) => one.n)));
  return `No difference shown on ${onMetric(metric)}: none of ${contests.length} comparisons tells its two sides apart (up to ${n} recipients each). That does not prove they are alike; the intervals say what is still possible.`;
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
  return `${contest.name}: no difference from ${contest.against} shown on ${onMetric(metric)}: ${factsText(contest)}.${alone}`;
}

function excludesZero(estimate: Contest['difference']): boolean {
  if ('refused' in estimate) return false;
  const { lower, upper } = estimate;
  return (lower !== null && lower > 0) || (upper !== null && upper < 0);
}

/** A p-value that would decide, if the test could be relied on here. */
export function doubtfulText(contests: readonly Contest[], metric: MetricWords, below: number): string {
  const each = contests.map((one) => `${one.name} against ${one.against} gave ${decidingP(one).join('')}`);
  return `No verdict on ${onMetric(metric)}: ${listText(each)}, but with outcomes this uneven in arms of so different size that cannot be relied on. Here only a p-value of at most ${below} counts as shown.`;
}

/** Why a better arm is held back, or what is to be known of its guardrails. */
export function concernText(contest: Contest, concern: Concern): string {
  const { title } = concern.guardrail.metric;
  const { look } = concern;
  if (concern.kind === 'within') return `${contest.name}: ${title} is ${marginWords(concern)}.`;
  if (concern.kind === 'not_excluded')
    return `${contest.name} is held back: on ${title} ${marginWords(concern)}.`;
  if (concern.kind === 'worse')
    return `${contest.name} is held back: ${title} got worse${look.where}: ${factsText(look.contest, 'one-sided')}. A guardrail counts as worse at a one-sided level.`;
  const start = concern.kind === 'unclear' ? `${contest.name} is held back: ` : `${contest.name}: `;
  return `${start}${untestedText(concern)}`;
}

/** The judgement against the margin, and where it was made. */
function marginWords({ look }: Concern): string {
  const values = look.values && look.contest.levels === undefined ? `, ${look.values.text}` : '';
  const levels = look.contest.levels === undefined ? values : `, ${look.contest.levels}`;
  return `${look.margin?.text ?? ''}${levels}${look.where}`;
}

function untestedText({ guardrail, look }: Concern): string {
  if (look.margin) {
    const values = look.values ? ` (${look.values.text})` : '';
    return `${guardrail.metric.title}${look.where}${values} is ${withoutEnd(look.margin.text)}.`;
  }
  const { test, difference } = look.contest;
  const reason = 'refused' in test ? test.reason : 'refused' in difference ? difference.reason : '';
  const values = look.values ? ` (${look.values.text})` : '';
  return `${guardrail.metric.title} could not be tested${look.where}${values}: ${reason}`;
}

function withoutEnd(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** Harm beside a verdict that is about something else. */
export function besideText(contest: Contest, concern: Concern, soFar: boolean): string {
  const { look, guardrail } = concern;
  if (concern.kind !== 'worse') return `${contest.name}: ${untestedText(concern)}`;
  const what = soFar ? 'So far' : 'But';
  const verb = soFar ? 'looks worse' : 'got worse';
  return `${what} ${guardrail.metric.title} ${verb} in ${contest.name}${look.where}: ${factsText(look.contest, 'one-sided')}.`;
}

/** The second sentence of what is held back. */
export function heldBackText(concerns: readonly Concern[]): string {
  const titles = (kind: Concern['kind']): string[] => [
    ...new Set(concerns.filter((one) => one.kind === kind).map((one) => one.guardrail.metric.title)),
  ];
  const worse = titles('worse');
  if (worse.length > 0) return `But ${listText(worse)} got worse, so this is held back.`;
  const open = titles('not_excluded');
  if (open.length > 0)
    return `But harm to ${listText(open)} beyond ${open.length === 1 ? 'its margin' : 'their margins'} cannot be excluded, so this is held back.`;
  return `But whether ${listText(titles('unclear'))} got worse cannot be tested, so this is held back.`;
}

export function namesText(contests: readonly Contest[]): string {
  return listText(contests.map((one) => one.name));
}
