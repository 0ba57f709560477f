import { buildFunnel, type Funnel } from './funnel.js';
import type { ReportInput } from './report-input.js';

/** The funnel of a report, where stations were counted. */
export function funnelOf(input: ReportInput, recipients: readonly bigint[]): Funnel | undefined {
  const { stations } = input;
  if (!stations) return undefined;
  const weights = input.arms.map((arm) => arm.weight);
  const known = weights.every((weight) => weight !== undefined);
  return buildFunnel(
    input.arms,
    [{ station: 'assigned', recipients }, ...stations],
    known ? weights : undefined,
  );
}
