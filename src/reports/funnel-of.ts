import { addressed, buildFunnel, type Funnel } from './funnel.js';
import type { ReportInput } from './report-input.js';

/** The funnel of a report, where stations were counted. */
export function funnelOf(input: ReportInput, recipients: readonly bigint[]): Funnel | undefined {
  const { stations } = input;
  if (!stations) return undefined;
  const weights = input.arms.map((arm) => arm.weight);
  const known = weights.every((weight) => weight !== undefined);
  const withheld = input.arms.map(
    ({ key }) => input.withheld?.find(({ arm }) => arm === key)?.recipients ?? 0,
  );
  return buildFunnel(
    input.arms,
    [{ station: 'assigned', recipients }, ...addressed(recipients, withheld), ...stations],
    known ? weights : undefined,
  );
}
