import type { Readable } from 'node:stream';
import { badInput } from '../errors.js';
import { carriersOf, cautionsAbout, isCarriedByFew } from '../evaluation/off-policy/carried.js';
import type { PolicyEstimator } from '../evaluation/off-policy/influence.js';
import {
  actionsOf,
  chosenBy,
  columnsOf,
  type PolicyRules,
  readPolicyRules,
} from '../evaluation/off-policy/policy-rules.js';
import type { PolicyLog, PolicyView } from '../evaluation/off-policy/policy-log.js';
import {
  comparePolicies,
  type PolicyComparison,
  policyValue,
  type PolicyOptions,
  type PolicyValue,
} from '../evaluation/off-policy/policy-value.js';
import type { OrRefusal } from '../evaluation/refusal.js';
import { quoted, quotedList } from '../files/closest-name.js';
import type { CsvLayout } from '../files/header.js';
import { openFile } from '../files/open-file.js';
import { type StrictColumns, readStrictColumns } from '../files/read-strict-columns.js';
import { takeRows } from '../strategies/ml/table.js';
import {
  crossFittedRewards,
  type PredictedRewards,
  rewardModel,
} from '../strategies/ml/uplift/reward-model.js';
import { columnsAsTable, numbersOf, probabilitiesOf } from './columns-as-table.js';
import { type FileSplit, learningRows, splitNotes } from './split-file-rows.js';

/** Decisions in a file, and a policy that might have made them. */
export interface PolicyQuestion extends CsvLayout {
  readonly path: string;
  /** Column of what was done. */
  readonly action: string;
  /** Of what was done: a number for all rows, or a column. */
  readonly probability: number | string;
  readonly reward: string;
  /** Rules, or `learned`: for everybody the action with the highest predicted reward. */
  readonly policy: string;
  readonly against?: string;
  readonly features: readonly string[];
  /** What a learned policy predicts; the reward unless given. */
  readonly learnOn?: string;
  /** Needed by a learned policy: it is valued on rows that it did not learn from. */
  readonly split?: FileSplit;
  readonly seed: string;
  /** Values by self-normalising and differences by inverse probabilities unless given. */
  readonly estimator?: PolicyEstimator;
  readonly leastEffective: number;
  readonly clip?: number;
}

export interface PolicyEvaluation {
  readonly protocol: readonly string[];
  readonly policy: {
    readonly rules: string;
    readonly value: OrRefusal<PolicyValue>;
    readonly estimator: PolicyEstimator;
  };
  readonly against?: {
    readonly rules: string;
    readonly value: OrRefusal<PolicyValue>;
    readonly difference: OrRefusal<PolicyComparison['difference']>;
    readonly estimator: PolicyEstimator;
  };
  readonly verdict: string;
  /** Of which figures the interval must not be taken at its word. */
  readonly cautions: readonly string[];
}

/** The policy that a model makes of its predictions. */
export const learnedPolicy = 'learned';

/**
 * What a policy would have brought, from decisions that were made with known probabilities. No database.
 *
 * @throws bad_input for a file or question that does not fit; figures that cannot be had are refused in the answer.
 */
