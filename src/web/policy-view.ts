import { currencyExponent } from '../experiments/money.js';
import type { Metric, StoredExperiment } from '../experiments/experiment.js';
import type { PolicyPreview, PreviewedStrategy } from '../flows/preview-policy.js';
import { estimateText, type NumberStyle } from '../reports/format.js';
import { typeset } from './estimate-view.js';

/** What a strategy would have earned, as a page shows it. */
export function policyView(preview: PolicyPreview, { metrics, title, currency }: StoredExperiment) {
  const metric = metrics.find(({ key }) => key === preview.metric);
  const { used, leftOut, sampled } = preview.decisions;
  return {
    experiment: { key: preview.experiment, title },
    metric: metric?.title ?? preview.metric,
    ...{ used, sampled },
    leftOut: leftOut.map(({ reason, decisions }) => ({ why: reasons[reason], decisions })),
    rows: estimators.map(({ name, title: words }) => ({
      ...{ name, words },
      ...figureView(preview.strategy.values[name], metric, currency),
    })),
    weights: weightsView(preview.strategy.value),
    model: preview.strategy.model,
    meaning: preview.meaning,
  };
}

const estimators = [
  { name: 'snips', title: 'weights over their own sum' },
  { name: 'ips', title: 'weights as they are' },
  { name: 'dr', title: 'a model of the rewards, mended by weights' },
] as const;

const reasons: Readonly<Record<PolicyPreview['decisions']['leftOut'][number]['reason'], string>> = {
  no_ledger: 'made before there was a ledger',
  earlier_allocation: 'made under an earlier allocation',
  window_open: 'whose window is still open',
  unknown_probability: 'by a strategy that draws by chance',
  not_asked: 'whose strategy was not asked',
  history_too_long: 'with a history too long to read',
  not_reproduced: 'that come out otherwise now',
};

function figureView(
  value: PreviewedStrategy['value'],
  metric: Metric | undefined,
  currency: string | undefined,
) {
  if ('refused' in value) return { text: '–', detail: value.reason, refused: true };
  const { style, scale } = styleOf(metric, currency);
  const [lower, upper] = value.interval.map((end) => end / scale);
  const interval = { lower: lower ?? 0, upper: upper ?? 0, level: 0.95 };
  const { text, intervalText } = estimateText(value.value / scale, interval, style);
  return { text: typeset(text), detail: typeset(intervalText), refused: false };
}

function styleOf(
  metric: Metric | undefined,
  currency: string | undefined,
): { style: NumberStyle; scale: number } {
  const plain = { signed: false, minDecimals: 0 };
  if (metric?.count === 'once' || metric?.count === 'again')
    return { style: { ...plain, kind: 'percent', minDecimals: 1 }, scale: 1 };
  if (metric?.count === 'minutes') return { style: { ...plain, kind: 'minutes' }, scale: 1 };
  if (metric?.count !== 'value') return { style: { ...plain, kind: 'number' }, scale: 1 };
  const exponent = currencyExponent(currency ?? '');
  const style = {
    ...plain,
    kind: 'money',
    minDecimals: exponent,
    ...(currency !== undefined && { currency }),
  } as const;
  return { style, scale: 10 ** exponent };
}

function weightsView(value: PreviewedStrategy['value']) {
  if ('refused' in value) return undefined;
  const { matched, effective, largest, mean, meanSe } = value.weights;
  return {
    matched,
    effective: effective.toLocaleString('en', { maximumFractionDigits: 0 }),
    largest: largest.toPrecision(3),
    mean: `${mean.toFixed(3)} ± ${meanSe.toFixed(3)}`,
  };
}
