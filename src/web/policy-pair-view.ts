import type { PolicyComparison } from '../evaluation/off-policy/policy-value.js';
import type { Metric } from '../experiments/experiment.js';
import {
  carriersOf,
  isCarriedByFew,
  type PolicyPreview,
  type PreviewedStrategy,
} from '../flows/preview-policy.js';
import { counted, countText } from '../reports/format.js';
import type { EstimateView } from './estimate-view.js';
import { estimators, figureView, type FigureStyle, weightsView } from './policy-figures.js';

type Against = NonNullable<PolicyPreview['against']>;
type Difference = PolicyComparison['difference'];

/** Two strategies on the same decisions, as a page shows them. */
export function pairView({ strategy, decisions }: PolicyPreview, against: Against, style: FigureStyle) {
  const both = [strategy, against];
  return {
    names: both.map(({ of, model }) => ({ of, model })),
    differing: differingOf(against, decisions.used),
    says: saysOf(strategy, against, decisions.used, style),
    rows: estimators.map(({ name, title: words }) => ({
      ...{ name, words },
      values: both.map((one) => briefly(figureView(one.values[name], style), one)),
      difference: briefly(figureView(against.differences[name], { ...style, isDifference: true }), ...both),
    })),
    support: both.map((one) => ({
      of: one.of,
      weights: weightsView(one.value),
      ...('refused' in one.value && { why: one.value.reason }),
    })),
  };
}

/** Why a value is refused stands once, beside what it rests on; here only what is said of one estimator alone. */
function briefly(shown: EstimateView, ...of: readonly PreviewedStrategy[]): EstimateView {
  const isSaid = of.some(({ value }) => 'refused' in value && value.reason === shown.detail);
  return isSaid ? { ...shown, detail: '' } : shown;
}

/** Which one is better, by the estimator of differences; in the words of a log, which is no experiment. */
function saysOf(strategy: PreviewedStrategy, against: Against, used: number, style: FigureStyle): string {
  const { difference } = against;
  if ('refused' in difference) {
    return `Not known which of the two is better. ${whoseOf([strategy, against])}${difference.reason}`;
  }
  const [own, other] = [strategy.of, against.of];
  if (difference.differing === 0)
    return `In each of ${counted(used, 'decision')}, both or neither would have delivered what was delivered: this log shows no difference between ${own} and ${other}.`;
  const { text, detail } = figureView(difference, { ...style, isDifference: true });
  const figures = `${text} for each recipient by ips (95 % interval ${detail})`;
  if (isCarriedByFew(difference))
    return `Not known which of ${own} and ${other} is better. ${carriersOf(difference)} the difference, too few to show anything; ${figures}.`;
  const shown = shownBy(difference, style.metric);
  return shown === undefined
    ? `Neither ${own} nor ${other} is shown to be better: the interval of the difference includes 0; ${figures}.`
    : `On this log ${own} is shown to ${shown} than ${other}: ${figures}.`;
}

/** Whose figures are refused, where it is not what was logged that is to blame. */
function whoseOf(both: readonly PreviewedStrategy[]): string {
  const reasons = both.map(({ values: { ips } }) => ('refused' in ips ? ips.reason : undefined));
  const first = reasons.findIndex((reason) => reason !== undefined);
  return first < 0 || reasons[0] === reasons[1] ? '' : `Of ${both[first]?.of ?? ''}: `;
}

/** What makes the difference; nothing where there is none or it is refused. */
function differingOf({ difference }: Against, used: number): string | undefined {
  if ('refused' in difference || difference.differing === 0) return undefined;
  return `In ${countText(difference.differing)} of ${counted(used, 'decision')} only one of the two would have delivered what was delivered. The difference is the first less the second, paired: what both do is no source of chance in it.`;
}

/** What the interval shows of the first one; nothing where it includes 0. */
function shownBy({ interval: [lower, upper] }: Difference, metric: Metric | undefined): string | undefined {
  if (lower <= 0 && upper >= 0) return undefined;
  const isMore = lower > 0;
  if (metric?.direction === undefined) return `bring ${isMore ? 'more' : 'less'}`;
  return `do ${isMore === (metric.direction === 'increase') ? 'better' : 'worse'}`;
}
