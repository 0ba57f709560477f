import { evaluateOrders, type OrdersEvaluation, type OrdersRequest } from '../flows/evaluate-orders.js';
import { printable, textTable, wrap } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { layoutOf, layoutOptions } from './csv-layout.js';
import type { Evaluation } from './evaluate.js';
import { readOptions } from './read-options.js';

const help = `postulate evaluate orders FILE: next category and churn on a file of orders, against recency, frequency and popularity.

  postulate evaluate orders orders.csv.gz --recipient CustomerID --time InvoiceDate \\
      --order Invoice --quantity Quantity --task churn --horizon 90d --cut-off 2010-09-10

FILE is CSV with a header, one row per order line, perhaps gzip; - reads standard input.

Columns
  --recipient COLUMN    who ordered; lines without one are left out and counted
  --time COLUMN         when, as 2010-12-01 08:26:00; UTC unless it says otherwise
  --value COLUMN        what the line is worth
  --quantity COLUMN     pieces; a line of none or fewer is a return, left out and counted
  --order COLUMN        number of the order; one that begins with C is cancelled, left out and counted
  --item COLUMN         the item
  --category COLUMN     its category; COLUMN:2 takes the first two signs
  --items FILE          look up the category in a file of items, by --item

What is predicted
  --task TASK           next-category, or churn: no order within the horizon
  --horizon TIME        30d
  --cut-off DATE        the moment of the features that are measured on
  --cut-offs N          moments to learn at, a horizon apart, all before (2)
  --active TIME         churn: of whoever ordered so shortly before (90d)
  --categories N        next-category: among the most bought (8)
  --estimator NAME      logistic for next-category, boosting for churn
  --features LIST       names with a semicolon between: recency_days; count(purchase, 30d)
  --seed TEXT           what chance begins with (1)

  --delimiter SIGN      comma, semicolon or tab are found out by themselves
  --columns NAMES       FILE has no header: names of all its columns, in order, with commas
  --json                everything as JSON

Exit code: 0 done, 1 it could not be done, 2 wrong usage.
`;

const text = { type: 'string' } as const;
const options = {
  ...{ recipient: text, time: text, value: text, quantity: text, order: text, item: text },
  ...{ category: text, items: text, task: text, horizon: text, 'cut-off': text, 'cut-offs': text },
  ...{ active: text, categories: text, estimator: text, features: text, seed: text, ...layoutOptions },
  json: { type: 'boolean' },
} as const;

export const evaluateOrdersOf: Evaluation = {
  summary: 'next category and churn on order lines, against recency, frequency and popularity',
  help,
  async run(args, io) {
    const { values, positionals } = readOptions(args, options);
    const request = requestOf(values, positionals);
    const { stdin, signal } = io;
    const evaluation = await evaluateOrders(request, {
      ...{ stdin, signal },
      tell: (step, share) => tell(io, step, share),
    });
    if (io.stderr.isTTY === true) io.stderr.write('\r\x1b[2K');
    io.stdout.write(values.json === true ? `${JSON.stringify(evaluation, null, 2)}\n` : asText(evaluation));
    return 0;
  },
};

type Values = Partial<Record<Exclude<keyof typeof options, 'json'>, string>> & { readonly json?: boolean };

function requestOf(values: Values, [path, ...more]: readonly string[]): OrdersRequest {
  if (path === undefined || more.length > 0) throw new UsageError('Name one file of orders.');
  const { recipient, time, task, 'cut-off': cutOff } = values;
  if (recipient === undefined || time === undefined)
    throw new UsageError('Say which columns are the recipient and the time: --recipient, --time.');
  if (task !== 'next-category' && task !== 'churn')
    throw new UsageError('Say what to predict: --task next-category or --task churn.');
  if (cutOff === undefined) throw new UsageError('Say when the hold-out begins: --cut-off 2017-10-01.');
  if (task === 'next-category' && values.category === undefined)
    throw new UsageError('Say which column is the category: --category.');
  const { value, quantity, order, item, category, items } = values;
  const given = { value, quantity, order, item, category };
  const named = Object.fromEntries(Object.entries(given).filter(([, column]) => column !== undefined));
  const features = values.features?.split(';').map((name) => name.trim());
  return {
    ...{ path, task, cutOff },
    columns: { recipient, time, ...named },
    ...(items !== undefined && { items }),
    ...layoutOf(values),
    ...{ horizon: values.horizon ?? '30d', active: values.active ?? '90d' },
    cutOffs: numberOf('cut-offs', values['cut-offs'], 2, 24),
    categories: numberOf('categories', values.categories, 8, 50),
    estimator: values.estimator ?? (task === 'churn' ? 'boosting' : 'logistic'),
    features: features ?? usual[task],
    seed: values.seed ?? '1',
  };
}

