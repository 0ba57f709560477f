import type { Readable } from 'node:stream';
import { badInput } from '../errors.js';
import type { BadRow } from '../files/bad-rows.js';
import { openFile } from '../files/open-file.js';
import { readCampaign, type ReadOptions } from '../files/read-campaign.js';
import { buildReport } from '../reports/build-report.js';
import { campaignInput, type CampaignQuestion } from '../reports/campaign-input.js';
import type { Report } from '../reports/report.js';
import { snapshotName } from './snapshot-name.js';

/** A finished campaign in a file and what is asked about it. */
export interface AnalyzeRequest extends Omit<CampaignQuestion, 'title' | 'fileName' | 'asOf'>, ReadOptions {
  /** `-` is standard input. */
  readonly path: string;
  /** The file's name when absent. */
  readonly title?: string;
}

export interface AnalyzeOptions {
  readonly now: Date;
  readonly stdin?: Readable;
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number, total: number | undefined) => void;
}

export interface Analysis {
  readonly report: Report;
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
}

/**
 * Reads a campaign file once and reports on it. No database.
 *
 * @throws bad_input with a code `file_…` when the file cannot be read or does not fit the question.
 */
export async function analyzeFile(request: AnalyzeRequest, options: AnalyzeOptions): Promise<Analysis> {
  const file = await openFile(request.path, options);
  const columns = { factors: request.factors, outcomes: request.metrics, cohorts: request.cohorts };
  const { badRows, ...sums } = await readCampaign(file, columns, request);
  const result = campaignInput(
    { ...sums, skippedRows: badRows.count },
    { ...request, title: request.title ?? file.name, fileName: file.name, asOf: options.now.toISOString() },
  );
  if ('problem' in result) throw badInput('file_question', result.problem);
  const report = buildReport(result.input);
  return { report: { ...report, snapshot: snapshotName(report) }, badRows };
}
