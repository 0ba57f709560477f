import type { Refusal } from '../statistics/result.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report-figures.js';

/** One trait: everything broken down by its values. Always exploratory. */
export interface CohortReport {
  readonly trait: string;
  /** Values with fewer recipients than this in any arm are not shown. */
  readonly minimum: number;
  readonly hidden: { readonly values: number; readonly recipients: number };
  /** Values left out because only the largest are shown. */
  readonly omitted: { readonly values: number; readonly recipients: number };
  readonly effects: readonly CohortEffect[];
}

/** One trait x metric x arm. */
export interface CohortEffect {
  readonly metric: string;
  readonly arm: string;
  readonly against: string;
  readonly values: readonly CohortValue[];
  /** Do the effects differ between the values? */
  readonly interaction: ReportTest | Refusal;
  /** Holm over all interaction tests of the report. */
  readonly adjusted?: AdjustedP;
  /** Values large enough that neither this test nor `shrunk` could use: too few with this metric, or no variation. */
  readonly leftOut?: number;
}

export interface CohortValue {
  readonly value: string;
  readonly n: { readonly control: number; readonly arm: number };
  /** Rate or mean in the two arms. */
  readonly control: ReportEstimate | Refusal;
  readonly treated: ReportEstimate | Refusal;
  readonly difference: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
  /** Drawn towards the common effect as far as the values' differences look like chance. */
  readonly shrunk?: ReportEstimate;
}
