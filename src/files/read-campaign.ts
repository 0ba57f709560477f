import { BadRows, type BadRowsFound } from './bad-rows.js';
import { CampaignTally, type CampaignColumns, type Tallied } from './campaign-tally.js';
import { fileProblem } from './file-problem.js';
import { positionOf } from './header.js';
import type { OpenFile } from './open-file.js';
import type { RawRecord } from './scan-records.js';
import { type RowSink, type UnreadableRow, walkRecords } from './walk-records.js';

export interface ReadOptions {
  /** Found out from the header when it is not given. */
  readonly delimiter?: string;
  /** `,` where numbers are written as 12,50. */
  readonly decimalPoint?: '.' | ',';
  /** Go on whatever the share of bad rows. */
  readonly skipBadRows?: boolean;
}

/** A whole campaign as exact sums, and the rows that are not in them. */
export interface CampaignSums extends Tallied {
  readonly badRows: BadRowsFound;
}

const recordBytes = 1024 * 1024;

/** Streams a campaign file into sums; memory does not grow with the file. */
export async function readCampaign(
  file: OpenFile,
  columns: CampaignColumns,
  options: ReadOptions = {},
): Promise<CampaignSums> {
  const likely = [...columns.factors, ...columns.outcomes.map((one) => one.column), ...columns.cohorts];
  const reader = new CampaignReader();
  let width = 1;
  const request = { likely, recordBytes, delimiter: options.delimiter };
  const walk = walkRecords(file.chunks, request, (names) => {
    width = names.length;
    const positions = likely.map((name) => positionOf(name, names));
    return reader.begin(new CampaignTally(columns, positions, options.decimalPoint ?? '.'));
  });
  const strict = options.skipBadRows !== true;
  for await (const _pause of walk) if (strict) stopWhenHopeless(reader, file, width);
  if (strict && reader.bad.tooMany(reader.rows)) throw reader.bad.problem(reader.rows, true);
  if (!reader.tally || reader.tally.rows === 0) throw fileProblem('no_rows', noRows(reader));
  return { ...reader.tally.result(), badRows: reader.bad.found() };
}

/**
 * Stops early only when the rows still to come cannot bring the bad ones below the limit, so that the answer does
 * not depend on where in the file they stand. A row has at least a byte per column.
 */
function stopWhenHopeless(reader: CampaignReader, file: OpenFile, columns: number): void {
  const left = file.remaining();
  if (left === undefined || left === 0 || reader.bad.count < 1000) return;
  const mostRows = reader.rows + (left + recordBytes) / columns;
  if (reader.bad.tooMany(mostRows)) throw reader.bad.problem(reader.rows, false);
}

function noRows({ bad }: CampaignReader): string {
  const first = bad.examples[0];
  if (!first) return 'The file has a header but no rows.';
  return `None of the ${bad.count} rows could be read. The first: line ${first.line}: ${first.reason}.`;
}

/** Tallies rows, and counts those that cannot be used. */
class CampaignReader implements RowSink {
  readonly bad = new BadRows();
  tally: CampaignTally | undefined;

  begin(tally: CampaignTally): this {
    this.tally = tally;
    return this;
  }

  /** Rows read so far, good and bad. */
  get rows(): number {
    return (this.tally?.rows ?? 0) + this.bad.count;
  }

  row(record: RawRecord): void {
    const problem = this.tally?.add(record);
    if (problem !== undefined) this.bad.add(record.line, problem);
  }

  unreadable({ line, reason }: UnreadableRow): void {
    this.bad.add(line, reason);
  }
}
