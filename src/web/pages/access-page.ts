import { PostulateError } from '../../errors.js';
import { createApiKey, listApiKeys, revokeApiKey, scopes } from '../../flows/access.js';
import { createSignInLink, roles, type Role } from '../../flows/sign-in.js';
import { fieldOf, readForm } from '../form.js';
import { goTo, render, type Page, type PageCall } from './page.js';
import { problemsByField, type FieldErrors } from './problems-by-field.js';

interface Shown {
  /** A secret that is shown this once. */
  readonly fresh?: { readonly kind: 'key' | 'link'; readonly name: string; readonly secret: string };
  readonly key?: { readonly name: string; readonly scopes: readonly string[]; readonly errors: FieldErrors };
  readonly link?: { readonly name: string; readonly role: string; readonly errors: FieldErrors };
}

const noErrors: FieldErrors = { fields: {}, others: [] };
const emptyKey = { name: '', scopes: [] as string[], errors: noErrors };
const emptyLink = { name: '', role: 'analyst', errors: noErrors };

const scopeWords: Readonly<Record<(typeof scopes)[number], string>> = {
  sender: 'ask for arms and content',
  ingest: 'report events, profiles and items',
  analyst: 'read experiments, reports and profiles',
  admin: 'everything',
};
const roleWords: Readonly<Record<Role, string>> = {
  admin: 'may do everything',
  analyst: 'reads experiments, reports and profiles',
  sender: 'asks for arms and reports events',
};

async function show(call: PageCall, shown: Shown): Promise<void> {
  if (shown.key ?? shown.link) call.response.status(422);
  const keys = await listApiKeys(call.web.ctx);
  const locals = { title: 'Access', nav: 'access', keys, scopeWords, roleWords, fresh: undefined };
  await render(call, 'access', { ...locals, key: emptyKey, link: emptyLink, ...shown });
}

async function create(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const input = { name: fieldOf(form, 'name'), scopes: form.getAll('scopes') };
  try {
    const { key, token } = await createApiKey(call.web.ctx, input);
    await show(call, { fresh: { kind: 'key', name: key.name, secret: token } });
  } catch (error) {
    await show(call, { key: { ...input, errors: errorsOf(error) } });
  }
}

async function invite(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const name = fieldOf(form, 'name');
  const role = roles.find((known) => known === form.get('role')) ?? 'analyst';
  try {
    const { token } = await createSignInLink(call.web.ctx, { name, role });
    const secret = `${call.web.settings.publicUrl}/sign-in?token=${token}`;
    await show(call, { fresh: { kind: 'link', name, secret } });
  } catch (error) {
    await show(call, { link: { name, role, errors: errorsOf(error) } });
  }
}

function errorsOf(error: unknown): FieldErrors {
  if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
  return problemsByField(error.problems, [
    [/^name/, 'name'],
    [/^scopes/, 'scopes'],
  ]);
}

async function revoke(call: PageCall): Promise<void> {
  await readForm(call.request, call.session);
  await revokeApiKey(call.web.ctx, String(call.request.params['id']));
  goTo(call.response, '/access');
}

export const accessPages: readonly Page[] = [
  { method: 'get', path: '/access', scopes: ['admin'], handle: (call) => show(call, {}) },
  { method: 'post', path: '/access/keys', scopes: ['admin'], handle: create },
  { method: 'post', path: '/access/keys/{id}/revoke', scopes: ['admin'], handle: revoke },
  { method: 'post', path: '/access/links', scopes: ['admin'], handle: invite },
];
