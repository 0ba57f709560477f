import { PostulateError, type InputProblem } from '../../errors.js';
import { type DecisionRecord, findDecision } from '../../flows/find-decision.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { parsePreview } from '../../flows/parse-preview.js';
import { type ArmPreview, type Preview, previewArms } from '../../flows/preview-arms.js';
import { experimentKey } from '../api/parameters.js';
import { parseJson } from '../body.js';
import { fieldOf, readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { shownText } from '../shown-text.js';
import { shownTime } from '../shown-time.js';
import { traceView } from '../trace-view.js';
import { render, type Page, type PageCall } from './page.js';

/** What stands in the form. */
interface Written {
  readonly recipient: string;
  readonly traits: string;
  readonly events: string;
  readonly clock: string;
}

interface Refused {
  readonly message: string;
  readonly problems: readonly InputProblem[];
}

async function show(call: PageCall, written: Written): Promise<void> {
  const key = experimentKey(call.request);
  const { title, status } = await findExperiment(call.web.ctx, key);
  const asked = Object.values(written).some((one) => one !== '');
  const result = asked ? await ask(call, key, written) : undefined;
  const refused = result && 'message' in result ? result : undefined;
  if (refused) call.response.status(422);
  const preview = result && 'arms' in result ? previewView(result) : undefined;
  await render(call, 'preview', {
    title: `Preview of ${title}`,
    nav: 'experiments',
    ...{ key, heading: title, status, written, refused, preview },
  });
}

async function ask(call: PageCall, key: string, written: Written): Promise<Preview | Refused> {
  try {
    const { recipient, traits, events, clock } = written;
    const asked = parsePreview({
      ...(recipient !== '' && { recipient }),
      ...(traits !== '' && { traits: parseJson(traits) }),
      ...(events !== '' && { events: parseJson(events) }),
      ...(clock !== '' && { clock }),
    });
    return await previewArms(call.web.ctx, key, asked);
  } catch (error) {
    if (error instanceof HttpProblem) return { message: error.message, problems: [] };
    if (error instanceof PostulateError && error.kind === 'bad_input') return error;
    throw error;
  }
}

function previewView({ recipient, clock, traits, events, arms }: Preview) {
  return {
    recipient: recipient && { ...recipient, id: shownText(recipient.id, 256) },
    clock,
    time: shownTime(new Date(clock)),
    traits: Object.entries(traits).map(([name, value]) => ({
      name: shownText(name),
      value: shownText(JSON.stringify(value), 200),
    })),
    events,
    slotNames: [...new Set(arms.flatMap(({ slots }) => Object.keys(slots)))],
    arms: arms.map((arm) => ({
      ...armView(arm),
      drawn: recipient?.drawn === arm.arm,
      enrolled: recipient?.enrolled === arm.arm,
    })),
  };
}

function armView({ arm, slots, items, trace, ...rest }: ArmPreview) {
  return {
    arm,
    ...rest,
    slots: Object.entries(slots).map(([name, text]) => ({ name, text: shownText(text, 500) })),
    items: itemViews(items),
    trace: trace === null ? undefined : traceView(trace),
  };
}

function itemViews(items: ArmPreview['items'] = []) {
  return items.map(({ item, score, reason }) => ({
    item: shownText(item),
    score: `score ${Number(score.toPrecision(3))}`,
    reason: shownText(reason),
  }));
}

async function showForm(call: PageCall): Promise<void> {
  const asked = call.request.query['recipient'];
  const recipient = typeof asked === 'string' ? asked : '';
  await show(call, { recipient, traits: '', events: '', clock: '' });
}

async function showAsked(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const [recipient, traits, events, clock] = ['recipient', 'traits', 'events', 'clock'].map((name) =>
    fieldOf(form, name),
  ) as [string, string, string, string];
  await show(call, { recipient, traits, events, clock });
}

async function showDecision(call: PageCall): Promise<void> {
  const record = await findDecision(call.web.ctx, call.request.params['id'] as string);
  await render(call, 'decision', {
    title: 'Decision',
    nav: 'experiments',
    ...{ decision: decisionView(record) },
  });
}

function decisionView(record: DecisionRecord) {
  const { slots, items, trace, gist, inputs, manifest, decidedAt } = record;
  return {
    ...record,
    time: shownTime(new Date(decidedAt)),
    slots: Object.entries(slots).map(([name, text]) => ({ name, text: shownText(text, 500) })),
    items: itemViews(items),
    trace: trace === null ? undefined : traceView(trace),
    gist: gist === undefined ? undefined : shownText(JSON.stringify(gist), 500),
    traits: Object.entries(inputs?.traits ?? {}).map(([name, value]) => ({
      name: shownText(name),
      value: shownText(JSON.stringify(value), 200),
    })),
    history: (inputs?.history ?? [])
      .slice(-50)
      .reverse()
      .map(({ type, at, item, category, value, currency }) => ({
        type: shownText(type),
        time: shownTime(new Date(at)),
        about: [item, category, value === undefined ? undefined : `${value} ${currency ?? ''} (minor units)`]
          .flatMap((part) => (part === undefined ? [] : [shownText(part)]))
          .join(', '),
      })),
    events: inputs?.history.length ?? 0,
    manifest: Object.entries(manifest).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value),
    })),
    differences: record.differences.map((one) => shownText(one, 500)),
  };
}

export const previewPages: readonly Page[] = [
  { method: 'get', path: '/experiments/{key}/preview', scopes: ['analyst'], handle: showForm },
  { method: 'post', path: '/experiments/{key}/preview', scopes: ['analyst'], handle: showAsked },
  { method: 'get', path: '/decisions/{id}', scopes: ['analyst'], handle: showDecision },
];
