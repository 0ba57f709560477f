import { PostulateError, type InputProblem } from '../../errors.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { loadCohortReport } from '../../flows/load-cohort-report.js';
import { requestRefill } from '../../flows/refill.js';
import type { Report } from '../../reports/report.js';
import { traitOf } from '../api/additions.js';
import { experimentKey } from '../api/parameters.js';
import { parseJson } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { barHeight, barWidth } from '../interval-bar.js';
import { cohortViews } from '../report-cohort-view.js';
import { shownText } from '../shown-text.js';
import { showExperiment } from './experiment-page.js';
import { goTo, render, type Page, type PageCall } from './page.js';

async function addMetric(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const key = experimentKey(call.request);
  const written = { builtIn: fieldOf(form, 'builtIn'), json: fieldOf(form, 'json') };
  try {
    const metric = written.json === '' ? written.builtIn : parseJson(written.json);
    await requestRefill(call.web.ctx, key, { metric });
  } catch (error) {
    const refused = mendable(error);
    if (!refused) throw error;
    call.response.status(422);
    return showExperiment(call, { metric: { ...written, refused } });
  }
  goTo(call.response, `/experiments/${key}#afterwards`);
}

async function keepCohort(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const key = experimentKey(call.request);
  const trait = traitOf(form.get('trait') ?? '');
  await requestRefill(call.web.ctx, key, { cohort: trait });
  goTo(call.response, `/experiments/${key}#afterwards`);
}

interface Refused {
  readonly message: string;
  readonly problems: readonly InputProblem[];
}

function mendable(error: unknown): Refused | undefined {
  if (error instanceof HttpProblem) return { message: error.message, problems: [] };
  if (!(error instanceof PostulateError)) return undefined;
  if (error.kind !== 'bad_input' && error.kind !== 'conflict') return undefined;
  return { message: error.message, problems: error.problems };
}

/** The deciding metric by a trait that was asked for afterwards. */
async function showCohort(call: PageCall): Promise<void> {
  const trait = traitOf(call.request.query['trait']);
  const experiment = await findExperiment(call.web.ctx, experimentKey(call.request));
  const report = await loadCohortReport(call.web.ctx, experiment.key, trait);
  await render(call, 'cohort', {
    title: `${experiment.title} by ${shownText(trait)}`,
    nav: 'experiments',
    ...{ experiment, trait, shownTrait: shownText(trait), asOf: report.asOf, cohort: cohortOf(report) },
    ...{ metric: report.metrics[0]?.title ?? '', barWidth, barHeight },
  });
}

/** There is only the one metric, so all of it is unfolded. */
function cohortOf(report: Report) {
  const [view] = cohortViews(report);
  return view && { ...view, effects: view.effects.map((effect) => ({ ...effect, deciding: true })) };
}

export const additionPages: readonly Page[] = [
  { method: 'post', path: '/experiments/{key}/metrics', scopes: ['admin'], handle: addMetric },
  { method: 'get', path: '/experiments/{key}/cohort', scopes: ['analyst'], handle: showCohort },
  { method: 'post', path: '/experiments/{key}/cohort', scopes: ['admin'], handle: keepCohort },
];
