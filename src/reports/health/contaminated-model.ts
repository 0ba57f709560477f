import { counted } from '../format.js';
import type { ArmModel } from '../report-input.js';
import type { Finding } from '../report.js';
import type { HealthCheck } from './context.js';

/** Does an arm decide by a model that learned from what this very experiment did, or look at the scores of one? */
export const contaminatedModel: HealthCheck = {
  id: 'contaminated_model',
  definition:
    'Models that know the answer: an arm that decides by a model, or looks at the score of one, which learned from recipients of this ' +
    'experiment after they were enrolled, or from the time in which it ran. It may know outcomes that it is measured by, so its effect ' +
    'looks larger than it is elsewhere. Also cohorts that are made by such a score, and models that read the scores of such a one, ' +
    'directly or through others.',
  find({ input: { models = [], started, ended } }) {
    if (models.length === 0) return undefined;
    const known = models.flatMap((model) => {
      const learned = whatItKnows(model, { started, ended });
      return learned === undefined ? [] : [{ model, learned }];
    });
    const found = worthSaying(known);
    return found.length === 0 ? clean : findingOf(found, started);
  },
};

interface Known {
  readonly model: ArmModel;
  /** The end of a sentence: `learned from …`. */
  readonly learned: string;
}

const check = contaminatedModel.id;

/** Of what is reached by way of others no more than one does not know already, and of models of one name the last. */
function worthSaying(known: readonly Known[]): readonly Known[] {
  const useOf = ({ arm, score }: ArmModel): string => JSON.stringify([arm, score?.by, score?.trait]);
  const inUse = new Set(known.map(({ model }) => `${useOf(model)} ${model.model}`));
  const last = new Map<string, Known>();
  for (const one of known) {
    const { model, path = [] } = one.model;
    const use = useOf(one.model);
    if (path.some((step) => inUse.has(`${use} ${step.model}`))) continue;
    const key = path.length === 0 ? `${use} ${model}` : JSON.stringify([use, path, strategyOf(model)]);
    const other = last.get(key);
    if (!other || (one.model.until ?? '') > (other.model.until ?? '')) last.set(key, one);
  }
  return [...last.values()];
}

const strategyOf = (model: string): string => model.replace(/\/\d+$/, '');

const clean: Finding = {
  ...{ check, severity: 'ok', evidence: { models: [] } },
  title: 'Models learned before the experiment',
  text: 'The models that arms decide by, and those whose scores are looked at, learned from nothing that this experiment did.',
};

function findingOf(found: readonly Known[], started: string | undefined): Finding {
  const arms = found.filter(({ model }) => model.arm !== undefined);
  const undeclared = arms.some(({ model }) => !model.declared);
  const title = 'A model learned from this experiment';
  const evidence = found.map(({ model, learned }) => {
    const { arm, from, until, fromHere, declared, score, path } = model;
    return { ...{ arm, model: model.model, why: learned, declared }, from, until, fromHere, score, path };
  });
  return {
    check,
    severity: undeclared ? 'warning' : 'notice',
    title: arms.length > 0 && !undeclared ? `${title}, as declared` : title,
    text: [...found.map(sentenceOf), ...meaningOf(found), ...remedies(found, started)].join(' '),
    evidence: { models: evidence },
  };
}

function sentenceOf({ model: { arm, model, score, declared, path = [] }, learned }: Known): string {
  const end = `${learned}${declared ? ', as is declared' : ''}.`;
  const used = path[0]?.model ?? model;
  const chain = path.map((step, i) => `${step.model} reads ${step.trait}, which ${path[i + 1]?.model ?? model} may have said; `).join(''); // prettier-ignore
  if (!score) {
    if (chain === '') return `${arm} decides by ${model}, which ${end}`;
    return `${arm} decides by ${used}; ${chain}${model} ${end}`;
  }
  const { trait, by, recipients, unsure } = score;
  const said = [
    ...(recipients > 0 ? [`was said by ${used} of ${counted(recipients, 'recipient')}`] : []),
    ...(unsure > 0 ? [`may have been said by ${recipients > 0 ? 'it' : used} of ${counted(unsure, 'recipient')} whose score was said anew since`] : []),
  ].join(', and '); // prettier-ignore
  const reader = arm === undefined ? `The ${by}` : `${arm} (${by})`;
  return `${reader} looks at ${trait}, which ${said}; ${chain}${model} ${end}`;
}

function meaningOf(found: readonly Known[]): string[] {
  const arms = 'Such a model may know outcomes that it is measured by: read the effect as what it does here, not elsewhere.'; // prettier-ignore
  const cohorts =
    'Cohorts by such a score were found with outcomes of this experiment: they describe it, and do not tell whom to send what next.';
  return [
    ...(found.some(({ model }) => model.arm !== undefined) ? [arms] : []),
    ...(found.some(({ model }) => model.arm === undefined) ? [cohorts] : []),
  ];
}

function remedies(found: readonly Known[], started: string | undefined): string[] {
  const open = found.filter(({ model }) => !model.declared).map(({ model }) => model);
  if (open.length === 0 || started === undefined) return [];
  const commands = new Set(open.flatMap((model) => commandsFor(model, started)));
  return [
    `A new experiment that starts after the model learned is free of this; so is one with a model from before this start (${[...commands].join('; ')}).`,
  ];
}

/** The model that knows too much first, then in turn those that read what it says. */
function commandsFor({ model, score, path = [] }: ArmModel, started: string): string[] {
  const names = [model, ...path.map((step) => step.model).reverse()].map(strategyOf);
  return names.flatMap((name, i) => {
    const learn = `postulate strategies learn ${name} --clock ${started}`;
    const isRead = score !== undefined || i < names.length - 1;
    return isRead ? [learn, `postulate strategies score ${name}`] : [learn];
  });
}

function whatItKnows(
  { from, until, fromHere }: ArmModel,
  { started, ended }: { readonly started: string | undefined; readonly ended: string | undefined },
): string | undefined {
  const overlaps = started !== undefined && until !== undefined && Date.parse(until) > Date.parse(started);
  if (!overlaps && fromHere === 0) return undefined;
  const since = from === undefined ? '' : `from ${dayOf(from)} `;
  const window = until === undefined ? '' : `what happened ${since}until ${dayOf(until)}`;
  const overlap = overlaps ? `${lengthOf(started, until, ended)} of this experiment, which started on ${dayOf(started)}` : ''; // prettier-ignore
  const people = fromHere === 0 ? '' : `${counted(fromHere, 'recipient')} of this experiment after they were enrolled`; // prettier-ignore
  const parts = [[window, overlap].filter(Boolean).join(', '), people].filter(Boolean);
  return `learned from ${parts.join(', and from ')}`;
}

const dayOf = (time: string): string => time.slice(0, 10);

/** How much of an experiment lies before a moment after its start. */
function lengthOf(started: string, until: string, ended = until): string {
  const days = (Math.min(Date.parse(until), Date.parse(ended)) - Date.parse(started)) / 86_400_000;
  return days < 1 ? 'less than a day' : counted(Math.floor(days), 'day');
}