export async function evaluatePolicy(
  question: PolicyQuestion,
  io: { readonly stdin?: Readable; readonly signal?: AbortSignal } = {},
): Promise<PolicyEvaluation> {
  const given = [question.policy, question.against].filter((text) => text !== undefined);
  const rules = given.map((text) => (text === learnedPolicy ? undefined : rulesOf(text)));
  if (rules.includes(undefined) && (question.split === undefined || question.features.length === 0)) {
    throw badInput(
      'unfit_policy',
      'A learned policy needs --features to learn from and --split to be valued on other rows.',
    );
  }
  const file = await openFile(question.path, io);
  const read = await readStrictColumns(file, wantedColumns(question, rules), question);
  const log = logOf(question, read);
  const views = rules.map((one) => viewOf(question, read, log, one));
  const [first, second] = views;
  if (!first) throw badInput('unfit_policy', 'There is no policy.');
  const options = (estimator: PolicyEstimator): PolicyOptions => ({
    estimator,
    leastEffective: question.leastEffective,
    level: 0.95,
    ...(question.clip !== undefined && { clip: question.clip }),
  });
  const [forValues, forDifference] = [question.estimator ?? 'snips', question.estimator ?? 'ips'];
  const value = policyValue(log.log, first, options(forValues));
  const against = second && {
    rules: given[1] ?? '',
    value: policyValue(log.log, second, options(forValues)),
    difference: differenceOf(comparePolicies(log.log, first, second, options(forDifference))),
    estimator: forDifference,
  };
  return {
    protocol: protocolOf(question, file.name, log),
    policy: { rules: question.policy, value, estimator: forValues },
    ...(against && { against }),
    verdict: verdictOf(value, against),
    cautions: cautionsAbout(
      [[question.policy, value], ...(against ? [[against.rules, against.value] as const] : [])],
      against?.difference,
    ),
  };
}

function rulesOf(text: string): PolicyRules {
  const read = readPolicyRules(text);
  if (read.ok) return read.rules;
  throw badInput('unfit_policy', `The policy ${quoted(text, 200)} cannot be read. ${read.problem}`);
}

function wantedColumns(question: PolicyQuestion, rules: readonly (PolicyRules | undefined)[]): string[] {
  const { action, probability, reward, learnOn, features } = question;
  const named = rules.flatMap((one) => (one ? columnsOf(one) : []));
  const rest = [
    ...(typeof probability === 'string' ? [probability] : []),
    ...(learnOn === undefined ? [] : [learnOn]),
  ];
  const odd = [...named, ...features].find((name) => [action, reward, ...rest].includes(name));
  if (odd !== undefined) {
    throw badInput(
      'odd_feature',
      `A policy must not look at ${quoted(odd)}, which nobody knows before the decision.`,
    );
  }
  return [...new Set([action, reward, ...rest, ...named, ...features])];
}

/** The decisions that are valued: all, or those that nothing was learned from. */
interface FileLog {
  readonly log: PolicyLog;
  /** Row of the file, by decision. */
  readonly rows: Int32Array;
  /** Rows that a learned policy learns from. */
  readonly learns: Int32Array;
  /** What was done, by row of the file. */
  readonly actions: readonly string[];
}

function logOf(question: PolicyQuestion, { columns, rows }: StrictColumns): FileLog {
  const rewards = numbersOf(question.reward, columns.get(question.reward) ?? []);
  const { probability } = question;
  const probabilities =
    typeof probability === 'number'
      ? new Float64Array(rows).fill(probability)
      : probabilitiesOf(probability, columns.get(probability) ?? []);
  const learns = question.split && learningRows(question.split, rows, question.seed);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const own = all.filter((row) => learns?.[row] !== 1);
  const take = (values: Float64Array): Float64Array => Float64Array.from(own, (row) => values[row] as number);
  return {
    log: { rewards: take(rewards), probabilities: take(probabilities) },
    rows: own,
    learns: all.filter((row) => learns?.[row] === 1),
    actions: columns.get(question.action) ?? [],
  };
}

function viewOf(
  question: PolicyQuestion,
  read: StrictColumns,
  { rows, learns, actions, log }: FileLog,
  rules: PolicyRules | undefined,
): PolicyView {
  const known = new Set(actions);
  const unknown = rules && actionsOf(rules).find((action) => !known.has(action));
  const choices = rules
    ? Array.from(rows, (row) => chosenBy(rules, (column) => read.columns.get(column)?.[row] ?? ''))
    : learnedChoices(question, read, learns, rows, actions);
  const features = question.features.length > 0 ? question.features : rules ? columnsOf(rules) : [];
  return {
    chosen: Float64Array.from(choices, (choice, i) => (choice === actions[rows[i] as number] ? 1 : 0)),
    unsupported: unknown === undefined ? 0 : choices.filter((choice) => !known.has(choice)).length,
    ...(question.estimator === 'dr' && {
      predicted: predictedFor(
        choices,
        crossFitted(question, read, rows, actions, log, features),
        rows,
        actions,
      ),
    }),
  };
}

