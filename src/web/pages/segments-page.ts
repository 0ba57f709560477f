import { PostulateError, type InputProblem } from '../../errors.js';
import { findSegment, type KnownSegment, listSegments } from '../../flows/find-segments.js';
import { registerSegment } from '../../flows/register-segment.js';
import { parseJson } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { shownText } from '../shown-text.js';
import { shownSpan, shownTime } from '../shown-time.js';
import { goTo, render, type Page, type PageCall } from './page.js';

interface Written {
  readonly name: string;
  readonly title: string;
  readonly when: string;
  readonly message?: string;
  readonly problems?: readonly InputProblem[];
}

const untouched: Written = {
  name: '',
  title: '',
  when: JSON.stringify({ event: 'purchase', within: '7d' }, null, 2),
};

async function showAll(call: PageCall, written: Written): Promise<void> {
  if (written.message !== undefined) call.response.status(422);
  const segments = (await listSegments(call.web.ctx)).map(segmentView);
  await render(call, 'segments', { title: 'Segments', nav: 'segments', ...{ segments, written } });
}

async function register(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const [name, title] = [fieldOf(form, 'name'), fieldOf(form, 'title')];
  const written: Written = { name, title, when: form.get('when') ?? '' };
  try {
    const when = parseJson(written.when);
    const segment = await registerSegment(call.web.ctx, { name, when, ...(title !== '' && { title }) });
    goTo(call.response, `/segments/${segment.name}`);
  } catch (error) {
    if (error instanceof HttpProblem) return showAll(call, { ...written, message: error.message });
    if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
    await showAll(call, { ...written, message: error.message, problems: error.problems });
  }
}

async function showOne(call: PageCall): Promise<void> {
  const { segment, versions } = await findSegment(call.web.ctx, String(call.request.params['name']));
  const view = {
    segment: { ...segmentView(segment), when: JSON.stringify(segment.when, null, 2) },
    versions: versions.map(({ version, title, createdAt, hash, when }) => ({
      version,
      hash,
      title: shownText(title),
      created: { iso: createdAt, text: shownTime(new Date(createdAt)) },
      when: JSON.stringify(when, null, 2),
    })),
  };
  await render(call, 'segment', { title: shownText(segment.title, 120), nav: 'segments', ...view });
}

const mostWords = 600;

function segmentView({ name, version, title, description, words, size, counting, createdAt }: KnownSegment) {
  return {
    name,
    version,
    title: shownText(title, 120),
    description: description === undefined ? undefined : shownText(description, 2_000),
    words: shownText(words, mostWords),
    size: size && {
      members: size.members.toLocaleString('en'),
      lag: shownSpan(size.lagSeconds),
      upTo: { iso: size.upTo, text: shownTime(new Date(size.upTo)) },
    },
    counting: counting && {
      judged: counting.judged.toLocaleString('en'),
      recipients: counting.recipients.toLocaleString('en'),
    },
    created: { iso: createdAt, text: shownTime(new Date(createdAt)) },
  };
}

export const segmentPages: readonly Page[] = [
  { method: 'get', path: '/segments', scopes: ['analyst'], handle: (call) => showAll(call, untouched) },
  { method: 'post', path: '/segments', scopes: ['admin'], handle: register },
  { method: 'get', path: '/segments/{name}', scopes: ['analyst'], handle: showOne },
];
