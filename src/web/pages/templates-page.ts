import { PostulateError, type InputProblem } from '../../errors.js';
import { listTemplates } from '../../flows/find-template.js';
import { previewTemplate } from '../../flows/preview-template.js';
import { listContents, registerContent } from '../../flows/register-content.js';
import { registerTemplate } from '../../flows/register-template.js';
import { notFound } from '../../errors.js';
import { parseJson } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { cellView, findingViews, messageView, moduleViews } from '../message-view.js';
import { shownText } from '../shown-text.js';
import { sendMessage } from './message-frame.js';
import { goTo, render, type Page, type PageCall } from './page.js';

interface Written {
  readonly template: string;
  readonly definition: string;
  readonly content: string;
  readonly body: string;
  readonly failed?: 'template' | 'content';
  readonly message?: string;
  readonly problems?: readonly InputProblem[];
}

const example = {
  engine: 'liquid',
  subject: '{{ slots.subject }}, {{ user.first_name }}',
  html: '<html><body>\n<p>Hello {{ user.first_name }}</p>\n</body></html>',
  tokens: { 'user.first_name': { default: 'there', sample: 'Ada' } },
};
const untouched: Written = {
  template: '',
  definition: JSON.stringify(example, null, 2),
  content: '',
  body: '',
};

async function show(call: PageCall, written: Written = untouched): Promise<void> {
  if (written.message !== undefined) call.response.status(422);
  const { ctx } = call.web;
  const templates = byName(await listTemplates(ctx)).map(([name, versions]) => ({
    name,
    engine: versions[0]?.definition.engine,
    form: versions[0]?.definition.mjml === undefined ? 'HTML' : 'MJML',
    tokens: Object.keys(versions[0]?.definition.tokens ?? {}).length,
    versions: versions.map(({ version, createdAt }) => ({ version, day: createdAt.slice(0, 10) })),
  }));
  const contents = byName(await listContents(ctx)).map(([name, versions]) => ({
    name,
    newest: shownText(versions[0]?.body ?? '', 300),
    versions: versions.map(({ version, body, createdAt }) => ({
      version,
      body: shownText(body, 300),
      day: createdAt.slice(0, 10),
    })),
  }));
  await render(call, 'templates', { title: 'Content', nav: 'content', ...{ templates, contents, written } });
}

function byName<T extends { readonly name: string }>(versions: readonly T[]): [string, T[]][] {
  const found = new Map<string, T[]>();
  for (const version of versions) found.set(version.name, [...(found.get(version.name) ?? []), version]);
  return [...found];
}

async function register(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const written: Written = {
    template: fieldOf(form, 'template'),
    definition: form.get('definition') ?? untouched.definition,
    content: fieldOf(form, 'content'),
    body: fieldOf(form, 'body'),
  };
  const what = form.has('content') ? 'content' : 'template';
  try {
    if (what === 'content') {
      const { name } = await registerContent(call.web.ctx, { name: written.content, body: written.body });
      goTo(call.response, `/templates#content-${name}`);
      return;
    }
    const definition = parseJson(written.definition);
    const { version } = await registerTemplate(call.web.ctx, { name: written.template, definition });
    goTo(call.response, `/templates/${version.name}@${version.version}`);
  } catch (error) {
    if (error instanceof HttpProblem) return show(call, { ...written, failed: what, message: error.message });
    if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
    await show(call, { ...written, failed: what, message: error.message, problems: error.problems });
  }
}

async function showOne(call: PageCall): Promise<void> {
  const { version, findings, modules, cells } = await preview(call);
  const { name, definition, compiled } = version;
  const asked = call.request.query['profile'];
  const chosen = cells.find(({ sample }) => sample.key === asked) ?? cells[0];
  const views = cells.map(cellView);
  const others = await listTemplates(call.web.ctx, name);
  const parts = [
    ['Subject', definition.subject],
    [definition.mjml === undefined ? 'HTML' : 'MJML', definition.mjml ?? definition.html ?? ''],
    ...(definition.mjml === undefined ? [] : [['HTML, as compiled', compiled.html]]),
    [
      definition.text === undefined ? 'Plain text, made from the HTML' : 'Plain text',
      compiled.text ?? 'made from each message by itself',
    ],
  ].map(([title, source]) => ({ title, lines: (source ?? '').split('\n') }));
  await render(call, 'template', {
    title: `Template ${name}`,
    nav: 'content',
    ...{
      version,
      reference: `${name}@${version.version}`,
      versions: others.map((one) => one.version),
      findings: findingViews(findings),
      tokens: Object.entries(definition.tokens).map(([token, one]) => ({ token, ...one })),
      parts,
      cells: views,
      modules: moduleViews(modules, views),
      chosen: chosen && { ...cellView(chosen), ...messageView(chosen.message) },
    },
  });
}

async function showMessage(call: PageCall): Promise<void> {
  const { cells } = await preview(call);
  const cell = cells.find(({ sample }) => sample.key === call.request.params['profile']);
  if (!cell?.message) throw notFound('message_not_found', 'There is no such message.');
  sendMessage(call.response, cell.message.html);
}

function preview(call: PageCall) {
  return previewTemplate(call.web.ctx, String(call.request.params['reference']));
}

export const templatePages: readonly Page[] = [
  { method: 'get', path: '/templates', scopes: ['analyst'], handle: (call) => show(call) },
  { method: 'post', path: '/templates', scopes: ['admin'], handle: register },
  { method: 'get', path: '/templates/{reference}', scopes: ['analyst'], handle: showOne },
  {
    method: 'get',
    path: '/templates/{reference}/message/{profile}',
    scopes: ['analyst'],
    handle: showMessage,
  },
];
