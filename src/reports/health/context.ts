import type { Finding } from '../report.js';
import type { ReportInput } from '../report-input.js';
import type { CellTable } from '../cell-table.js';

/** Everything a check may look at, loaded once. */
export interface HealthContext {
  readonly input: ReportInput;
  readonly table: CellTable;
  /** Recipients per arm, in the order of the arms. */
  readonly recipients: readonly bigint[];
}

/** A health check: what it finds, or undefined where it has nothing to look at. */
export interface HealthCheck {
  readonly id: string;
  /** What it watches for, for the definitions on the page. */
  readonly definition: string;
  find(context: HealthContext): Finding | undefined;
}
