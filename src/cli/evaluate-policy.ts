import { usualLeastEffective } from '../flows/preview-policy.js';
import { evaluatePolicy, type PolicyQuestion } from '../flows/evaluate-policy.js';
import { UsageError } from './command.js';
import { layoutOf, layoutOptions, listOf } from './csv-layout.js';
import type { Evaluation } from './evaluate.js';
import { neededOption } from './needed-option.js';
import { numberOption } from './number-option.js';
import { oneOf } from './one-of.js';
import { onlyFile } from './only-file.js';
import { policyAsText } from './policy-text.js';
import { type Given, readOptions } from './read-options.js';

const help = `postulate evaluate policy FILE: what another policy would have brought, from decisions made by lot.

  postulate evaluate policy campaign.csv.gz --action segment --probability 0.333333 --reward visit \\
      --policy "womens = 1 and mens = 0: Womens E-Mail; else: Mens E-Mail" --against "Mens E-Mail"

FILE has one row per decision; it may be gzip, and - reads standard input.

  --action COLUMN         what was done
  --probability P         with what probability it was done: a number, a fraction such as 1/3, or a column
  --reward COLUMN         what came of it, a number
  --policy RULES          CONDITION: ACTION; …; else: ACTION, or one action for everybody. Comparisons with
                          = != < <= > >= and "and" between them. learned: the action of the highest prediction
  --against RULES         another policy, compared on the same decisions
  --estimator NAME        ips, snips (self-normalised) or dr (doubly robust); unless given, values are by snips
                          and differences by ips
  --least-effective N     refuse what rests on fewer effective decisions (100)
  --clip W                cut weights above W; none are cut unless given
  --features COLUMNS      what dr and a learned policy predict from, with commas between
  --learn-on COLUMN       what a learned policy predicts (the reward)
  --split HOW             even-odd or random: a learned policy is valued on the rows it did not learn from
  --seed TEXT             of everything drawn by chance (1)
  --delimiter CHARACTER   found out by itself unless given
  --columns NAMES         FILE has no header: names of all its columns, in order, with commas between
  --json                  all figures as data

Exit code: 0 done, 1 the file or policy does not fit, 2 wrong usage.
`;

const text = { type: 'string' } as const;
const options = {
  action: text,
  probability: text,
  reward: text,
  policy: text,
  against: text,
  estimator: text,
  'least-effective': text,
  clip: text,
  features: text,
  'learn-on': text,
  split: text,
  seed: text,
  ...layoutOptions,
  json: { type: 'boolean' },
} as const;

type Values = Given<typeof options>['values'];

export const evaluatePolicyCommand: Evaluation = {
  summary: 'what other rules would have brought, from decisions with known probabilities',
  help,
  async run(args, io) {
    const { values, positionals } = readOptions(args, options);
    const question = questionOf(onlyFile('policy', positionals), values);
    const evaluation = await evaluatePolicy(question, { stdin: io.stdin, signal: io.signal });
    io.stdout.write(
      values.json === true ? `${JSON.stringify(evaluation, null, 2)}\n` : policyAsText(evaluation),
    );
    return 0;
  },
};

function questionOf(path: string, values: Values): PolicyQuestion {
  const { against, split, estimator, clip, 'learn-on': learnOn, 'least-effective': least } = values;
  return {
    path,
    action: neededOption('action', values.action),
    probability: probabilityOf(neededOption('probability', values.probability)),
    reward: neededOption('reward', values.reward),
    policy: neededOption('policy', values.policy),
    features: listOf(values.features ?? ''),
    seed: values.seed ?? '1',
    leastEffective: numberOption('least-effective', least, usualLeastEffective, (n) => n >= 2, '2 or more'),
    ...(against !== undefined && { against }),
    ...(learnOn !== undefined && { learnOn }),
    ...(split !== undefined && { split: oneOf('split', split, ['even-odd', 'random'] as const) }),
    ...(estimator !== undefined && {
      estimator: oneOf('estimator', estimator, ['ips', 'snips', 'dr'] as const),
    }),
    ...(clip !== undefined && { clip: numberOption('clip', clip, 1, (w) => w > 0, 'above 0') }),
    ...layoutOf(values),
  };
}

/** `0.25`, `1/3`, or else the name of a column. A third is written with six digits or more by whoever has no fractions. */
function probabilityOf(given: string): number | string {
  const parts = /^(\d+)\/(\d+)$/.exec(given.trim());
  const value = parts ? Number(parts[1]) / Number(parts[2]) : given.trim() === '' ? NaN : Number(given);
  if (Number.isNaN(value)) return given;
  if (value > 0 && value <= 1) return value;
  throw new UsageError(
    `--probability must be above 0 and at most 1, or the name of a column; it was "${given}".`,
  );
}
