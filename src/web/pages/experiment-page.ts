import { PostulateError, type InputProblem } from '../../errors.js';
import { builtInMetrics, builtInNames } from '../../experiments/built-in-metrics.js';
import type { StoredExperiment } from '../../experiments/experiment.js';
import type { Action } from '../../experiments/lifecycle.js';
import { changeStatus } from '../../flows/change-status.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { loadReport } from '../../flows/load-report.js';
import { refillProgress } from '../../flows/read-freshness.js';
import { listStrategies } from '../../flows/register-strategy.js';
import { experimentAnswer } from '../api/experiment-schema.js';
import { experimentKey, snapshotId } from '../api/parameters.js';
import { readForm } from '../form.js';
import { refillRow } from '../freshness-view.js';
import { renderReportBody } from '../render-report.js';
import { designView } from './design-view.js';
import { goTo, render, type Page, type PageCall } from './page.js';

const actions: readonly Action[] = ['start', 'pause', 'resume', 'stop'];

interface Refused {
  readonly message: string;
  readonly problems: readonly InputProblem[];
}

/** What was written into the form for a metric, and what is wrong with it. */
export interface WrittenMetric {
  readonly builtIn: string;
  readonly json: string;
  readonly refused?: Refused;
}

/** The experiment with its report; a draft has none yet, but says what it lacks. */
export async function showExperiment(
  call: PageCall,
  { refused, metric }: { readonly refused?: Refused; readonly metric?: WrittenMetric } = {},
): Promise<void> {
  const key = experimentKey(call.request);
  const experiment = await findExperiment(call.web.ctx, key);
  const snapshot = snapshotId(call.request);
  await render(call, 'experiment', {
    title: experiment.title,
    nav: 'experiments',
    ...(await localsOf(call, experiment, snapshot)),
    refused,
    metric: metric ?? { builtIn: '', json: '' },
  } as { title: string });
}

async function localsOf(
  call: PageCall,
  experiment: StoredExperiment,
  snapshot: string | undefined,
): Promise<object> {
  const versions = await listStrategies(call.web.ctx);
  const taken = new Set(experiment.metrics.map((one) => one.key));
  const base = {
    experiment,
    builtIns: builtInNames
      .filter((name) => !taken.has(builtInMetrics[name].key))
      .map((name): [string, string] => [name, builtInMetrics[name].title ?? name]),
    refills: (await refillProgress(call.web.ctx, experiment.key)).map(refillRow),
    design: designView(experiment, versions),
    ...pick(experimentAnswer(experiment)),
    snapshot,
  };
  if (experiment.status === 'draft') return { ...base, report: undefined, reportBody: '' };
  const report = await loadReport(call.web.ctx, experiment.key, snapshot);
  const address = `/v1/experiments/${experiment.key}/report`;
  const query = report.snapshot === undefined ? '' : `?snapshot=${encodeURIComponent(report.snapshot)}`;
  const links = { json: `${address}${query}`, csv: `${address}.csv${query}` };
  const reportBody = await renderReportBody(report, { charts: true, links });
  return { ...base, report, reportBody, links };
}

function pick(answer: ReturnType<typeof experimentAnswer>): object {
  return { actions: answer.actions, missing: answer.missing };
}

function change(action: Action): Page {
  return {
    method: 'post',
    path: `/experiments/{key}/${action}`,
    scopes: ['admin'],
    async handle(call) {
      await readForm(call.request, call.session);
      const key = experimentKey(call.request);
      try {
        await changeStatus(call.web.ctx, key, action);
      } catch (error) {
        const mendable =
          error instanceof PostulateError && (error.kind === 'bad_input' || error.kind === 'conflict');
        if (!mendable) throw error;
        call.response.status(error.kind === 'conflict' ? 409 : 422);
        return showExperiment(call, { refused: { message: error.message, problems: error.problems } });
      }
      goTo(call.response, `/experiments/${key}`);
    },
  };
}

export const experimentPages: readonly Page[] = [
  { method: 'get', path: '/experiments/{key}', scopes: ['analyst'], handle: (call) => showExperiment(call) },
  ...actions.map(change),
];