function learnedChoices(
  question: PolicyQuestion,
  read: StrictColumns,
  learns: Int32Array,
  rows: Int32Array,
  actions: readonly string[],
): string[] {
  const table = tableOf(question.features, read);
  const target = question.learnOn ?? question.reward;
  const rewards = numbersOf(target, read.columns.get(target) ?? []);
  const modelOf = rewardModel(table, actions, rewards, learns);
  const names = [...new Set(actions)].sort();
  const part = takeRows(table, rows);
  const predicted = names.map((name) => modelOf(name)(part));
  return Array.from(rows, (_, i) =>
    names.reduce((best, name, n) =>
      (predicted[n]?.[i] as number) > (predicted[names.indexOf(best)]?.[i] as number) ? name : best,
    ),
  );
}

function crossFitted(
  { seed }: PolicyQuestion,
  read: StrictColumns,
  rows: Int32Array,
  actions: readonly string[],
  { rewards }: PolicyLog,
  features: readonly string[],
): PredictedRewards {
  const table = takeRows(tableOf(features, read), rows);
  return crossFittedRewards(table, Array.from(rows, (row) => actions[row] ?? ''), rewards, seed); // prettier-ignore
}

function predictedFor(
  choices: readonly string[],
  rewards: PredictedRewards,
  rows: Int32Array,
  actions: readonly string[],
): NonNullable<PolicyView['predicted']> {
  const of = (action: string | undefined, i: number): number => rewards.get(action ?? '')?.[i] ?? 0;
  return {
    logged: Float64Array.from(rows, (row, i) => of(actions[row], i)),
    policy: Float64Array.from(choices, of),
  };
}

function tableOf(names: readonly string[], { columns, rows }: StrictColumns) {
  const table = columnsAsTable(names, names.map((name) => columns.get(name) ?? [])); // prettier-ignore
  return { ...table, rows };
}

function differenceOf(compared: OrRefusal<PolicyComparison>): OrRefusal<PolicyComparison['difference']> {
  return 'refused' in compared ? compared : compared.difference;
}

function verdictOf(value: OrRefusal<PolicyValue>, against: PolicyEvaluation['against']): string {
  if (!against)
    return 'refused' in value
      ? `Not known: ${value.reason}`
      : 'One policy alone: give --against to compare it.';
  const { difference } = against;
  if ('refused' in difference) return `Not known which is better: ${difference.reason}`;
  const [lower, upper] = difference.interval;
  if (isCarriedByFew(difference))
    return `Not known which is better. ${carriersOf(difference)} the difference, too few to show anything.`;
  if (lower > 0) return 'The policy is shown to be better than the other on this log.';
  if (upper < 0) return 'The policy is shown to be worse than the other on this log.';
  return 'The policy is not shown to be better than the other: the interval of the difference includes 0.';
}

function protocolOf(question: PolicyQuestion, name: string, { rows, actions }: FileLog): string[] {
  const count = (n: number): string => n.toLocaleString('en-US');
  const { probability, split, clip } = question;
  return [
    `File: ${name}, ${count(actions.length)} decisions, ${count(rows.length)} of them valued; action: ${question.action} (${quotedList([...new Set(actions)].sort(), 10)}); reward: ${question.reward}.`,
    `Probability of what was done: ${typeof probability === 'number' ? `${probability} in all rows` : `column ${probability}`}. Clipping: ${clip === undefined ? 'none' : `weights above ${clip} are cut to it, which biases the value`}.`,
    ...(split === undefined
      ? []
      : [`Split: ${splitNotes[split]}; features: ${question.features.join(', ')}; seed: ${question.seed}.`]),
    `Refused under ${question.leastEffective} effective decisions, (Σw)² / Σw². Intervals: 95 %, corrected for skewness (Hall 1992); of a difference never inside the normal one.`,
    'ips: mean of w r. snips: Σ w r / Σ w. dr: predicted reward of the policy + w (r - predicted), cross-fitted linear models.',
  ];
}
