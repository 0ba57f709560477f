import { pearson } from '../../statistics/proportions/pearson.js';
import { isRefusal } from '../../statistics/result.js';
import { srm } from '../../statistics/srm/srm.js';
import { countText, counted, listText, pText, shareText } from '../format.js';
import type { ReportInput } from '../report-input.js';
import type { Finding } from '../report.js';
import type { HealthCheck, HealthContext } from './context.js';

const id = 'skipped_rows';
const alpha = 0.001;

/** Rows of a campaign file that could not be read and are in no figure; worst when the arms lost unlike shares. */
export const skippedRows: HealthCheck = {
  id,
  definition:
    'Skipped rows: lines of the file that could not be read. They are left out of every metric, also when only one ' +
    'column is bad. When some arms lost a larger share than others (chi-square, exact where few are expected; p ' +
    'below 0.001), no verdict is given.',
  find(context) {
    const { source } = context.input;
    if (source.kind !== 'file' || source.skippedRows === 0) return undefined;
    const all = source.rows + source.skippedRows;
    const share = source.skippedRows / all;
    const said = `${countText(source.skippedRows)} of ${countText(all)} rows (${shareText(share)}) could not be read and are left out of every metric${causes(context.input, source.skippedRows)}`;
    const evidence = {
      skipped: source.skippedRows,
      read: source.rows,
      columns: context.input.skippedBy ?? [],
    };
    return (
      unevenLoss(context, said, evidence) ?? {
        check: id,
        severity: share > 0.01 ? 'warning' : 'notice',
        title: 'Rows were skipped',
        text: `${said}.`,
        evidence,
      }
    );
  },
};

/** `: 30 because of column “visit” and 3 because of their form`. */
function causes({ skippedBy = [] }: ReportInput, skipped: number): string {
  if (skippedBy.length === 0) return '';
  const rest = skipped - skippedBy.reduce((sum, one) => sum + one.rows, 0);
  const each = skippedBy.map(({ column, rows }) => `${countText(rows)} because of column “${column}”`);
  const form = rest > 0 ? [`${countText(rest)} because of their form (columns, quotes, encoding)`] : [];
  return `: ${listText([...each, ...form])}`;
}

interface ArmLoss {
  readonly arm: string;
  readonly title: string;
  readonly skipped: number;
  readonly rows: number;
}

function unevenLoss(
  { input, recipients }: HealthContext,
  said: string,
  evidence: Finding['evidence'],
): Finding | undefined {
  const arms = input.arms.map((arm, i): ArmLoss => {
    const skipped = arm.skipped ?? 0;
    return { arm: arm.key, title: arm.title, skipped, rows: Number(recipients[i]) + skipped };
  });
  const p = lossP(arms);
  if (p === undefined || p >= alpha) return undefined;
  const shares = listText(arms.map(({ title, skipped, rows }) => lossText(title, skipped, rows)));
  return {
    check: id,
    severity: 'critical',
    title: 'Arms lost unlike shares of their rows',
    text: `${said}; the arms lost unlike shares, ${shares} (${pText(p)}), and are no longer alike.`,
    evidence: { ...evidence, arms: arms.map(({ arm, skipped, rows }) => ({ arm, skipped, rows })), p, alpha },
    blocksVerdict: true,
  };
}

function lossText(title: string, skipped: number, rows: number): string {
  return `${title} ${rows > 0 ? shareText(skipped / rows) : '–'} of ${counted(rows, 'row')}`;
}

/** Chi-square; where few bad rows are expected, the exact test of bad rows against the sizes of the arms. */
function lossP(arms: readonly ArmLoss[]): number | undefined {
  const there = arms.filter((arm) => arm.rows > 0);
  const test = pearson(there.map((arm) => ({ successes: BigInt(arm.skipped), n: BigInt(arm.rows) })));
  if (isRefusal(test)) return undefined;
  if (test.warnings.length === 0) return test.p;
  const exact = exactP(there);
  if (exact !== undefined) return exact;
  const each = there.map((arm) => exactP([arm, restOf(there, arm)]) ?? 1);
  return Math.min(1, there.length * Math.min(...each));
}

function exactP(arms: readonly Pick<ArmLoss, 'skipped' | 'rows'>[]): number | undefined {
  const test = srm(
    arms.map((arm) => BigInt(arm.skipped)),
    arms.map((arm) => arm.rows),
  );
  return isRefusal(test) ? undefined : test.p;
}

/** For very many tables: every arm against all others, corrected by Bonferroni. */
function restOf(arms: readonly ArmLoss[], one: ArmLoss): Pick<ArmLoss, 'skipped' | 'rows'> {
  const others = arms.filter((arm) => arm !== one);
  const sum = (of: 'skipped' | 'rows'): number => others.reduce((total, arm) => total + arm[of], 0);
  return { skipped: sum('skipped'), rows: sum('rows') };
}
