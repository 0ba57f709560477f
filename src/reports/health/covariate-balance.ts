import { covariateBalance } from '../../statistics/adjustment/balance.js';
import { isRefusal } from '../../statistics/result.js';
import { crossOf, outcomeAndCovariate } from '../cross-of.js';
import { listText, pText } from '../format.js';
import type { ReportMetricInput } from '../report-input.js';
import type { HealthCheck, HealthContext } from './context.js';

const id = 'covariate_balance';
const alpha = 0.001;

interface Tested {
  readonly metric: string;
  readonly title: string;
  readonly p: number;
}

/** What was known before the assignment must be alike in all arms, or they were not drawn by chance. */
export const covariateBalanceCheck: HealthCheck = {
  id,
  definition:
    'Alike before the assignment: a test whether what is adjusted for is alike in all arms. Below p = 0.001 (corrected ' +
    'for the number of metrics) recipients were sorted by more than chance, and no verdict is given.',
  find(context) {
    const adjusted = context.input.metrics.filter((metric) => metric.covariate !== undefined);
    const tested = adjusted.flatMap((metric) => testOf(metric, context));
    if (tested.length === 0) return undefined;
    const unlike = tested.filter(({ p }) => p * tested.length < alpha);
    const evidence = { metrics: tested.map(({ metric, p }) => ({ metric, p })), alpha };
    if (unlike.length === 0) {
      const text = `What is adjusted for is alike in all arms: ${listText(tested.map(written))}.`;
      return { check: id, severity: 'ok', title: 'Alike before the assignment', text, evidence };
    }
    return {
      check: id,
      severity: 'critical',
      title: 'Not alike before the assignment',
      text: `The arms differed before anything was sent: ${listText(unlike.map(written))}. They were not drawn by chance alone, so no difference between them can be trusted.`,
      evidence,
      blocksVerdict: true,
    };
  },
};

function written({ title, p }: Tested): string {
  return `${title} ${pText(p)}`;
}

function testOf(metric: ReportMetricInput, { input, table }: HealthContext): Tested[] {
  const arms = input.arms.map((arm) => table.arm(metric.key, arm.key)).filter(({ n }) => n > 1n);
  const cross = arms.flatMap((sums) => {
    const known = crossOf(metric, sums);
    return isRefusal(known) ? [] : [outcomeAndCovariate(known)];
  });
  if (cross.length < arms.length) return [];
  const result = covariateBalance(cross, alpha);
  return isRefusal(result) ? [] : [{ metric: metric.key, title: metric.title, p: result.test.p }];
}
