import type { InputProblem } from '../../errors.js';
import { fieldOf } from '../form.js';

/** The fields of the short form: two subject lines against each other. */
export const plainFields = [
  'title',
  'key',
  'hypothesis',
  'controlName',
  'controlSubject',
  'challengerName',
  'challengerSubject',
  'success',
  'currency',
  'days',
  'cohorts',
  'traffic',
  'baseline',
  'uplift',
] as const;
export type PlainFields = Readonly<Record<(typeof plainFields)[number], string>>;

export const emptyPlainFields: PlainFields = {
  title: '',
  key: '',
  hypothesis: '',
  controlName: 'Plain',
  controlSubject: '',
  challengerName: 'Personal',
  challengerSubject: '',
  success: 'clicked',
  currency: '',
  days: '14',
  cohorts: '',
  traffic: '100',
  baseline: '',
  uplift: '',
};

const successes = {
  clicked: { key: 'clicked', title: 'Clicked', type: 'proportion', event: 'clicked' },
  opened: { key: 'opened', title: 'Opened', type: 'proportion', event: 'opened' },
  converted: { key: 'converted', title: 'Bought', type: 'proportion', event: 'converted' },
  revenue: { key: 'revenue', title: 'Revenue per recipient', type: 'money', event: 'converted' },
} as const;

function isSuccess(name: string): name is keyof typeof successes {
  return Object.hasOwn(successes, name);
}

/** Which field of the form a path of the draft belongs to. */
export const fieldOfDraftPath: readonly (readonly [RegExp, keyof PlainFields])[] = [
  [/^title/, 'title'],
  [/^key/, 'key'],
  [/^hypothesis/, 'hypothesis'],
  [/^factors\[0\]\.levels\[0\]\.slots/, 'controlSubject'],
  [/^factors\[0\]\.levels\[0\]/, 'controlName'],
  [/^factors\[0\]\.levels\[1\]\.slots/, 'challengerSubject'],
  [/^factors\[0\]\.levels\[1\]/, 'challengerName'],
  [/^metrics/, 'success'],
  [/^currency/, 'currency'],
  [/^window/, 'days'],
  [/^cohorts/, 'cohorts'],
  [/^traffic/, 'traffic'],
  [/^plan\.baseline/, 'baseline'],
  [/^plan\.smallestUplift/, 'uplift'],
];

export function readPlainFields(form: URLSearchParams): PlainFields {
  return Object.fromEntries(plainFields.map((name) => [name, fieldOf(form, name)])) as PlainFields;
}

/** What a person wrote into the short form, as a draft; and what is missing that only this form asks for. */
export function plainDraft(fields: PlainFields): { draft: object; problems: InputProblem[] } {
  const metric = isSuccess(fields.success) ? successes[fields.success] : successes.clicked;
  const draft = {
    key: fields.key === '' ? slug(fields.title) : fields.key,
    ...(fields.title !== '' && { title: fields.title }),
    ...(fields.hypothesis !== '' && { hypothesis: fields.hypothesis }),
    factors: [
      {
        key: 'subject',
        title: 'Subject line',
        levels: [
          levelOf(fields.controlName, fields.controlSubject),
          levelOf(fields.challengerName, fields.challengerSubject),
        ],
      },
    ],
    metrics: [
      { ...metric, role: 'primary', direction: 'increase' },
      {
        key: 'unsubscribed',
        title: 'Unsubscribed',
        type: 'proportion',
        event: 'unsubscribed',
        role: 'guardrail',
        direction: 'decrease',
      },
    ],
    ...(fields.currency !== '' && { currency: fields.currency.toUpperCase() }),
    ...(fields.days !== '' && { window: `${fields.days}d` }),
    ...(fields.cohorts !== '' && { cohorts: listOf(fields.cohorts) }),
    traffic: percent(fields.traffic === '' ? '100' : fields.traffic),
    plan: {
      ...(fields.baseline !== '' && { baseline: percent(fields.baseline) }),
      ...(fields.uplift !== '' && { smallestUplift: percent(fields.uplift) }),
    },
  };
  return { draft, problems: missing(fields) };
}

function missing(fields: PlainFields): InputProblem[] {
  const problems: InputProblem[] = [];
  const need = (field: keyof PlainFields, path: string, message: string): void => {
    if (fields[field] === '') problems.push({ path, message });
  };
  need('title', 'title', 'give the experiment a title');
  need('controlName', 'factors[0].levels[0].title', 'name this arm');
  need('controlSubject', 'factors[0].levels[0].slots.subject', 'write the subject line');
  need('challengerName', 'factors[0].levels[1].title', 'name this arm');
  need('challengerSubject', 'factors[0].levels[1].slots.subject', 'write the subject line');
  return problems;
}

function levelOf(name: string, subject: string): object {
  return { key: slug(name), ...(name !== '' && { title: name }), slots: { subject } };
}

/** A key made from a title: lower case, ASCII, hyphens. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);
}

function listOf(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

/** What is no number stays as it is, for the schema to say so. */
function percent(text: string): number | string {
  const value = Number(text.replace(/\s*%$/, '').replace(',', '.'));
  return Number.isFinite(value) ? Number((value / 100).toPrecision(12)) : text;
}
