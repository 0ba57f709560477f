import { evaluatePropensity, type PropensityEvaluation } from '../flows/evaluate-propensity.js';
import { printable } from '../reports/text-table.js';
import type { CommandIo } from './command.js';
import type { Evaluation } from './evaluate.js';
import { propensityOptions } from './propensity-options.js';
import { propensityAsText } from './propensity-text.js';

const help = `postulate evaluate propensity FILE: how well a model foresees who will do something, on rows that it did not learn from.

  postulate evaluate propensity hillstrom.csv.gz --outcome visit \\
      --features recency,history,mens,womens,newbie,zip_code,channel,segment \\
      --estimator logistic --split even-odd

FILE is a CSV file with a header, one row per recipient (or per message), perhaps gzip; - reads standard input.

What is foreseen, and from what
  --outcome COLUMN[=VALUE]  yes or no (1/0, true/false, yes/no), or the value that counts as yes
  --features A,B,C          the columns that it is foreseen from
  --all-but X,Y             all columns but these, the outcome, the recipient and the time
  --as-text A,B             columns that are categories although they look like numbers
  --recipient COLUMN        whose row it is: rows of one recipient stay together in folds and intervals

How it is learned and measured
  --estimator NAME          logistic (the default), boosting, forest or network
  --settings JSON           settings of the estimator, such as '{"ridge": 10}'
  --split SPLIT             time:COLUMN:0.8   learn from the first 80 % by time, measure on the rest
                            order:0.8         the same for a file in the order of time
                            even-odd          learn from even rows (the first is 0), measure on odd ones
                            random:0.3        measure on 30 % drawn by chance, by recipient
                            test-file:FILE    learn from FILE, measure on another one
  --threshold NUMBER        predictions from here on are called positive (0.5)
  --share NUMBER            part of the rows that is acted on, for precision, recall and lift (0.1)

Before that, by cross-validation on the rows to learn from
  --compare                 one table of all estimators
  --eliminate               drop features one after the other, and learn from the best set
  --search                  try a small grid of settings, and learn with the best
  --folds NUMBER            how many folds (5)

  --seed TEXT               the same seed gives the same figures (postulate)
  --delimiter CHARACTER     comma, semicolon or tab are found out by themselves
  --columns NAMES           FILE has no header: names of all its columns, in order, with commas
  --skip-bad-rows           go on although more than 1% of the rows cannot be read
  --json                    everything as JSON

An empty field, NA, N/A, NaN and null are missing values. Exit code: 0 done, 1 it cannot be done, 2 wrong usage.
`;

export const evaluatePropensityOf: Evaluation = {
  summary: 'who will do something: AUC, log loss, calibration, importance, on rows held out',
  help,
  async run(args, io) {
    const { request, json } = propensityOptions(args);
    const evaluation = await evaluatePropensity(request, {
      now: io.now(),
      stdin: io.stdin,
      signal: io.signal,
      tell: (step) => sayStep(step, io),
    });
    clearStep(io);
    sayBadRows(evaluation, io);
    io.stdout.write(json ? `${JSON.stringify(evaluation, null, 2)}\n` : propensityAsText(evaluation));
    return 0;
  },
};

function sayStep(step: string, { stderr }: CommandIo): void {
  if (stderr.isTTY === true) stderr.write(`\r\x1b[K${printable(step)} …`);
}

function clearStep({ stderr }: CommandIo): void {
  if (stderr.isTTY === true) stderr.write('\r\x1b[K');
}

function sayBadRows({ badRows: { count, examples } }: PropensityEvaluation, io: CommandIo): void {
  if (count === 0) return;
  io.stderr.write(`${count.toLocaleString('en-US')} ${count === 1 ? 'row was' : 'rows were'} left out:\n`);
  for (const { line, reason } of examples) io.stderr.write(`${printable(`  line ${line}: ${reason}`)}\n`);
}
