import { oneRowEach, type RecipientRows, recipientsAmong } from '../../../evaluation/recipient-rows.js';
import { type Table, takeRows } from '../table.js';

/** Rows with what became of them, and whose they are. */
export interface LabelledRows {
  readonly table: Table;
  /** 0 or 1 for each row. */
  readonly labels: Uint8Array;
  readonly recipients: RecipientRows;
}

/** @param recipients every row a recipient of its own unless given. */
export function labelledRows(table: Table, labels: Uint8Array, recipients?: RecipientRows): LabelledRows {
  return { table, labels, recipients: recipients ?? oneRowEach(table.rows) };
}

/** Some of the rows, in the order given. */
export function takeLabelled({ table, labels, recipients }: LabelledRows, rows: Int32Array): LabelledRows {
  return {
    table: takeRows(table, rows),
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
    recipients: recipientsAmong(recipients, rows),
  };
}
