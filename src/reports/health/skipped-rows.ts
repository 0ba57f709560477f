import { countText, shareText } from '../format.js';
import type { HealthCheck } from './context.js';

/** Rows of a campaign file that could not be read and are in no figure. */
export const skippedRows: HealthCheck = {
  id: 'skipped_rows',
  definition: 'Skipped rows: lines of the file that could not be read. They are in no figure of this report.',
  find({ input: { source } }) {
    if (source.kind !== 'file' || source.skippedRows === 0) return undefined;
    const share = source.skippedRows / (source.rows + source.skippedRows);
    return {
      check: 'skipped_rows',
      severity: share > 0.01 ? 'warning' : 'notice',
      title: 'Rows were skipped',
      text: `${countText(source.skippedRows)} of ${countText(source.rows + source.skippedRows)} rows (${shareText(share)}) could not be read and are left out. If one arm lost more of them than another, the comparison suffers.`,
      evidence: { skipped: source.skippedRows, read: source.rows },
    };
  },
};
