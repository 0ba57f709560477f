import { isRefusal } from '../../statistics/result.js';
import { srm } from '../../statistics/srm/srm.js';
import { countText, listText, pText, shareText } from '../format.js';
import type { Finding } from '../report.js';
import type { HealthCheck, HealthContext } from './context.js';

const alpha = 0.001;
const id = 'sample_ratio';
const title = 'Split as planned';

/** Sample ratio mismatch: did every arm get the share of recipients that the weights promise? */
export const sampleRatio: HealthCheck = {
  id,
  definition:
    'Split as planned: a chi-square test of the recipients per arm against the planned weights. Below p = 0.001 ' +
    'something sorted recipients by more than chance, the arms are no longer alike, and no verdict is given.',
  find({ input, recipients }: HealthContext): Finding | undefined {
    const weights = input.arms.map((arm) => arm.weight);
    if (weights.some((weight) => weight === undefined)) return notDeclared();
    return judge(
      { input, recipients },
      weights.map((weight) => weight ?? 0),
    );
  },
};

function notDeclared(): Finding {
  return {
    check: id,
    severity: 'notice',
    title: 'Split not checked',
    text: 'The planned weights of the arms are not known, so nobody can tell whether the split went as planned.',
    evidence: {},
  };
}

function judge(
  { input, recipients }: Pick<HealthContext, 'input' | 'recipients'>,
  weights: readonly number[],
): Finding {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const all = Number(recipients.reduce((sum, n) => sum + n, 0n));
  const arms = input.arms.map((arm, i) => ({
    arm: arm.key,
    recipients: Number(recipients[i]),
    planned: total > 0 ? (weights[i] ?? 0) / total : 0,
  }));
  const result = srm(recipients, weights);
  if (isRefusal(result)) {
    const broken = result.code === 'zero_weight';
    return {
      check: id,
      severity: broken ? 'critical' : 'notice',
      title: broken ? 'Recipients in an arm that was to get none' : 'Split not checked',
      text: result.reason,
      evidence: { arms, code: result.code },
      ...(broken ? { blocksVerdict: true } : {}),
    };
  }
  const evidence = { arms, p: result.p, statistic: result.statistic, residuals: result.residuals, alpha };
  const text = listText(
    arms.map((a) => `${a.arm} ${shareText(a.recipients / all)} (planned ${shareText(a.planned)})`),
  );
  if (result.p >= alpha) {
    const said = `${countText(all)} recipients: ${text}; ${pText(result.p)}.`;
    return { check: id, severity: 'ok', title, text: said, evidence };
  }
  return {
    check: id,
    severity: 'critical',
    title: 'Split not as planned (sample ratio mismatch)',
    text: `The recipients did not fall into the arms as planned: ${text}; ${pText(result.p)}. The arms are no longer alike, so no difference between them can be trusted.`,
    evidence,
    blocksVerdict: true,
  };
}
