import type { Chance } from './chance.js';

/** How often something happened. */
export interface Observed {
  /** NaN where nothing is promised. */
  readonly share: number;
  /** Standard error of the share that comes from the number of runs; 0 if every possible outcome was counted. */
  readonly error: number;
}

/** One method under one condition. */
export interface Row {
  /** The conditions of the campaign, for example "0.1 %, 2,000 + 2,000". */
  readonly condition: string;
  readonly method: string;
  /** One per column of the study. */
  readonly observed: readonly Observed[];
}

/** One question with its evidence. */
export interface Study {
  /** Short name for `--only`. */
  readonly id: string;
  readonly title: string;
  /** What was done, and what to see in the table. */
  readonly story: string;
  /** What was counted, with what is promised, for example "rejects (5 %)". */
  readonly columns: readonly string[];
  /** Runs per row; every possible outcome is counted if it is 0. */
  readonly runs: number;
  rows(random: Chance): Row[];
}

/** A share of all possible outcomes. */
export function exactly(probability: number | undefined): Observed {
  return { share: probability ?? 0, error: 0 };
}

/** A share of `runs` and its standard error. */
export function counted(count: number | undefined, runs: number): Observed {
  const share = (count ?? 0) / runs;
  // One more success and one more failure: a share of 0 is not certain.
  const p = ((count ?? 0) + 1) / (runs + 2);
  return { share, error: Math.sqrt((p * (1 - p)) / runs) };
}

/** The study as a section of Markdown. */
export function toMarkdown(study: Study, rows: readonly Row[]): string {
  const how =
    study.runs === 0
      ? 'Every possible outcome is counted.'
      : `${study.runs.toLocaleString('en')} runs per row.`;
  return [
    `## ${study.title}`,
    '',
    ...wrap(`${study.story} ${how}`),
    '',
    `| condition | method | ${study.columns.join(' | ')} |`,
    `| --- | --- | ${study.columns.map(() => '---:').join(' | ')} |`,
    ...rows.map((row) => `| ${row.condition} | ${row.method} | ${row.observed.map(perCent).join(' | ')} |`),
    '',
  ].join('\n');
}

function perCent({ share, error }: Observed): string {
  if (Number.isNaN(share)) return '–';
  const value = (100 * share).toFixed(2);
  return error === 0 ? `${value} %` : `${value} ± ${(100 * error).toFixed(2)} %`;
}

/** Lines of at most 120 characters. */
function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= 120) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
