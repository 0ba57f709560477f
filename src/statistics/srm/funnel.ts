import type { Count } from '../count.js';
import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { pearson } from '../proportions/pearson.js';
import { rateTest } from '../proportions/rate-test.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { adjustJudged, type HolmAdjusted } from './adjust-judged.js';

/** One stage of the funnel, such as "delivered". */
export interface FunnelStage {
  readonly name: string;
  /** Recipients of each arm who got this far, in the same order everywhere. */
  readonly recipients: readonly bigint[];
}

export interface FunnelEdge {
  readonly from: string;
  readonly to: string;
  /** Share of each arm kept; missing for an arm in which nobody came so far. */
  readonly kept: readonly (number | undefined)[];
  /** Do the arms keep the same share? Refused where all, or none, are kept. */
  readonly test: OrRefusal<TestResult & HolmAdjusted>;
}

/**
 * Does an arm lose more recipients than another between two stages (assigned, sent, delivered, exposed)? Pearson's test
 * of the kept shares on each edge (two arms with few expected: guarded by Fisher's mid-p), with Holm's adjustment over
 * the edges. A difference before the message could have an effect (assigned to sent) is a fault, like a sample ratio
 * mismatch. One in delivery or exposure may be an effect of the treatment itself; then rates per delivered or exposed
 * message compare different people, and only rates per assigned recipient hold. Refuses `invalid_input` (fewer than
 * two stages or arms, counts that grow along the funnel) and `empty_arm` (nobody in an arm at the first stage).
 * Fabijan et al. (KDD 2019).
 */
export function funnelEdges(
  stages: readonly FunnelStage[],
): OrRefusal<{ readonly edges: readonly FunnelEdge[] }> {
  const [first] = stages;
  if (!first || stages.length < 2 || first.recipients.length < 2)
    return refuse('invalid_input', 'A funnel needs at least two stages and two arms.');
  const shrinks = stages.every(({ recipients }, k) => {
    const before = stages[k - 1]?.recipients ?? recipients;
    return (
      recipients.length === first.recipients.length &&
      recipients.every((count, arm) => count >= 0n && count <= (before[arm] ?? 0n))
    );
  });
  if (!shrinks)
    return refuse(
      'invalid_input',
      'Every stage needs a count for each arm, not above that of the stage before.',
    );
  if (first.recipients.includes(0n)) return refuse('empty_arm', 'An arm has no recipients.');
  const counts = stages
    .slice(1)
    .map(({ recipients }, k) =>
      recipients.map((successes, arm) => ({ successes, n: stages[k]?.recipients[arm] ?? 0n })),
    );
  const tests = adjustJudged(counts.map(keptTest));
  const edges = tests.map((test, k) => ({
    from: stages[k]?.name ?? '',
    to: stages[k + 1]?.name ?? '',
    kept: (counts[k] ?? []).map(({ successes, n }) => (n === 0n ? undefined : ratio(successes, n))),
    test,
  }));
  return { edges };
}

function keptTest(arms: readonly Count[]): OrRefusal<TestResult> {
  const [control, treatment] = arms;
  return arms.length === 2 && control && treatment ? rateTest(control, treatment) : pearson(arms);
}

export const funnelEdgesMethod = {
  id: 'srm.funnel',
  title: 'Losses between the stages of sending',
  needs: ['n'],
  parameters: [],
  reference: 'Fabijan et al. (2019)',
  compute: funnelEdges,
} as const satisfies Method;
