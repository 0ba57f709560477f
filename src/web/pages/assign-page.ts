import { badInput, PostulateError } from '../../errors.js';
import { eventTypes } from '../../experiments/experiment.js';
import { assignRecipients, type AssignmentAnswer } from '../../flows/assign-recipients.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { recordEvents, type EventAnswer } from '../../flows/record-events.js';
import { eventsOf } from '../api/events.js';
import { experimentKey } from '../api/parameters.js';
import { parseJson } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { render, type Page, type PageCall } from './page.js';

const MAX_LINES = 1_000;

interface Shown {
  readonly recipients?: string;
  readonly answers?: readonly AssignmentAnswer[];
  readonly event?: EventFields;
  readonly results?: readonly EventAnswer[];
  /** Why nothing was done, beside the form it belongs to. */
  readonly refused?: { readonly form: 'assign' | 'events'; readonly message: string };
}

interface EventFields {
  readonly id: string;
  readonly type: string;
  readonly recipient: string;
  readonly at: string;
  readonly value: string;
  readonly json: string;
}

const nothing = { recipients: '', answers: undefined, results: undefined, refused: undefined };

async function show(call: PageCall, shown: Shown): Promise<void> {
  const experiment = await findExperiment(call.web.ctx, experimentKey(call.request));
  if (shown.refused) call.response.status(422);
  const { ctx } = call.web;
  // The id is made when the form is: sending it twice records the event once.
  const fresh: EventFields = {
    id: ctx.newId(),
    type: 'sent',
    recipient: '',
    at: ctx.clock().toISOString().slice(0, 19) + 'Z',
    value: '',
    json: '',
  };
  const locals = {
    title: `Assign and report: ${experiment.title}`,
    nav: 'experiments',
    experiment,
    eventTypes,
  };
  await render(call, 'assign', { ...locals, ...{ ...nothing, event: fresh, ...shown } });
}

async function assign(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const recipients = (form.get('recipients') ?? '').replaceAll('\r\n', '\n');
  await keepForm(call, { recipients }, 'assign', async () => {
    const answers = await assignRecipients(
      call.web.ctx,
      experimentKey(call.request),
      recipientLines(recipients),
    );
    await show(call, { recipients, answers });
  });
}

/** One recipient a line: an id as it is, byte for byte, or an object with id and traits. */
function recipientLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw badInput('no_recipients', 'Write at least one recipient id, one a line.');
  if (lines.length > MAX_LINES) {
    throw badInput(
      'too_many_recipients',
      `This page takes ${MAX_LINES} recipients at a time; the API takes any number.`,
    );
  }
  return lines.map((line) => (line.trimStart().startsWith('{') ? parseJson(line) : { id: line }));
}

async function report(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const names = ['id', 'type', 'recipient', 'at', 'value', 'json'] as const;
  const fields = Object.fromEntries(
    names.map((name) => [name, fieldOf(form, name)]),
  ) as unknown as EventFields;
  // An id is taken as it stands, blanks and all.
  const event = { ...fields, recipient: form.get('recipient') ?? '' };
  await keepForm(call, { event }, 'events', async () => {
    const experiment = await findExperiment(call.web.ctx, experimentKey(call.request));
    const events =
      event.json === ''
        ? [eventOf(event, experiment.key, experiment.currency)]
        : eventsOf(parseJson(event.json));
    const results = await recordEvents(call.web.ctx, events);
    // What was refused stays in the form, to be mended; after a success there is a fresh one.
    const refused = results.some((result) => result.status === 'refused');
    await show(call, refused ? { event, results } : { results });
  });
}

function eventOf(fields: EventFields, experiment: string, currency: string | undefined): object {
  const whose = /^m_[A-Za-z0-9_-]{27}$/.test(fields.recipient)
    ? { messageId: fields.recipient }
    : { experiment, recipient: fields.recipient };
  const value =
    fields.value === '' ? {} : { value: fields.value, ...(currency !== undefined && { currency }) };
  return { id: fields.id, type: fields.type, ...whose, at: fields.at, ...value };
}

/** Shows the page again, with what was written, when the input is at fault. */
async function keepForm(
  call: PageCall,
  written: Shown,
  form: 'assign' | 'events',
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const mendable =
      error instanceof HttpProblem ||
      (error instanceof PostulateError && (error.kind === 'bad_input' || error.kind === 'conflict'));
    if (!mendable) throw error;
    await show(call, { ...written, refused: { form, message: error.message } });
  }
}

export const assignPages: readonly Page[] = [
  {
    method: 'get',
    path: '/experiments/{key}/assign',
    scopes: ['sender', 'ingest'],
    handle: (call) => show(call, {}),
  },
  { method: 'post', path: '/experiments/{key}/assign', scopes: ['sender'], handle: assign },
  { method: 'post', path: '/experiments/{key}/events', scopes: ['ingest'], handle: report },
];
