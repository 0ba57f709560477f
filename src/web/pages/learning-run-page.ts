import { PostulateError } from '../../errors.js';
import { followRun } from '../../flows/find-learning.js';
import { stopRun } from '../../flows/run-learning.js';
import { readForm } from '../form.js';
import { followedView } from '../learning-view.js';
import { goTo, render, renderView, type Page, type PageCall } from './page.js';

const idOf = ({ request }: PageCall): string => String(request.params['id']);

export const runPath = (id: string): string => `/learning-runs/${id}`;

async function locals(call: PageCall) {
  return { run: followedView(await followRun(call.web.ctx, idOf(call))) };
}

async function show(call: PageCall): Promise<void> {
  const { run } = await locals(call);
  await render(call, 'learning-run', { title: `Learning of ${run.name}`, nav: 'models', ...{ run } });
}

/** The part of the page that a script fetches again and again. */
async function refresh(call: PageCall): Promise<void> {
  const html = await renderView(call.response, 'learning-run-live', await locals(call));
  call.response.type('html').send(html);
}

async function stop(call: PageCall): Promise<void> {
  await readForm(call.request, call.session);
  try {
    await stopRun(call.web.ctx, idOf(call), call.session.principal.name);
  } catch (error) {
    // Ended meanwhile: that is what was wanted.
    if (!(error instanceof PostulateError) || error.code !== 'run_ended') throw error;
  }
  goTo(call.response, runPath(idOf(call)));
}

/** One learning, followed until it has ended. */
export const learningRunPages: readonly Page[] = [
  { method: 'get', path: '/learning-runs/{id}', scopes: ['analyst'], handle: show },
  { method: 'get', path: '/learning-runs/{id}/live', scopes: ['analyst'], handle: refresh },
  { method: 'post', path: '/learning-runs/{id}/stop', scopes: ['admin'], handle: stop },
];
