import type { Count } from '../../../src/statistics/count.js';

const count = (successes: bigint, n: bigint): Count => ({ successes, n });

const clicks = [count(100n, 1000n), count(130n, 1000n)] as const;
const unsubscribes = [count(1n, 60n), count(6n, 50n)] as const;
const arms = [count(120n, 1000n), count(131n, 990n), count(98n, 1010n)];

/** Arguments of every method of rates. */
export const proportionsSpecimens: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'proportion.pearson': [[clicks], [arms]],
  'proportion.g_test': [[clicks], [arms]],
  'proportion.yates': [clicks, unsubscribes],
  'proportion.pooled_z': [clicks, [...unsubscribes, 'greater']],
  'proportion.unpooled_z': [clicks, [...unsubscribes, 'less']],
  'proportion.fisher': [clicks, [...unsubscribes, 'greater']],
  'proportion.fisher_mid_p': [clicks, unsubscribes],
  'proportion.mid_p_guard': [clicks, unsubscribes],
  'proportion.barnard': [unsubscribes, [...unsubscribes, 'greater']],
  'proportion.boschloo': [unsubscribes, [...unsubscribes, 'less']],
  'proportion.score_difference': [
    [...clicks, 0.95],
    [...unsubscribes, 0.9, 'n-1'],
  ],
  'proportion.miettinen_nurminen': [[...clicks, 0.95]],
  'proportion.newcombe': [[...clicks, 0.95]],
  'proportion.agresti_caffo': [[...clicks, 0.95]],
  'proportion.wald_difference': [[...clicks, 0.95]],
  'proportion.corrected_wald_difference': [[...clicks, 0.95]],
  'proportion.score_ratio': [
    [...clicks, 0.95],
    [...unsubscribes, 0.9, 'n-1'],
  ],
  'proportion.katz': [
    [...clicks, 0.95],
    [...unsubscribes, 0.9],
  ],
  'proportion.fieller_uplift': [[...clicks, 0.95]],
  'proportion.delta_uplift': [[...clicks, 0.95]],
  'proportion.log_odds_ratio': [[...clicks, 0.95]],
  'proportion.non_inferior_difference': [
    [...clicks, 0.01, 'higher', 'none'],
    [...unsubscribes, 0.2, 'lower'],
  ],
  'proportion.non_inferior_uplift': [
    [...clicks, 0.05, 'higher', 'n-1'],
    [...unsubscribes, 9, 'lower'],
  ],
  'proportion.bulk_comparison': [
    [...clicks, 0.95],
    [...unsubscribes, 0.9],
  ],
  'proportion.wilson': [[clicks[0], 0.95]],
  'proportion.clopper_pearson': [[clicks[0], 0.95]],
  'proportion.jeffreys': [[clicks[0], 0.95]],
  'proportion.agresti_coull': [[clicks[0], 0.95]],
  'proportion.rogan_gladen': [[count(52_000n, 100_000n), { share: 0.34, n: 100_000n }, 0.95]],
  'proportion.machine_share': [[[count(340n, 1000n), count(352n, 1000n)]]],
};
