import { evaluateUplift, upliftNames, type UpliftQuestion } from '../flows/evaluate-uplift.js';
import { UsageError } from './command.js';
import { layoutOf, layoutOptions, listOf } from './csv-layout.js';
import type { Evaluation } from './evaluate.js';
import { neededOption } from './needed-option.js';
import { numberOption } from './number-option.js';
import { oneOf } from './one-of.js';
import { onlyFile } from './only-file.js';
import { type Given, readOptions } from './read-options.js';
import { upliftAsText } from './uplift-text.js';

const help = `postulate evaluate uplift FILE: how well it can be told beforehand who gains by a treatment.

  postulate evaluate uplift campaign.csv.gz --arm segment --treated "Womens E-Mail" --control "No E-Mail" \\
      --outcome visit --features recency,history,womens,zip_code

FILE has one row per recipient; it may be gzip, and - reads standard input. Texts become categories, numbers stay numbers.

  --arm COLUMN            the column that says which arm a recipient was in
  --treated VALUE         the arm whose effect is looked for
  --control VALUE         the arm it is compared with; recipients of other arms are left out
  --outcome COLUMN        1 or 0 for each recipient
  --features COLUMNS      what was known before, with commas between
  --learner NAME          ${upliftNames.learners.join(', ')}; repeat for several; all unless given
  --estimator NAME        ${upliftNames.estimators.join(', ')} (least_squares)
  --settings JSON         of the estimator
  --split HOW             even-odd: learn from rows 0, 2, 4, …; random: from half of them (even-odd)
  --treated-share NUMBER  share of both arms together that was meant to be treated (0.5)
  --top NUMBER            share of the recipients on top for uplift@ (0.3)
  --samples NUMBER        of the bootstrap behind the intervals (300)
  --seed TEXT             of everything drawn by chance (1)
  --delimiter CHARACTER   found out by itself unless given
  --columns NAMES         FILE has no header: names of all its columns, in order, with commas between
  --json                  all figures as data

Exit code: 0 done, 1 the file does not fit, 2 wrong usage.
`;

const text = { type: 'string' } as const;
const options = {
  arm: text,
  treated: text,
  control: text,
  outcome: text,
  features: text,
  learner: { type: 'string', multiple: true },
  estimator: text,
  settings: text,
  split: text,
  'treated-share': text,
  top: text,
  samples: text,
  seed: text,
  ...layoutOptions,
  json: { type: 'boolean' },
} as const;

type Values = Given<typeof options>['values'];

export const evaluateUpliftCommand: Evaluation = {
  summary: 'who gains by a treatment: Qini and uplift curves of a trial, beside every single column',
  help,
  async run(args, io) {
    const { values, positionals } = readOptions(args, options);
    const question = questionOf(onlyFile('uplift', positionals), values);
    const evaluation = await evaluateUplift(question, { stdin: io.stdin, signal: io.signal });
    const asJson = values.json === true;
    const answer = asJson
      ? `${JSON.stringify(evaluation, null, 2)}\n`
      : upliftAsText(evaluation, question.top);
    io.stdout.write(answer);
    return 0;
  },
};

function questionOf(path: string, values: Values): UpliftQuestion {
  return {
    path,
    arm: neededOption('arm', values.arm),
    treated: neededOption('treated', values.treated),
    control: neededOption('control', values.control),
    outcome: neededOption('outcome', values.outcome),
    features: listOf(neededOption('features', values.features)),
    learners: (values.learner ?? [...upliftNames.learners]).map((name) =>
      oneOf('learner', name, upliftNames.learners),
    ),
    estimator: oneOf('estimator', values.estimator ?? 'least_squares', upliftNames.estimators),
    settings: settingsOf(values.settings),
    split: oneOf('split', values.split ?? 'even-odd', ['even-odd', 'random'] as const),
    seed: values.seed ?? '1',
    ...numbersOf(values),
    ...layoutOf(values),
  };
}

function numbersOf(values: Values): Pick<UpliftQuestion, 'top' | 'treatedShare' | 'samples'> {
  const isShare = (n: number): boolean => n > 0 && n < 1;
  const areSamples = (n: number): boolean => Number.isInteger(n) && n >= 20 && n <= 100_000;
  return {
    top: numberOption('top', values.top, 0.3, (n) => n > 0 && n <= 1, 'above 0 and at most 1'),
    treatedShare: numberOption('treated-share', values['treated-share'], 0.5, isShare, 'between 0 and 1'),
    samples: numberOption('samples', values.samples, 300, areSamples, 'a whole number from 20 to 100000'),
  };
}

function settingsOf(given: string | undefined): unknown {
  if (given === undefined) return undefined;
  try {
    return JSON.parse(given);
  } catch {
    throw new UsageError('--settings must be JSON, such as \'{"trees": 100}\'.');
  }
}
