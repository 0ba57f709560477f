import type { StoredExperiment } from '../experiments/experiment.js';
import type { PolicyPreview } from '../flows/preview-policy.js';
import { estimators, figureView, weightsView } from './policy-figures.js';
import { pairView } from './policy-pair-view.js';

/** What a strategy would have earned, beside another one if that was asked for, as a page shows it. */
export function policyView(preview: PolicyPreview, { metrics, title, currency }: StoredExperiment) {
  const metric = metrics.find(({ key }) => key === preview.metric);
  const { used, leftOut, sampled } = preview.decisions;
  const { strategy, against } = preview;
  return {
    experiment: { key: preview.experiment, title },
    metric: metric?.title ?? preview.metric,
    ...{ used, sampled },
    leftOut: leftOut.map(({ reason, decisions }) => ({ why: reasons[reason], decisions })),
    rows: estimators.map(({ name, title: words }) => ({
      ...{ name, words },
      ...figureView(strategy.values[name], { metric, currency }),
    })),
    weights: weightsView(strategy.value),
    model: strategy.model,
    meaning: preview.meaning,
    pair: against && pairView(preview, against, { metric, currency }),
  };
}

const reasons: Readonly<Record<PolicyPreview['decisions']['leftOut'][number]['reason'], string>> = {
  no_ledger: 'made before there was a ledger',
  earlier_allocation: 'made under an earlier allocation',
  window_open: 'whose window is still open',
  unknown_probability: 'by a strategy that draws by chance',
  not_asked: 'whose strategy was not asked',
  history_too_long: 'with a history too long to read',
  not_reproduced: 'that come out otherwise now',
};