/** Tastes lie in what was bought where; whether somebody comes again lies in everything. */
const usual: Readonly<Record<OrdersRequest['task'], readonly string[] | undefined>> = {
  'next-category': [
    'category_counts(purchase)',
    'count(purchase, 30d)',
    'count(purchase, 90d)',
    'recency_days',
  ],
  churn: undefined,
};

function numberOf(name: string, given: string | undefined, usual: number, most: number): number {
  if (given === undefined) return usual;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(`--${name} is a whole number from 1 to ${most}.`);
}

function tell(io: CommandIo, step: string, share: number): void {
  io.signal.throwIfAborted();
  if (io.stderr.isTTY === true) io.stderr.write(`\r\x1b[2K${Math.round(100 * share)}% ${printable(step)}`);
}

function asText({ protocol, read, report }: OrdersEvaluation): string {
  const n = (count: number): string => count.toLocaleString('en-US');
  const { labels } = report;
  const left = read.leftOut.map(({ reason, lines }) => `${n(lines)}: ${reason}`);
  const lines = [
    'PROTOCOL',
    ...protocol,
    '',
    'READ',
    `${n(read.used)} of ${n(read.lines)} lines of ${n(read.recipients)} recipients.`,
    ...(left.length > 0 ? [`Left out: ${left.join('; ')}.`] : []),
    ...(read.uncategorised ? [`${n(read.uncategorised)} lines are of no known category.`] : []),
    ...(labels ? ['', 'LABELS', labelLine(labels, n)] : []),
  ];
  const figures = textTable(
    [
      { title: 'by', align: 'left', most: 24 },
      { title: 'measure', align: 'left', most: 40 },
      { title: 'value', align: 'right' },
      { title: '95% interval', align: 'right' },
    ],
    rowsOf(report),
  );
  return [
    ...lines.flatMap((line) => (line === '' ? [''] : wrap(printable(line), 96, '  '))),
    ...['', 'HELD OUT'],
    ...figures,
    '',
    ...report.notes.flatMap((note) => wrap(`- ${printable(note)}`, 96, '  ')),
    '',
  ].join('\n');
}

type Report = OrdersEvaluation['report'];

function labelLine(labels: NonNullable<Report['labels']>, n: (count: number) => string): string {
  const gaps = labels.gaps.map(({ reason, rows }) => `${n(rows)} ${reason}`).join('; ');
  return `${labels.outcome}: ${n(labels.rows)} rows, ${n(labels.positives)} with it.${gaps === '' ? '' : ` Left out: ${gaps}.`}`;
}

/** Of the many measures of a model those that a baseline has too, and how well it ranks each category. */
function rowsOf({ measures, baselines = [] }: Report): string[][] {
  const shown = /^(AUC|hit@1|lift@|average precision|log loss|Brier)/;
  const row = (by: string, one: Report['measures'][number]): string[] =>
    'refused' in one
      ? [by, one.name, one.reason, '']
      : [by, one.name, one.value.toFixed(4), one.interval?.map((end) => end.toFixed(4)).join(' to ') ?? ''];
  return [
    ...measures.filter(({ name }) => shown.test(name)).map((one) => row('model', one)),
    ...baselines.flatMap(({ name, measures: own }) => own.map((one) => row(name, one))),
  ];
}
