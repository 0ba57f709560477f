import { PostulateError, type InputProblem } from '../../errors.js';
import { listStrategyKinds } from '../../flows/list-strategy-kinds.js';
import { outlineStrategy } from '../../flows/find-strategy.js';
import { listStrategyNames, listVersions } from '../../flows/list-strategy-names.js';
import { registerStrategy } from '../../flows/register-strategy.js';
import { documentOf, withPlace } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { shownOutline } from './strategy-page.js';
import { HttpProblem } from '../http-problem.js';
import { goTo, render, type Page, type PageCall } from './page.js';

interface Written {
  readonly name: string;
  readonly definition: string;
  readonly message?: string;
  readonly problems?: readonly InputProblem[];
}

const untouched: Written = {
  name: '',
  definition: JSON.stringify({ kind: 'static', slots: { subject: 'Spring is here' } }, null, 2),
};

async function show(call: PageCall, written: Written): Promise<void> {
  if (written.message !== undefined) call.response.status(422);
  const versions = await listVersions(call.web.ctx);
  const names = (await listStrategyNames(call.web.ctx)).map((one) => {
    const version = versions.find(({ name, version: number }) => name === one.name && number === one.version);
    if (!version) throw new Error(`version ${one.version} of ${one.name} is missing`);
    return { ...one, outline: shownOutline(outlineStrategy(version)) };
  });
  const overdue = names.filter(({ overdueDays }) => overdueDays !== undefined);
  const locals = {
    title: 'Strategies',
    nav: 'strategies',
    names,
    overdue,
    kinds: listStrategyKinds(),
    written,
  };
  await render(call, 'strategies', locals);
}

async function register(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const written: Written = { name: fieldOf(form, 'name'), definition: form.get('definition') ?? '' };
  try {
    const { value: definition, placeOf } = documentOf(written.definition);
    const inside = (path: string): string => placeOf?.(path.replace(/^definition\.?/, '')) ?? '';
    const version = await registerStrategy(call.web.ctx, { name: written.name, definition }).catch(
      (error: unknown) => {
        throw withPlace(error, (path) => (path.startsWith('definition') ? inside(path) : undefined));
      },
    );
    goTo(call.response, `/strategies/${version.name}?version=${version.version}`);
  } catch (error) {
    if (error instanceof HttpProblem) return show(call, { ...written, message: error.message });
    if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
    await show(call, { ...written, message: error.message, problems: error.problems });
  }
}

export const strategyPages: readonly Page[] = [
  { method: 'get', path: '/strategies', scopes: ['analyst'], handle: (call) => show(call, untouched) },
  { method: 'post', path: '/strategies', scopes: ['admin'], handle: register },
];
