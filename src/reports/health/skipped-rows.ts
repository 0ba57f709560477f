import { pearson } from '../../statistics/pearson.js';
import { isRefusal } from '../../statistics/result.js';
import { countText, listText, pText, shareText } from '../format.js';
import type { Finding } from '../report.js';
import type { HealthCheck, HealthContext } from './context.js';

const id = 'skipped_rows';
const alpha = 0.001;

/** Rows of a campaign file that could not be read and are in no figure; worst when the arms lost unlike shares. */
export const skippedRows: HealthCheck = {
  id,
  definition:
    'Skipped rows: lines of the file that could not be read. They are in no figure of this report. When some arms ' +
    'lost a larger share than others (chi-square, p below 0.001), no verdict is given.',
  find(context) {
    const { source } = context.input;
    if (source.kind !== 'file' || source.skippedRows === 0) return undefined;
    const all = source.rows + source.skippedRows;
    const share = source.skippedRows / all;
    const said = `${countText(source.skippedRows)} of ${countText(all)} rows (${shareText(share)}) could not be read and are left out`;
    return (
      unevenLoss(context, said) ?? {
        check: id,
        severity: share > 0.01 ? 'warning' : 'notice',
        title: 'Rows were skipped',
        text: `${said}.`,
        evidence: { skipped: source.skippedRows, read: source.rows },
      }
    );
  },
};

function unevenLoss({ input, recipients }: HealthContext, said: string): Finding | undefined {
  const arms = input.arms.map((arm, i) => {
    const skipped = arm.skipped ?? 0;
    return { arm: arm.key, title: arm.title, skipped, rows: Number(recipients[i]) + skipped };
  });
  const test = pearson(arms.map((arm) => ({ successes: BigInt(arm.skipped), n: BigInt(arm.rows) })));
  if (isRefusal(test) || test.p >= alpha || test.warnings.length > 0) return undefined;
  const shares = listText(arms.map((arm) => `${arm.title} ${shareText(arm.skipped / arm.rows)}`));
  return {
    check: id,
    severity: 'critical',
    title: 'Arms lost unlike shares of their rows',
    text: `${said}, and not evenly: ${shares} (${pText(test.p)}). What is left of the arms is no longer alike.`,
    evidence: { arms: arms.map(({ arm, skipped, rows }) => ({ arm, skipped, rows })), p: test.p, alpha },
    blocksVerdict: true,
  };
}
