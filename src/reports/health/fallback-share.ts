import { listText, shareText } from '../format.js';
import type { DeliveredCount } from '../report-input.js';
import type { Severity } from '../report.js';
import type { HealthCheck } from './context.js';

/** Above these shares of an arm, what was measured is no longer quite what was meant. */
const limits = { warning: 0.05, critical: 0.2 } as const;

/** How often something else than the arm's own strategy was delivered. */
export const fallbackShare: HealthCheck = {
  id: 'fallback_share',
  definition:
    'Fallbacks: the share of an arm whose strategy could not decide, so that the fallback was delivered. ' +
    'Recipients stay in the arm they were assigned to; from 5% on the arm no longer quite shows what its ' +
    'strategy can do.',
  find({ input }) {
    const delivered = input.delivered;
    if (!delivered || delivered.length === 0) return undefined;
    const shares = input.arms.map((arm) => shareOf(arm.key, arm.title, delivered));
    const some = shares.filter((one) => one.fallback > 0);
    const worst = Math.max(0, ...some.map((one) => one.share));
    const evidence = { arms: shares };
    if (some.length === 0) {
      const text = 'Every recipient got what the arm’s own strategy decided.';
      return { check: 'fallback_share', severity: 'ok', title: 'No fallbacks', text, evidence };
    }
    const list = listText(
      some.map((one) => `${one.title} ${shareText(one.share)}${reasonText(one.reasons)}`),
    );
    return {
      check: 'fallback_share',
      severity: severityOf(worst),
      title: 'Fallbacks were delivered',
      text: `The fallback was delivered instead of the arm’s own strategy in ${list}. All recipients are counted in the arm they were assigned to.`,
      evidence,
    };
  },
};

function severityOf(share: number): Severity {
  if (share >= limits.critical) return 'critical';
  return share >= limits.warning ? 'warning' : 'notice';
}

function shareOf(arm: string, title: string, delivered: readonly DeliveredCount[]) {
  const rows = delivered.filter((row) => row.arm === arm);
  const fallbacks = rows.filter((row) => row.delivered === 'fallback');
  const sum = (of: readonly DeliveredCount[]): number => of.reduce((total, row) => total + row.recipients, 0);
  const reasons = [
    ...new Set(fallbacks.flatMap((row) => (row.reason === undefined ? [] : [row.reason]))),
  ].sort();
  const all = sum(rows);
  return { arm, title, fallback: sum(fallbacks), share: all > 0 ? sum(fallbacks) / all : 0, reasons };
}

function reasonText(reasons: readonly string[]): string {
  if (reasons.length === 0) return '';
  return ` (${reasons.slice(0, 3).join('; ')}${reasons.length > 3 ? '; …' : ''})`;
}
