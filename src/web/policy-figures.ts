import type { PolicyEstimate } from '../evaluation/off-policy/policy-value.js';
import type { OrRefusal } from '../evaluation/refusal.js';
import type { Metric } from '../experiments/experiment.js';
import { currencyExponent } from '../experiments/money.js';
import type { PreviewedStrategy } from '../flows/preview-policy.js';
import { estimateText, type NumberStyle } from '../reports/format.js';
import { type EstimateView, typeset } from './estimate-view.js';

/** Which way of weighing makes the figures, in the order in which pages show them. */
export const estimators = [
  { name: 'snips', title: 'weights over their own sum' },
  { name: 'ips', title: 'weights as they are' },
  { name: 'dr', title: 'a model of the rewards, mended by weights' },
] as const;

/** What decides how figures are written. */
export interface FigureStyle {
  readonly metric: Metric | undefined;
  readonly currency: string | undefined;
  /** With a sign, shares in points. */
  readonly isDifference?: boolean;
}

/** A value or difference and its interval as shown, or a dash and the reason. */
export function figureView(figure: OrRefusal<PolicyEstimate>, asked: FigureStyle): EstimateView {
  if ('refused' in figure) return { text: '–', detail: figure.reason, refused: true };
  const { style, scale } = styleOf(asked);
  const [lower, upper] = figure.interval.map((end) => end / scale);
  const interval = { lower: lower ?? 0, upper: upper ?? 0, level: 0.95 };
  const { text, intervalText } = estimateText(figure.value / scale, interval, style);
  return { text: typeset(text), detail: typeset(intervalText), refused: false };
}

function styleOf({ metric, currency, isDifference = false }: FigureStyle): {
  style: NumberStyle;
  scale: number;
} {
  const plain = { signed: isDifference, minDecimals: 0 };
  const share = isDifference ? 'points' : 'percent';
  if (metric?.count === 'once' || metric?.count === 'again')
    return { style: { ...plain, kind: share, minDecimals: 1 }, scale: 1 };
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

/** What a value rests on; nothing where it is refused. */
export function weightsView(value: PreviewedStrategy['value']) {
  if ('refused' in value) return undefined;
  const { matched, effective, largest, mean, meanSe } = value.weights;
  return {
    matched,
    effective: effective.toLocaleString('en', { maximumFractionDigits: 0 }),
    largest: largest.toPrecision(3),
    mean: `${mean.toFixed(3)} ± ${meanSe.toFixed(3)}`,
  };
}
