import type { CellTable } from '../cell-table.js';
import { countText, listText } from '../format.js';
import { isRate, unitOf } from '../metric-unit.js';
import type { ReportInput, ReportMetricInput } from '../report-input.js';
import type { HealthCheck } from './context.js';

/** Below this many recipients with an outcome, intervals are wide and approximate. */
const enough = { rate: 10, amount: 50 } as const;

interface Sparse {
  readonly metric: string;
  readonly arm: string;
  readonly events: number;
}

/** Arms with so few outcomes that their figures are rough. */
export const fewEvents: HealthCheck = {
  id: 'few_events',
  definition:
    'Few events: arms with fewer than 10 recipients who did (or did not do) what a rate counts, or fewer than ' +
    '50 with an amount. Their intervals are wide and only roughly right.',
  find({ input, table }) {
    const sparse = input.metrics.flatMap((metric) => sparseArms(metric, input, table));
    if (sparse.length === 0) return undefined;
    const metrics = [...new Set(sparse.map((one) => one.metric))];
    const texts = metrics.map((metric) => {
      const of = sparse.filter((one) => one.metric === metric);
      const shown = of.slice(0, 4).map((one) => `${one.arm} ${countText(one.events)}`);
      const more = of.length > 4 ? ` and ${of.length - 4} more arms` : '';
      return `${metric} (${listText(shown)}${more})`;
    });
    return {
      check: 'few_events',
      severity: 'notice',
      title: 'Few events',
      text: `Very few recipients tell the arms apart on ${listText(texts)}. Read these figures as rough.`,
      evidence: { arms: sparse },
    };
  },
};

/** Times are left out: a recipient without the event has the whole window as outcome, not 0. */
function sparseArms(metric: ReportMetricInput, input: ReportInput, table: CellTable): Sparse[] {
  if (metric.type === 'time_to_event') return [];
  const rate = isRate(metric) || unitOf(metric) === 'share';
  return input.arms.flatMap((arm) => {
    const { n, nonZero } = table.arm(metric.key, arm.key);
    if (n === 0n) return [];
    const rest = n - nonZero;
    const all = isRate(metric) && metric.denominator === undefined;
    const events = Number(all && rest < nonZero ? rest : nonZero);
    return events < enough[rate ? 'rate' : 'amount'] ? [{ metric: metric.key, arm: arm.key, events }] : [];
  });
}
