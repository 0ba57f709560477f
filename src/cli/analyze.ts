import { rename, rm, writeFile } from 'node:fs/promises';
import { badInput } from '../errors.js';
import { quoted } from '../files/closest-name.js';
import { analyzeFile, type Analysis } from '../flows/analyze-file.js';
import { reportAsCsv } from '../reports/as-csv.js';
import { reportAsText } from '../reports/as-text.js';
import type { Report } from '../reports/report.js';
import { printable } from '../reports/text-table.js';
import { renderReportFile } from '../web/render-report.js';
import { type AnalyzeOptions, analyzeOptions, readAnalyzeOptions } from './analyze-options.js';
import type { CommandIo } from './command.js';
import { defineCommand } from './define-command.js';
import { showProgress } from './show-progress.js';

const help = `postulate analyze FILE: a finished campaign from a CSV file, one row per recipient.

  postulate analyze campaign.csv.gz --arm segment --control "No E-Mail" \\
      --proportion visit --proportion conversion --money spend --cohort zip_code --html report.html

FILE may be gzip, whatever its name; - reads standard input.

What was tried
  --arm COLUMN            the column that says which arm a recipient was in
  --control VALUE         the arm that all others are compared with
  --factor COLUMN         instead of --arm: a factor of a factorial design; repeat for each
  --baseline FACTOR=LEVEL the level that the others are compared with (first in order when absent)
  --weights WEIGHTS       planned split, checked against the recipients: equal, or "A=1,B=2"

What came of it (repeat as needed; the first one decides unless --primary names another)
  --proportion COLUMN     yes or no: 1/0, true/false, yes/no, t/f, y/n
  --mean COLUMN           a number per recipient
  --money COLUMN          an amount per recipient, kept exact
  --currency CODE         three letters, such as USD
  --primary COLUMN        the metric that decides
  --guardrail COLUMN      a metric that must not get worse
  --lower-is-better COLUMN

For whom
  --cohort COLUMN         a trait known before the send; repeat for each

How it is read and shown
  --json | --csv          the report as JSON or as one table instead of text
  --html FILE             also write the report as one self-contained page
  --level NUMBER          confidence level of intervals (0.95)
  --title TEXT
  --delimiter CHARACTER   comma, semicolon or tab are found out by themselves
  --decimal-comma         numbers are written as 12,50
  --skip-bad-rows         go on although more than 1% of the rows cannot be read

Exit code: 0 done, 1 the file could not be analysed, 2 wrong usage.
`;

export const analyze = defineCommand({
  name: 'analyze',
  summary: 'report on a finished campaign in a CSV file',
  help,
  options: analyzeOptions,
  async run(given, io) {
    const options = readAnalyzeOptions(given);
    const analysis = await read(options, io);
    sayBadRows(analysis, io);
    if (options.html !== undefined) {
      await writeWhole(options.html, await renderReportFile(analysis.report));
      io.stderr.write(printable(`Wrote ${options.html}.`) + '\n');
    }
    io.stdout.write(faceOf(analysis.report, options.face));
    return 0;
  },
});

async function read({ request }: AnalyzeOptions, io: CommandIo): Promise<Analysis> {
  const progress = showProgress(io.stderr, request.path === '-' ? 'standard input' : request.path);
  try {
    const { stdin, signal } = io;
    return await analyzeFile(request, { now: io.now(), stdin, signal, onProgress: progress.update });
  } finally {
    progress.clear();
  }
}

function faceOf(report: Report, face: AnalyzeOptions['face']): string {
  if (face === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  return face === 'csv' ? reportAsCsv(report) : reportAsText(report);
}

function sayBadRows({ badRows: { count, examples } }: Analysis, io: CommandIo): void {
  if (count === 0) return;
  io.stderr.write(`${count.toLocaleString('en-US')} ${count === 1 ? 'row was' : 'rows were'} left out:\n`);
  for (const { line, reason } of examples) io.stderr.write(printable(`  line ${line}: ${reason}`) + '\n');
  if (count > examples.length) io.stderr.write(`  and ${count - examples.length} more\n`);
}

/** The file is there whole or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text, { flag: 'wx' });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw badInput('cannot_write', `${quoted(path)} could not be written: ${reason}.`);
  }
}
