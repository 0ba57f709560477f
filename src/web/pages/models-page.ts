import { PostulateError } from '../../errors.js';
import { closeAlert, listAlerts } from '../../flows/alerts.js';
import { findModel, listModels } from '../../flows/find-models.js';
import { coverageOf } from '../../flows/keep-scores.js';
import { changeModelInUse, type ModelChange } from '../../flows/promote-model.js';
import { listRuns } from '../../flows/run-learning.js';
import { fieldOf, readForm } from '../form.js';
import { listedModelView, hrefOf, modelView } from '../model-view.js';
import { scoresView } from '../scores-view.js';
import { percent } from '../calibration-chart.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { sparkHeight, sparkWidth } from '../spark-line.js';
import { goTo, render, type Page, type PageCall } from './page.js';

const onAPage = 50;

async function showAll(call: PageCall): Promise<void> {
  const { ctx } = call.web;
  const given = Number(call.request.query['from'] ?? 0);
  const offset = Number.isSafeInteger(given) && given > 0 ? given : 0;
  const models = await listModels(ctx, { offset, limit: onAPage + 1 });
  const open = (await listRuns(ctx)).filter(({ status }) => status === 'waiting' || status === 'running');
  const view = {
    models: models.slice(0, onAPage).map((model) => listedModelView(model, ctx.clock())),
    next: models.length > onAPage ? offset + onAPage : undefined,
    offset,
    alerts: (await listAlerts(ctx, true)).length,
    running: open.map(({ id, name, step, share, status }) => ({
      ...{ id, name, status, step: shownText(step, 200) },
      ...(share !== undefined && { share: percent(share) }),
    })),
  };
  await render(call, 'models', { title: 'Models', nav: 'models', ...view });
}

async function showOne(call: PageCall, refused?: string): Promise<void> {
  if (refused !== undefined) call.response.status(422);
  const { name, number } = call.request.params;
  const { ctx } = call.web;
  const found = await findModel(ctx, String(name), Number(number));
  const model = modelView(found, ctx.clock());
  const scores = found.inUse ? await scoresOf(call, found.of) : undefined;
  await render(call, 'model', {
    title: `Model ${found.id}`,
    nav: 'models',
    ...{ model, scores, refused, sparkWidth, sparkHeight },
  });
}

/** How many have a score of the strategy, and how old these are; undefined where it gives none. */
async function scoresOf({ web: { ctx } }: PageCall, strategy: string) {
  try {
    return scoresView(await coverageOf(ctx, strategy), ctx.clock());
  } catch (error) {
    // Of a kind that scores nobody, or a model that cannot be used.
    if (error instanceof PostulateError) return undefined;
    throw error;
  }
}

async function change(call: PageCall, kind: ModelChange): Promise<void> {
  const form = await readForm(call.request, call.session);
  const { name, number } = call.request.params;
  const by = call.session.principal.name;
  try {
    const body = { number: Number(number), why: fieldOf(form, 'why') };
    await changeModelInUse(call.web.ctx, kind, String(name), body, by);
  } catch (error) {
    if (!(error instanceof PostulateError) || error.kind === 'not_found') throw error;
    return showOne(call, [error.message, ...error.problems.map(({ message }) => message)].join(' '));
  }
  goTo(call.response, hrefOf(String(name), Number(number)));
}

const time = (iso: string) => ({ iso, text: shownTime(new Date(iso)) });

async function showAlerts(call: PageCall): Promise<void> {
  const alerts = (await listAlerts(call.web.ctx)).map(
    ({ raisedAt, seenAt, closedAt, closedBy, ...alert }) => ({
      ...{
        id: alert.id,
        kind: alert.kind,
        subject: shownText(alert.subject),
        message: shownText(alert.message, 600),
      },
      ...{ raised: time(raisedAt), seen: time(seenAt) },
      ...(closedAt !== undefined && { closed: time(closedAt) }),
      by: closedBy === 'over' ? 'over by itself' : closedBy && `closed by ${shownText(closedBy)}`,
    }),
  );
  const [open, closed] = [alerts.filter((one) => !one.closed), alerts.filter((one) => one.closed)];
  await render(call, 'alerts', { title: 'Alerts', nav: 'models', ...{ open, closed } });
}

async function close(call: PageCall): Promise<void> {
  await readForm(call.request, call.session);
  try {
    await closeAlert(call.web.ctx, String(call.request.params['id']), call.session.principal.name);
  } catch (error) {
    if (!(error instanceof PostulateError) || error.code !== 'alert_closed') throw error;
  }
  goTo(call.response, '/alerts');
}

export const modelPages: readonly Page[] = [
  { method: 'get', path: '/models', scopes: ['analyst'], handle: showAll },
  { method: 'get', path: '/models/{name}/{number}', scopes: ['analyst'], handle: (call) => showOne(call) },
  {
    method: 'post',
    path: '/models/{name}/{number}/promote',
    scopes: ['admin'],
    handle: (call) => change(call, 'promote'),
  },
  { method: 'get', path: '/alerts', scopes: ['analyst'], handle: showAlerts },
  { method: 'post', path: '/alerts/{id}/close', scopes: ['admin'], handle: close },
];
