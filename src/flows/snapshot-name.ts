import type { Report } from '../reports/report.js';
import { contentHash } from '../strategies/content-hash.js';

/** The id of a report: the same for reports that say the same, whenever they were made. */
export function snapshotName(report: Report): string {
  const { asOf: _asOf, snapshot: _snapshot, ...said } = report;
  return `r_${contentHash(said).slice('sha256:'.length, 'sha256:'.length + 20)}`;
}
