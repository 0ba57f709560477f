import { fTest } from '../f-test.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { tooLarge, squaredDeviations, type OutcomeSums } from '../sums.js';
import { centredMeans } from './centred-means.js';
import { unfitForMeans } from './welch.js';

export interface AnovaResult extends TestResult {
  /** Share of the outcomes' sum of squares that lies between the arms, in [0, 1]. */
  readonly etaSquared: number;
}

/**
 * The classic one-way analysis of variance, shown beside Welch's for comparison: it assumes equal variances in all
 * arms. `df` holds both degrees of freedom. Refuses `invalid_input`, `empty_arm`, `too_few`, and `no_variation` when
 * the outcomes do not vary within any arm. Fisher (1925).
 */
export function anova(arms: readonly OutcomeSums[]): OrRefusal<AnovaResult> {
  if (arms.length < 2) return refuse('invalid_input', 'A comparison needs at least two arms.');
  const impossible = unfitForMeans(arms);
  if (impossible) return impossible;
  const within = arms.reduce((sum, arm) => sum + squaredDeviations(arm), 0);
  if (within === 0) return refuse('no_variation', 'The outcomes do not vary within any arm.');
  const { means } = centredMeans(arms);
  const sizes = arms.map((arm) => Number(arm.n));
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const grand = means.reduce((sum, m, i) => sum + m * ((sizes[i] ?? 0) / total), 0);
  const between = means.reduce((sum, m, i) => sum + (sizes[i] ?? 0) * (m - grand) ** 2, 0);
  const df = [arms.length - 1, total - arms.length] as const;
  const statistic = between / df[0] / (within / df[1]);
  if (!Number.isFinite(statistic)) {
    return tooLarge;
  }
  return { ...fTest('mean.anova', statistic, ...df), etaSquared: between / (between + within) };
}

export const anovaMethod = {
  id: 'mean.anova',
  title: 'Classic analysis of variance (for comparison)',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [],
  reference: 'Fisher (1925)',
  compute: anova,
} as const satisfies Method;
