import { PostulateError } from '../../errors.js';
import { setRetraining } from '../../flows/keep-learning.js';
import { askToLearn, waitForRun } from '../../flows/run-learning.js';
import { strategyName } from '../api/strategy-activation.js';
import { fieldOf, readForm } from '../form.js';
import { runPath } from './learning-run-page.js';
import { goTo, type Page, type PageCall } from './page.js';

/** What was not possible, on the page it was asked for on. */
export type ShowRefused = (call: PageCall, error: PostulateError) => Promise<void>;

/** So long a person waits for the model; after that a page of its own follows how far it is. */
const waitMs = 1_500;

/** Where to go on; to the strategy, unless it says so. */
type Ask = (call: PageCall, name: string, form: URLSearchParams) => Promise<string | undefined>;

async function learn(
  { web: { ctx }, session }: PageCall,
  name: string,
  form: URLSearchParams,
): Promise<string | undefined> {
  const version = fieldOf(form, 'version');
  const reference = version === '' ? name : `${name}@${version}`;
  const run = await askToLearn(ctx, reference, {}, session.principal.name);
  const ended = await waitForRun(ctx, run.id, waitMs);
  return ended.run.endedAt === undefined ? runPath(run.id) : undefined;
}

async function schedule(
  { web: { ctx }, session }: PageCall,
  name: string,
  form: URLSearchParams,
): Promise<undefined> {
  const [every, at] = [fieldOf(form, 'every'), fieldOf(form, 'at')];
  const body = { every: every === '' ? null : every, ...(at !== '' && { at }) };
  await setRetraining(ctx, name, body, session.principal.name);
}

/** The forms of what a strategy learns, as the API has them. */
export function learningForms(showRefused: ShowRefused): readonly Page[] {
  return [formPage('learn', learn, showRefused), formPage('retraining', schedule, showRefused)];
}

function formPage(what: string, ask: Ask, showRefused: ShowRefused): Page {
  return {
    method: 'post',
    path: `/strategies/{name}/${what}`,
    scopes: ['admin'],
    async handle(call) {
      const form = await readForm(call.request, call.session);
      const name = strategyName(call.request);
      let next: string | undefined;
      try {
        next = await ask(call, name, form);
      } catch (error) {
        const isMendable =
          error instanceof PostulateError && (error.kind === 'bad_input' || error.kind === 'conflict');
        if (!isMendable) throw error;
        return showRefused(call, error);
      }
      const version = fieldOf(form, 'version');
      const shown = version === '' ? '' : `?version=${encodeURIComponent(version)}`;
      goTo(call.response, next ?? `/strategies/${encodeURIComponent(name)}${shown}#learning`);
    },
  };
}
