import type { RecommenderQuestion } from '../flows/evaluate-recommenders.js';
import type { SplitRequest } from '../flows/recommender-data.js';
import { methodOf, usualMethods } from '../flows/recommender-methods.js';
import { UsageError } from './command.js';
import { layoutOf, layoutOptions, listOf } from './csv-layout.js';
import { readOptions } from './read-options.js';

const one = { type: 'string' } as const;
const options = {
  recipient: one,
  item: one,
  time: one,
  rating: one,
  items: one,
  'item-id': one,
  'item-attributes': one,
  task: one,
  split: one,
  k: one,
  methods: one,
  against: one,
  bounds: one,
  history: one,
  seed: one,
  seeds: one,
  draws: one,
  ...layoutOptions,
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readOptions<typeof options>>['values'];

export interface RecommenderOptions {
  readonly task: 'ranking' | 'rating';
  readonly question: RecommenderQuestion;
  readonly json: boolean;
}

/** @throws UsageError for a command line that cannot be meant. */
export function recommenderOptions(args: readonly string[]): RecommenderOptions {
  const { values, positionals } = readOptions(args, options);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError('Name one file of interactions.');
  const task = taskOf(values);
  const seed = values.seed ?? 'postulate';
  const usual = task === 'rating' ? [] : usualMethods;
  const labels = values.methods === undefined ? usual : listOf(values.methods);
  const methods = task === 'rating' ? [] : labels.map(methodOf);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new UsageError(`--methods names ${twice} twice.`);
  const against = values.against ?? methods[0]?.label ?? '';
  if (task === 'ranking' && !methods.some(({ label }) => label === against)) {
    throw new UsageError(`--against names ${against}, which is none of the methods: ${labels.join(', ')}.`);
  }
  return {
    task,
    json: values.json === true,
    question: {
      path,
      columns: columnsOf(values),
      split: splitOf(values.split ?? 'last-fifth', seed),
      ...layoutOf(values),
      methods,
      against,
      seed,
      k: wholeNumber('k', values.k, 10, 1_000),
      seeds: wholeNumber('seeds', values.seeds, 3, 100),
      draws: Math.max(100, wholeNumber('draws', values.draws, 1_000, 100_000)),
      cohorts: risingNumbers('bounds', values.bounds ?? '1,5,20'),
      histories: values.history === undefined ? [] : risingNumbers('history', values.history),
      ...itemsOf(values),
    },
  };
}

function taskOf({ task = 'ranking', rating, history }: Values): RecommenderOptions['task'] {
  if (task !== 'ranking' && task !== 'rating')
    throw new UsageError(`--task is ranking or rating, not "${task}".`);
  if (task === 'rating' && rating === undefined) {
    throw new UsageError('Ratings need a column that says how much: name it with --rating.');
  }
  if (task === 'rating' && history !== undefined) {
    throw new UsageError('--history cuts histories for lists of items: leave out --task rating.');
  }
  return task;
}

function columnsOf(values: Values): RecommenderQuestion['columns'] {
  return {
    recipient: values.recipient ?? 'recipient',
    item: values.item ?? 'item',
    ...(values.time !== undefined && { time: values.time }),
    ...(values.rating !== undefined && { rating: values.rating }),
  };
}

function itemsOf(values: Values): Pick<RecommenderQuestion, 'items'> {
  const attributes = values['item-attributes'];
  if (values.items === undefined && attributes === undefined) return {};
  if (values.items === undefined || attributes === undefined) {
    throw new UsageError('--items FILE and --item-attributes COLUMNS belong together.');
  }
  const id = values['item-id'] ?? values.item ?? 'item';
  return { items: { path: values.items, id, attributes: listOf(attributes) } };
}

function splitOf(text: string, seed: string): SplitRequest {
  if (text === 'last-fifth') return { kind: 'last-fifth' };
  if (text === 'random-fifth') return { kind: 'random-fifth', seed };
  const share = /^time:(.*)$/.exec(text)?.[1];
  if (share === undefined) return { kind: 'file', path: text };
  const value = Number(share);
  if (share.trim() !== '' && value > 0 && value < 1) return { kind: 'time', share: value };
  throw new UsageError(`--split ${text}: the share is a number between 0 and 1, as in time:0.8.`);
}

const mostNumbers = 20;
const largestNumber = 1_000_000;

function risingNumbers(option: 'bounds' | 'history', text: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : NaN));
  const isRising = numbers.every((n, i) => n > (numbers[i - 1] ?? 0) && n <= largestNumber);
  if (!isRising) {
    const most = largestNumber.toLocaleString('en-US');
    throw new UsageError(
      `--${option} are rising whole numbers from 1 to ${most}, as in 1,5,20, not "${text.slice(0, 80)}".`,
    );
  }
  if (numbers.length <= mostNumbers) return numbers;
  throw new UsageError(`--${option} are ${mostNumbers} numbers at most, not ${numbers.length}.`);
}

function wholeNumber(option: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(`--${option} is a whole number from 1 to ${most}, not "${text}".`);
}
