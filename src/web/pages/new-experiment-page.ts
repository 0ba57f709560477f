import { PostulateError, type InputProblem } from '../../errors.js';
import { exampleDraft } from '../../experiments/example-draft.js';
import { parseDraft } from '../../experiments/parse-draft.js';
import { createExperiment } from '../../flows/create-experiment.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { draftOf } from '../draft-of.js';
import { readForm } from '../form.js';
import { HttpProblem } from '../http-problem.js';
import { parseJson } from '../body.js';
import { goTo, render, type Page, type PageCall } from './page.js';
import {
  emptyPlainFields,
  fieldOfDraftPath,
  plainDraft,
  readPlainFields,
  type PlainFields,
} from './plain-draft.js';
import { problemsByField, type FieldErrors } from './problems-by-field.js';

interface Forms {
  readonly plain: PlainFields;
  readonly json: string;
  /** Which of the two forms was sent and is wrong. */
  readonly sent?: 'plain' | 'json';
  /** Title of the experiment that the JSON is a copy of. */
  readonly copyOf?: string;
  readonly message?: string;
  readonly errors: FieldErrors;
}

const untouched: Forms = {
  plain: emptyPlainFields,
  json: JSON.stringify(exampleDraft, null, 2),
  errors: { fields: {}, others: [] },
};

/** Empty, or with an experiment to copy: `?from=KEY`. */
async function showFresh(call: PageCall): Promise<void> {
  const { from } = call.request.query;
  if (typeof from !== 'string' || from === '') return show(call, untouched);
  const experiment = await findExperiment(call.web.ctx, from);
  await show(call, {
    ...untouched,
    json: JSON.stringify(draftOf(experiment), null, 2),
    copyOf: experiment.title,
  });
}

async function show(call: PageCall, forms: Forms): Promise<void> {
  if (forms.sent !== undefined) call.response.status(422);
  const locals = { title: 'New experiment', nav: 'experiments', forms };
  await render(call, 'new-experiment', locals);
}

/** Makes the draft, or shows the form again with everything that was written and what is wrong with it. */
async function create(call: PageCall): Promise<void> {
  const form = await readForm(call.request, call.session);
  const isJson = form.get('form') === 'json';
  const forms: Forms = isJson
    ? { ...untouched, json: form.get('json') ?? '', sent: 'json' }
    : { ...untouched, plain: readPlainFields(form), sent: 'plain' };
  const { draft, problems } = isJson ? { draft: undefined, problems: [] } : plainDraft(forms.plain);
  if (problems.length > 0) {
    const all = [...problems, ...otherProblems(draft, problems)];
    return show(call, withProblems(forms, 'The draft was not created: see the fields below.', all));
  }
  try {
    const experiment = await createExperiment(call.web.ctx, isJson ? parseJson(forms.json) : draft);
    goTo(call.response, `/experiments/${experiment.key}`);
  } catch (error) {
    const found = problemsOf(error);
    await show(call, withProblems(forms, found.message, found.problems));
  }
}

/** What else is wrong, so that everything is told at once; a field that is missing is not told of twice. */
function otherProblems(draft: unknown, missing: readonly InputProblem[]): readonly InputProblem[] {
  const parsed = parseDraft(draft);
  if (parsed.ok) return [];
  const told = new Set(Object.keys(problemsByField(missing, fieldOfDraftPath).fields));
  return parsed.problems.filter((problem) => {
    const { fields } = problemsByField([problem], fieldOfDraftPath);
    return (
      !Object.keys(fields).some((field) => told.has(field)) && !(problem.path === 'key' && told.has('title'))
    );
  });
}

function withProblems(forms: Forms, message: string, problems: readonly InputProblem[]): Forms {
  const errors =
    forms.sent === 'json' ? { fields: {}, others: problems } : problemsByField(problems, fieldOfDraftPath);
  return { ...forms, message, errors };
}

function problemsOf(error: unknown): { message: string; problems: readonly InputProblem[] } {
  if (error instanceof HttpProblem) return { message: error.message, problems: [] };
  if (!(error instanceof PostulateError)) throw error;
  if (error.code === 'experiment_exists') {
    return { message: 'This key is taken.', problems: [{ path: 'key', message: error.message }] };
  }
  if (error.kind !== 'bad_input' && error.kind !== 'conflict') throw error;
  return { message: error.message, problems: error.problems };
}

export const newExperimentPages: readonly Page[] = [
  { method: 'get', path: '/experiments/new', scopes: ['admin'], handle: showFresh },
  { method: 'post', path: '/experiments', scopes: ['admin'], handle: create },
];
