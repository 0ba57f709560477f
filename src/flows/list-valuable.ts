import { selectAllExperiments } from '../database/experiments.js';
import type { Context } from './context.js';

/** A metric of an experiment by which strategies can be valued. */
export interface ValuableMetric {
  readonly experiment: { readonly key: string; readonly title: string };
  readonly metric: { readonly key: string; readonly title: string };
}

const mostExperiments = 50;

/** What `previewPolicy` can be asked about: experiments that have decided something, the newest first, with their metrics. */
export async function listValuable({ db }: Pick<Context, 'db'>): Promise<ValuableMetric[]> {
  const begun = (await selectAllExperiments(db)).filter(({ status }) => status !== 'draft');
  return begun.slice(0, mostExperiments).flatMap(({ key, title, metrics }) =>
    metrics
      .filter(({ denominator }) => denominator === undefined)
      .map((metric) => ({
        experiment: { key, title },
        metric: { key: metric.key, title: metric.title },
      })),
  );
}
